"""Pairs: from a manifest's `grants` to (role, division) references, with shares and their end dates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from reconciler.model.access import EVERYWHERE, OWN, ROLE_FIELD, DeclaredGrant, Share
from reconciler.model.address import ORG, Address
from reconciler.model.finding import Finding, Severity
from reconciler.model.kind import Registry
from reconciler.model.origin import Origin
from reconciler.model.rule import Rule
from reconciler.model.value import Ref, Value
from reconciler.planning.references import Declared, look_up, mistake

FOREIGN_ROLE = Rule(
    "manifest/foreign-role",
    "Whoever may change another tenant's role could change what this tenant's clients may do.",
    "Declare the role for yourself, or in a Shared document.",
)
EVERYWHERE_RULE = Rule(
    "manifest/everywhere",
    "`*` is every tenant's division, present and future; a tenant must not grant itself that.",
    "Write `own`, or list the tenant's divisions.",
)
NO_OWN_DIVISIONS = Rule(
    "manifest/no-own-divisions",
    "`own` without divisions grants nothing; were it to mean Home, it would grant what nobody has moved yet.",
    "Declare a division, or remove the grant.",
)
MISSING_SHARE = Rule(
    "manifest/missing-share",
    "Access that leaves its owner's divisions needs somebody who answers for it, a reason and an end.",
    "Add `share: {reason, owner, expires}`, or keep to the owner's divisions.",
)
NEEDLESS_SHARE = Rule(
    "manifest/needless-share",
    "A share without need is an exception that is ready for whoever adds a foreign division later.",
    "Remove `share`.",
)
SHARE_ENDS = Rule(
    "manifest/share-ends",
    "After its last day a share counts as not declared, and the next apply revokes what it allowed.",
    "Renew it with a reason, or let it end.",
)

WARNING_DAYS = 30
"""A share is announced this many days before it ends."""


class Context(NamedTuple):
    """Whose grant it is, what may be referred to, and `own`: the walls that the owner declares."""

    owner: str
    declared: Declared
    registry: Registry
    today: date
    own: tuple[Ref, ...]

    @classmethod
    def of(cls, owner: str, declared: Declared, registry: Registry, today: date) -> Context:
        """The context of one owner, for all its grants."""
        wall = registry.pair[1]
        own = tuple(Ref(Address(owner, wall, key)) for key in declared.keys.get((owner, wall), ()))
        return cls(owner, declared, registry, today, own)


class Pairs(NamedTuple):
    """What the grants of one entry come to. `shared` are the pairs that a valid share allows."""

    pairs: frozenset[tuple[Value, Value]]
    shared: Mapping[tuple[Value, Value], Share]
    expired: tuple[str, ...]
    findings: tuple[Finding, ...]


NOTHING = Pairs(frozenset(), {}, (), ())
"""For an entry without grants."""


def resolve_pairs(grants: tuple[DeclaredGrant, ...], context: Context, entry: Origin) -> Pairs:
    """All pairs of one entry; mistakes are collected, never raised."""
    if not grants:
        return NOTHING
    pairs: set[tuple[Value, Value]] = set()
    shared: dict[tuple[Value, Value], Share] = {}
    expired: list[str] = []
    findings: list[Finding] = []
    for grant in grants:
        place = entry.child(*grant.steps)
        found = [*_check_share(grant, context, place)]
        role, divisions = _role(grant, context, place), list(_divisions(grant, context, place))
        found += [item for item in (role, *divisions) if isinstance(item, Finding)]
        findings += found
        if any(finding.severity is Severity.ERROR for finding in found):
            continue
        if grant.share and grant.share.expires < context.today.isoformat():
            expired.append(f"share expired {grant.share.expires}")
            continue
        granted = [(role, division) for division in divisions]
        pairs.update(granted)
        shared |= dict.fromkeys(granted, grant.share) if grant.share else {}
    return Pairs(frozenset(pairs), shared, tuple(expired), tuple(findings))


def _role(grant: DeclaredGrant, context: Context, place: Origin) -> Ref | Finding:
    kind = context.registry[context.registry.pair[0]]
    found = look_up(grant.role, kind, context.owner, context.declared, place.child(ROLE_FIELD))
    if isinstance(found, Finding):
        return found
    if context.owner != ORG and found.owner not in (context.owner, ORG):
        message = f"`{found.owner}/{found.key}` is another tenant's {kind.name}"
        remedy = f"declare an own {kind.name}, or move it to the Shared document"
        return mistake(FOREIGN_ROLE, message, remedy, place.child(ROLE_FIELD))
    return Ref(found)


def _divisions(grant: DeclaredGrant, context: Context, place: Origin) -> Iterator[Value]:
    kind = context.registry[context.registry.pair[1]]
    place = place.child("divisions")
    if grant.divisions == EVERYWHERE:
        yield _everywhere(grant, context, place)
    elif grant.divisions == OWN:
        yield from _own(context, place)
    else:
        for index, text in enumerate(grant.divisions):
            found = look_up(text, kind, context.owner, context.declared, place.child(index))
            yield found if isinstance(found, Finding) else Ref(found)


def _everywhere(grant: DeclaredGrant, context: Context, place: Origin) -> Value:
    if context.owner == ORG:
        return EVERYWHERE
    message = "`*` is every division, every other tenant's too"
    return mistake(EVERYWHERE_RULE, message, "write `own`, or list the tenant's divisions", place)


def _own(context: Context, place: Origin) -> Iterator[Value]:
    if not context.own:
        name = context.registry.pair[1]
        message = f"`own` means nothing: {context.owner} declares no {name}"
        yield mistake(
            NO_OWN_DIVISIONS, message, f"declare one under `{context.registry[name].section}`", place
        )
    yield from context.own


def _check_share(grant: DeclaredGrant, context: Context, place: Origin) -> Iterator[Finding]:
    leaves = _leaves(grant, context.owner)
    if leaves and grant.share is None:
        message = f"`{leaves}` is not one of {context.owner}'s own divisions, and the grant has no `share`"
        remedy = "add `share: {reason: …, owner: …, expires: YYYY-MM-DD}`, or grant own divisions only"
        yield mistake(MISSING_SHARE, message, remedy, place.child("divisions"))
    elif grant.share and not leaves:
        message = "a `share` on a grant that stays in its owner's divisions"
        yield mistake(NEEDLESS_SHARE, message, "remove `share`", place.child("share"))
    elif grant.share:
        yield from ending(grant.share.expires, context.today, place.child("share", "expires"))


def _leaves(grant: DeclaredGrant, owner: str) -> str:
    """The first division that is neither the owner's nor the organisation's shared one; "" for none."""
    if isinstance(grant.divisions, str):
        return EVERYWHERE if grant.divisions == EVERYWHERE and owner == ORG else ""
    foreign = (text for text in grant.divisions if "/" in text and text.split("/")[0] not in (owner, ORG))
    return next(foreign, "")


def ending(expires: str, today: date, place: Origin) -> Iterator[Finding]:
    """A warning in the last days of a share."""
    last = date.fromisoformat(expires)
    if today <= last <= today + timedelta(days=WARNING_DAYS):
        message = f"this share ends after {expires}, in {(last - today).days} days"
        remedy = "extend it, or let the next apply after that day revoke it"
        yield Finding(SHARE_ENDS, Severity.WARNING, message, remedy, location=place)
