"""What a change of the manifests would mean, by the manifests alone: no organisation is asked.

Of an organisation that holds what the manifests say and nothing else, before and after. What guards would
withhold, and whatever somebody did by hand, only a plan can tell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from reconciler.isolation.boundaries import Boundaries
from reconciler.isolation.matrix import AccessState, delta
from reconciler.model.access import Access, Delta, Fact
from reconciler.model.address import Address
from reconciler.model.consent import Consent, Ground, by_gravity
from reconciler.model.finding import Finding
from reconciler.model.frame import Frame, Revision
from reconciler.model.kind import Registry
from reconciler.model.proposal import Proposal
from reconciler.model.state import Resource
from reconciler.model.value import Json
from reconciler.planning.alone import boundaries_alone
from reconciler.planning.consent import asked_for, reaching, sort_of
from reconciler.planning.frame import expiries
from reconciler.planning.offline import NOBODY, Evidence, facts_of
from reconciler.planning.policy import policy_grounds
from reconciler.planning.replaced import elsewhere, moves, renamed
from reconciler.planning.resolve import DesiredState, manifest_digest

_ALONE = "the organisation: what somebody did by hand, and what guards withhold, only a plan tells"


@dataclass(frozen=True, slots=True)
class Side:
    """One state of the manifests, its policy as it is written, and the leaks that it shows by itself."""

    desired: DesiredState
    policy: Mapping[str, Json]
    leaks: tuple[Finding, ...] = ()


def proposed(
    base: Side | None,
    head: Side,
    registry: Registry,
    evidence: Evidence,
    today: date,
    tool: str,
    against: str,
    revision: Revision | None = None,
) -> Proposal:
    """The difference that `head` makes; without a `base` everything is new."""
    after = head.desired
    before = renamed(base.desired, after) if base else {}
    states = _states(base, after, registry)
    access = delta(*states, dict.fromkeys(evidence.confined | evidence.undecided, True))
    bounds = boundaries_alone(after, registry, today)
    grounds = {
        *reaching(access, lambda: bounds, {}),
        *_unknown(*states, bounds),
        *_undecided(access, bounds, evidence),
        *(policy_grounds(base.policy, head.policy) if base else ()),
        *_about_entries(before, after),
    }
    return Proposal(
        tool=tool,
        org_name=after.org.name,
        organization_id=after.org.organization_id,
        against=against,
        base=manifest_digest(base.desired) if base else "",
        head=manifest_digest(after),
        **_entries(before, after),
        access=Delta(*(tuple(sorted(map(_bare, side))) for side in (access.gains, access.losses))),
        grounds=by_gravity(each._replace(address=each.address.strip("{}")) for each in grounds),
        leaks=head.leaks,
        profiles={str(address): item.profile for address, item in after.resources.items() if item.profile},
        frame=Frame(revision, unseen=(_ALONE,), expiries=expiries(after, today)),
    )


def _entries(before: Mapping[Address, Resource], after: DesiredState) -> dict[str, tuple[Address, ...]]:
    """What is declared anew, otherwise, and no more."""
    now = after.resources
    return {
        "added": tuple(sorted(now.keys() - before.keys())),
        "changed": tuple(sorted(each for each in now.keys() & before if _differs(before[each], now[each]))),
        "removed": tuple(sorted(before.keys() - now.keys())),
    }


def _about_entries(before: Mapping[Address, Resource], after: DesiredState) -> Iterator[Ground]:
    """Whose secret is to be kept elsewhere, and what may be deleted because nothing declares it."""
    yield from (ground for _, ground in elsewhere(before, after))
    for address in before.keys() - after.resources.keys():
        if after.org.prune:
            yield Ground("destructive", str(address), "is declared no more", (address.owner,))


def _bare(item: Access) -> Access:
    """Addresses without the braces of references."""
    return Access(*(each.strip("{}") for each in item))


def _states(base: Side | None, after: DesiredState, registry: Registry) -> tuple[AccessState, AccessState]:
    """Before and after, by references in braces, as facts carry them."""
    if base is None:
        return NOBODY, AccessState.of(facts_of(after, registry))
    names = {f"{{{old}}}": f"{{{new}}}" for old, new in moves(base.desired, after).items()}
    before = AccessState.of(_called(fact, names) for fact in facts_of(base.desired, registry))
    return before, AccessState.of(facts_of(after, registry))


def _unknown(before: AccessState, after: AccessState, bounds: Boundaries) -> Iterator[Ground]:
    """Whoever takes a role that the manifests only refer to: nobody here knows what it allows."""
    for subject, pairs in after.holds.items():
        for role, division in sorted(pairs - before.holds.get(subject, frozenset())):
            if role not in after.allows:
                consent, _, whose = sort_of(Access(subject, "", division, role), bounds)
                where = f" in {whose}" if whose else ""
                words = (
                    f"takes {role.strip('{}')}{where}, of which only the organisation knows what it allows"
                )
                yield Ground(consent, subject, words, asked_for(consent, subject, whose, bounds))


def _undecided(access: Delta, bounds: Boundaries, evidence: Evidence) -> Iterator[Ground]:
    """Gains that are taken to end at a division, of which the public evidence is not sure."""
    found: dict[tuple[Consent, str, str], set[str]] = defaultdict(set)
    for item in access.gains:
        if item.permission in evidence.undecided:
            found[sort_of(item, bounds)].add(item.permission)
    for (consent, subject, whose), names in found.items():
        told = f"{min(names)} and {len(names) - 1:,} more" if len(names) > 1 else min(names)
        message = f"may reach further by {told}: only the organisation knows"
        yield Ground(consent, subject, message, asked_for(consent, subject, whose, bounds))


def _called(fact: Fact, names: Mapping[str, str]) -> Fact:
    """The same fact about what things are called now."""
    moved: dict[str, Any] = {name: names[each] for name, each in fact._asdict().items() if each in names}
    return fact._replace(**moved)


def _differs(before: Resource, after: Resource) -> bool:
    """Whether somebody who looks at the organisation would see it, or a secret goes elsewhere."""
    seen = ("name", "fields", "destination", "existing", "pin")
    return any(getattr(before, name) != getattr(after, name) for name in seen)
