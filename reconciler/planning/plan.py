"""The plan: desired and live state in, changes, operations and the digest people approve out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from reconciler.model.finding import Finding
from reconciler.model.kind import Registry
from reconciler.model.manifest import Manifests
from reconciler.model.plan import Change, Estimate, Operation, Plan, Summary, is_loan
from reconciler.model.state import Live, LiveState
from reconciler.planning.acknowledging import acknowledgements, told
from reconciler.planning.approve import not_reviewed
from reconciler.planning.binding import Scope
from reconciler.planning.closing import closing, living
from reconciler.planning.consent import grounds
from reconciler.planning.contested import stand_back
from reconciler.planning.digest import digest_of
from reconciler.planning.draft import Draft
from reconciler.planning.drafting import drafts
from reconciler.planning.frame import frame
from reconciler.planning.granted import hold_untold, tell_of_grants
from reconciler.planning.growth import hold_growth
from reconciler.planning.guard import Situation, held_back
from reconciler.planning.guard_access import access_change, boundaries, judge_access
from reconciler.planning.guard_limits import within_limits
from reconciler.planning.handing import (
    Purse,
    borrowing,
    hold_what_cannot_be_handed_on,
    loan,
    purse,
)
from reconciler.planning.hygiene import new_faults
from reconciler.planning.inhabited import hold_inhabited
from reconciler.planning.labels import labelled, labels_of, named, names_of
from reconciler.planning.narrow import left_alone, narrowed
from reconciler.planning.options import PlanOptions
from reconciler.planning.order import order
from reconciler.planning.reach import tell_reach
from reconciler.planning.resolve import manifest_digest
from reconciler.planning.rotation.moves import born_by, recoveries
from reconciler.planning.rotation.plan import rotated
from reconciler.planning.scope import scope
from reconciler.planning.selected import require_selected
from reconciler.planning.subjects import bind_subjects
from reconciler.planning.succession import resolve_with, with_heirs
from reconciler.planning.suspend import suspension
from reconciler.planning.suspended import hold_suspended, lift, standing
from reconciler.planning.waiting import hold_dependents

REQUESTS_PER_SECOND = 300 / 60 * 0.99
"""The vendor's default rate for one client, at the share of it that pacing uses."""


def make(manifests: Manifests, live: LiveState, options: PlanOptions, registry: Registry) -> Plan:
    """The plan for expanded, valid manifests and a complete reading of the organisation.

    Raises:
        UsageError: a selector of `only` selects nothing, or there is no tenant to suspend.
    """
    situation, found, notes, mine, everything, final, noticed = decide(manifests, live, options, registry)
    desired, live = situation.desired, situation.live
    asked = loan(final, situation, mine)
    operations = order(final, registry, asked, one_by_one=options.rotate is not None)
    labels, names = labels_of(found, desired, live, registry), names_of(live, registry)
    reach = access_change(final, situation)
    told = [draft.change for draft in tell_reach(final, live, registry, labels)]
    own = borrowing(asked, names.get(asked.operator, ""))
    changes = _sorted([*told, own] if own else told, registry)
    plan = Plan(
        tool=options.tool,
        org_name=desired.org.name,
        organization_id=live.organization_id,
        created_at=options.created_at,
        manifest_digest=manifest_digest(desired),
        only=tuple(map(str, options.only)),
        allow=dict(options.allow),
        summary=_summary(changes, found, everything, situation),
        changes=changes,
        operations=operations,
        access=labelled(reach, labels),
        grounds=grounds(reach, changes, operations, lambda: boundaries(situation, found), labels),
        findings=(*notes, *named(noticed, labels), *closing(situation, found)),
        unmanaged=_unmanaged(found, registry),
        orphans=tuple(sorted(str(item.marker.address) for item in _objects(found, registry) if item.marker)),
        estimate=_estimate(operations),
        digest="",
        frame=frame(desired, live, options),
        names=names,
        living=living(situation, found),
    )
    return replace(plan, digest=digest_of(plan))


class Decided(NamedTuple):
    """What a plan is made of: every difference, and what is `final` once all guards have spoken."""

    situation: Situation
    found: Scope
    notes: tuple[Finding, ...]
    mine: Purse
    everything: list[Draft]
    final: list[Draft]
    noticed: tuple[Finding, ...]


def decide(manifests: Manifests, live: LiveState, options: PlanOptions, registry: Registry) -> Decided:
    """Everything that `make` decides, before it is told. Raises as `make` does."""
    desired, notes = resolve_with(manifests, live, registry, options.today)
    desired = with_heirs(desired, born_by(options.rotate))
    found = scope(desired, live, registry)
    desired, live = bind_subjects(desired, live, found, registry)
    situation = Situation(desired, live, options, registry, standing(desired, found))
    mine = purse(situation)
    return Decided(situation, found, notes, mine, *_drafted(situation, found, mine))


def _drafted(
    situation: Situation, found: Scope, mine: Purse
) -> tuple[list[Draft], list[Draft], tuple[Finding, ...]]:
    """Every difference, what is left of them after all guards, and what was noticed on the way."""
    options, registry = situation.options, situation.registry
    if options.suspend:
        asked = suspension(situation, found)
        final = hold_what_cannot_be_handed_on(asked.drafts, situation, mine)
        return asked.drafts, tell_of_grants(final, situation, found), asked.findings
    require_selected(options.only, situation.desired, found)
    if options.rotate is not None:
        return rotated(situation, found, mine)
    everything = list(drafts(situation.desired, found, registry))
    known = acknowledgements(everything, situation, found)
    due = [draft for draft in everything if draft.change.address not in known]
    wanted = narrowed(due, registry) if options.revoke_only else due
    if options.recover:
        wanted = recoveries(due, registry)
    final, leaks = _decided(wanted, situation, found, mine)
    faulty = new_faults(final, situation, found)
    return everything, final, (*leaks, *left_alone(due, wanted), *told(known, situation), *faulty)


def _decided(
    everything: list[Draft], situation: Situation, found: Scope, mine: Purse
) -> tuple[list[Draft], tuple[Finding, ...]]:
    """The drafts after everything that may hold them back, and the leaks that were found on the way."""
    desired, registry, ids = situation.desired, situation.registry, found.ids()
    agreed = stand_back(everything, situation)
    guarded = hold_dependents(held_back(agreed, situation), desired, found, registry)
    judged = judge_access(guarded, situation, found)
    # Held back before the review, so that what is left of them is what was reviewed.
    free = judged.drafts if "gains" in situation.options.allow else hold_suspended(judged.drafts, situation)
    held = hold_what_cannot_be_handed_on(free, situation, mine)
    reviewed = not_reviewed(held, situation.options.reviewed, ids)
    limited = within_limits(hold_dependents(reviewed, desired, found, registry), situation)
    # A role whose taking over was held back since is none of ours to lend.
    lent = hold_what_cannot_be_handed_on(limited, situation, mine)
    # A loss that was held back since may be what kept a growing role from reaching too far.
    judged_again, late = judge_access(lent, situation, found)
    final = hold_growth(judged_again, situation, found)
    told = tell_of_grants(lift(final, situation, found), situation, found)
    due = not_reviewed(told, situation.options.reviewed, ids)
    return hold_inhabited(_told_first(due, situation, found), situation), judged.findings + late


def _told_first(drafts: list[Draft], situation: Situation, found: Scope) -> list[Draft]:
    """Without gains that no marker tells of; what is lost in the same change may then be held back too."""
    held = hold_untold(drafts, situation, found)
    if held == drafts:
        return drafts
    reviewed, ids = situation.options.reviewed, found.ids()
    grown = hold_growth(not_reviewed(held, reviewed, ids), situation, found)
    return _told_first(not_reviewed(grown, reviewed, ids), situation, found)


def _sorted(changes: Iterable[Change], registry: Registry) -> tuple[Change, ...]:
    """By owner, then kinds in order of creation, then key: how a person would write them down."""
    rank = {name: index for index, name in enumerate(registry.names)}

    def place(item: Change) -> tuple[str, int, str]:
        address = item.address
        return address.owner, rank.get(address.kind, len(rank)), address.key

    return tuple(sorted(changes, key=place))


def _summary(
    changes: tuple[Change, ...], found: Scope, everything: Iterable[Draft], situation: Situation
) -> Summary:
    counts = Counter(
        change.action
        for change in changes
        if change.withheld is None and not is_loan(change.address, change.action)
    )
    withheld = sum(change.withheld is not None for change in changes)
    changed = {draft.change.address for draft in everything}
    unchanged = sum(address not in changed for address in found.bound)
    return Summary(
        create=counts["create"],
        update=counts["update"],
        delete=counts["delete"],
        adopt=counts["adopt"],
        revoke=counts["revoke"],
        withheld=withheld,
        orphans=sum(1 for _ in _objects(found, situation.registry)),
        unchanged=unchanged,
    )


def _objects(found: Scope, registry: Registry) -> Iterator[Live]:
    """The orphans that are objects of ours; what a group or a user holds is none, and goes at once."""
    return (item for item in found.orphans if registry[item.kind].collection.subjects is None)


def _unmanaged(found: Scope, registry: Registry) -> Mapping[str, tuple[str, ...]]:
    return {
        kind.section: tuple(sorted(item.name for item in found.unmanaged if item.kind == kind.name))
        for kind in registry
        if kind.collection.subjects is None
    }


def _estimate(operations: tuple[Operation, ...]) -> Estimate:
    """Writes and proofs, one read-back per object, a token per borrowing, and the waits."""
    waiting = [operation.body for operation in operations if operation.does == "wait"]
    requests = sum(operation.does in ("request", "prove") for operation in operations)
    requests += len({operation.address for operation in operations if operation.does == "request"})
    requests += sum("token" in body for body in waiting)
    waits = sum(body["seconds"] for body in waiting)
    return Estimate(requests, round(requests / REQUESTS_PER_SECOND + waits))
