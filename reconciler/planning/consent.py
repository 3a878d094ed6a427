"""The grounds of an approval: what a plan does to access, secrets and objects.

One ground for each consent and subject, and for each tenant that somebody newly reaches from outside.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

from reconciler.isolation.boundaries import Boundaries
from reconciler.model.access import EVERYWHERE, ORG_WIDE, Access, Delta, OrgWideException, Share
from reconciler.model.address import ORG
from reconciler.model.consent import Consent, Ground, by_gravity, owner_of
from reconciler.model.plan import Change, Operation
from reconciler.model.words import counted

_ANYWHERE = frozenset({EVERYWHERE, ORG_WIDE})
_STATE, _ACTIVE = "state", "active"


def grounds(
    access: Delta,
    changes: Iterable[Change],
    operations: Iterable[Operation],
    bounds: Callable[[], Boundaries],
    labels: Mapping[str, str],
) -> tuple[Ground, ...]:
    """Every ground, the gravest first. `access` is by the identities of facts, `labels` name those.

    `bounds` is asked for only where somebody gains something: it looks at every object there is.
    """
    running = [change for change in changes if change.withheld is None]
    return by_gravity(
        {
            *reaching(access, bounds, labels),
            *_ended(running),
            *_delivered(running, operations),
        }
    )


def reaching(access: Delta, bounds: Callable[[], Boundaries], labels: Mapping[str, str]) -> Iterator[Ground]:
    """What subjects lose and gain; `labels` name the identities of facts."""
    yield from _lost(access, labels)
    yield from _gained(access, bounds, labels)


def _lost(access: Delta, labels: Mapping[str, str]) -> Iterator[Ground]:
    for subject, number in Counter(item.subject for item in access.losses).items():
        who = labels.get(subject, subject)
        yield Ground("decrease", who, f"loses {counted(number, 'right')}", (owner_of(who),))


def _gained(access: Delta, bounds: Callable[[], Boundaries], labels: Mapping[str, str]) -> Iterator[Ground]:
    """What each subject gains, told once for each sort."""
    if not access.gains:
        return
    known, sorts = bounds(), defaultdict[tuple[Consent, str, str], list[Access]](list)
    for item in access.gains:
        sorts[sort_of(item, known)].append(item)
    for (consent, subject, whose), items in sorts.items():
        where = {"org-wide": " in the whole organisation", "cross-tenant": f" in {whose}"}.get(consent, "")
        who, message = labels.get(subject, subject), f"gains {counted(len(items), 'right')}{where}"
        reached = asked_for(consent, subject, whose, known)
        yield Ground(consent, who, message, (*reached, *sorted(_answering(items, known))))


def asked_for(consent: Consent, subject: str, whose: str, bounds: Boundaries) -> tuple[str]:
    """Whoever is reached by a gain has to agree: a tenant, or the organisation for all of them."""
    return (ORG if consent == "org-wide" else whose or bounds.owner_of(subject) or ORG,)


def _answering(items: Iterable[Access], bounds: Boundaries) -> set[str]:
    """The owners of the shares and exceptions that let these through."""
    return {each.owner for item in items for each in _answers(item, bounds) if each}


def _answers(item: Access, bounds: Boundaries) -> Iterator[Share | OrgWideException | None]:
    """What no division confines follows from a share of every division too."""
    if item.division == ORG_WIDE:
        yield bounds.excepted.get(item.permission)
        yield bounds.share_of(item._replace(division=EVERYWHERE))
    else:
        yield bounds.share_of(item)


def sort_of(item: Access, bounds: Boundaries) -> tuple[Consent, str, str]:
    """What a gain is, who gains, and whose tenant is reached from outside."""
    if item.division in _ANYWHERE:
        return "org-wide", item.subject, ""
    tenant = bounds.owner_of(item.division)
    if tenant not in ("", ORG, bounds.owner_of(item.subject)):
        return "cross-tenant", item.subject, tenant
    return "increase", item.subject, ""


def _ended(changes: Iterable[Change]) -> Iterator[Ground]:
    """What is deleted, and what worked and is switched off."""
    for change in changes:
        if change.action == "delete":
            yield Ground("destructive", str(change.address), "is deleted", (change.address.owner,))
        elif any((field.path, field.live) == (_STATE, _ACTIVE) for field in change.fields):
            yield Ground("destructive", str(change.address), "is switched off", (change.address.owner,))


def _delivered(changes: Iterable[Change], operations: Iterable[Operation]) -> Iterator[Ground]:
    """Secrets of those that work already; who is born here has no other one that somebody could miss."""
    born = {change.address for change in changes if change.action == "create" and not change.address.part}
    for each in operations:
        if each.does == "deliver" and each.address not in born:
            place = f"{each.body['sink']} {each.body['path']}"
            message = f"another secret goes to {place}"
            yield Ground("sink", str(each.address), message, (each.address.owner,))
