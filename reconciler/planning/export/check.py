"""Check: an export plans its own result, now and as if it were applied; what is not clean stays out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import replace

from reconciler.model.address import OPERATOR, Address
from reconciler.model.finding import Finding, Severity
from reconciler.model.kind import Registry
from reconciler.model.marker import Marker
from reconciler.model.plan import Change
from reconciler.model.rule import Rule
from reconciler.model.state import Live, LiveState, Reading
from reconciler.model.value import fingerprint
from reconciler.planning.export.entries import UNSAID
from reconciler.planning.export.obstacles import Scene
from reconciler.planning.export.people import unlisted
from reconciler.planning.export.values import Obstacle, Proposal, shown
from reconciler.planning.index import ours
from reconciler.planning.options import PlanOptions
from reconciler.planning.plan import make
from reconciler.planning.subjects import pairs_of

INVALID = Rule(
    "export/invalid",
    "The manifests are read as `validate` reads them before they are handed over; what it objects to "
    "would stop every plan.",
    "Leave it unmanaged, or mend it in the organisation and try again.",
)
SURPLUS = Rule(
    "export/surplus",
    "Somebody holds, on a role that is ours already, what no manifest can say; a deep plan would revoke it.",
    "Grant it in a tenant's divisions instead, or let a deep plan revoke it.",
)
WITHHELD = Rule(
    "export/withheld",
    "A plan would hold this back, so that the manifests would not describe what is there.",
    "Do what the plan would ask for, then try again.",
)
NOT_CLEAN = Rule(
    "export/not-clean",
    "A plan would change this at once, so that an export which promises to change nothing must leave it out.",
    "Leave it unmanaged, or declare it by hand and review the change.",
)


def complaints(proposal: Proposal, scene: Scene) -> Mapping[str, Obstacle]:
    """What a plan of the proposal would do beside adopting, by the id of what it would do it to."""
    options = PlanOptions(scene.brief.today, "", "")
    addresses = _addresses(proposal)
    ids = {address: identity for identity, address in addresses.items()}
    first = make(proposal.manifests, scene.live, options, scene.registry)
    found = {_about(change, ids): _complaint(change) for change in first.changes if not _is_clean(change)}
    if found.keys() - kept_back(proposal, scene):
        return found
    adopted = as_adopted(proposal, scene)
    then = make(proposal.manifests, adopted, options, scene.registry)
    later = (change for change in then.changes if change.id in proposal.adopting or not _is_settled(change))
    return found | {_about(change, ids): _complaint(change) for change in later if not _is_own(change)}


def kept_back(proposal: Proposal, scene: Scene) -> Set[str]:
    """Ids that nothing could be done about by leaving more out.

    What is ours and cannot be said: a plan would strip it, and `protect` withholds that. And people,
    who hold something on a role of ours that cannot be said.
    """
    ids = {each.live.id for each in proposal.left if ours(each.live, scene.org) and not each.referred}
    return ids | {item.id for kind in unlisted(scene.registry) for item in scene.live.of(kind.name)}


def surplus(found: Mapping[str, Obstacle], scene: Scene) -> tuple[Finding, ...]:
    """What a deep plan would take from people, told: it is on roles that are ours already."""
    people = {item.id: item for kind in unlisted(scene.registry) for item in scene.live.of(kind.name)}
    return tuple(
        Finding(
            SURPLUS,
            Severity.WARNING,
            f"{shown(people[identity].name)} holds what is ours and no manifest can say: {why.reason}",
            "grant it in a tenant's divisions instead, or let a deep plan revoke it",
            identity,
        )
        for identity, why in sorted(found.items())
        if identity in people
    )


def _is_clean(change: Change) -> bool:
    return _is_settled(change) or (change.withheld is None and change.action == "adopt")


def _is_settled(change: Change) -> bool:
    """About our own client, or a marker that is written anew because the object was changed by hand."""
    refreshed = change.withheld is None and change.action == "update" and not change.fields
    return _is_own(change) or refreshed


def _is_own(change: Change) -> bool:
    """Whether it is about our own client: what it borrows, and returns of a run that did not end."""
    return change.address == OPERATOR


def _about(change: Change, ids: Mapping[Address, str]) -> str:
    return ids.get(change.address, change.id)


def _complaint(change: Change) -> Obstacle:
    if change.withheld:
        guard, reason, release = change.withheld
        return Obstacle(WITHHELD, f"a plan would withhold it ({guard}): {reason}", release)
    fields = ", ".join(f"`{field.path}`" for field in change.fields) or "its marker"
    reason = f"a plan would {change.action} it, changing {fields}: {change.reason}"
    return Obstacle(NOT_CLEAN, reason, UNSAID)


def _addresses(proposal: Proposal) -> dict[str, Address]:
    return {
        item.live.id: Address(document.owner, kind, item.spec.key)
        for document in proposal.documents
        for kind, items in document.sections.items()
        for item in items
    }


def as_adopted(proposal: Proposal, scene: Scene) -> LiveState:
    """The reading after an apply that adopted everything and changed nothing else."""
    addresses, given = _addresses(proposal), frozenset(_given(proposal, scene.registry))

    def marked(item: Live) -> Live:
        if item.id not in proposal.adopting:
            return item
        hash8, granted = fingerprint(item.fields), item.id in given
        return replace(item, marker=Marker(scene.org, addresses[item.id], hash8, granted=granted))

    readings = {
        name: Reading(tuple(map(marked, reading.objects)), reading.gap)
        for name, reading in scene.live.readings.items()
    }
    return replace(scene.live, readings=readings)


def _given(proposal: Proposal, registry: Registry) -> Iterator[str]:
    """The roles that people are declared to hold: their markers say so."""
    for kind in unlisted(registry):
        for document in proposal.documents:
            for item in document.sections.get(kind.name, ()):
                yield from (role for role, _ in item.live.fields[pairs_of(kind)])
