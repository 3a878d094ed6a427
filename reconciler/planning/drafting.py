"""Drafting: every difference between what is declared and what is there, as a draft each."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.address import Address
from reconciler.model.kind import Action, Registry, Work
from reconciler.model.plan import Cause, Change, Withheld
from reconciler.model.state import Live, Resource
from reconciler.model.value import Fields, resolved
from reconciler.planning.binding import Scope
from reconciler.planning.diff import cause_of, field_changes, first_fields, stale_marker
from reconciler.planning.doubt import keeping_disputed
from reconciler.planning.draft import TWIN, Draft, changed, loses_pairs, rewrite, stays_suspended
from reconciler.planning.resolve import DesiredState
from reconciler.planning.twins import alone


def drafts(desired: DesiredState, found: Scope, registry: Registry) -> Iterator[Draft]:
    """Every difference between what is declared and what is there; twins go where nothing else happens."""
    drawn = [*_differences(desired, found, registry)]
    yield from drawn
    for item in alone(found.twins, {draft.change.address for draft in drawn}):
        if item.marker is not None:
            yield _ending(item, item.marker.address, TWIN, desired, registry)


def _differences(desired: DesiredState, found: Scope, registry: Registry) -> Iterator[Draft]:
    ids = found.ids()
    for resource in desired.resources.values():
        if resource.existing:
            continue
        draft = _declared(resource, found, ids, desired, registry)
        if (withheld := found.withheld.get(resource.address)) is not None:
            draft = (draft or _unchanged(resource, found, desired)).withhold(*withheld)
        if draft is not None:
            yield draft
    yield from _retirements(found, desired, registry)


def _unchanged(resource: Resource, found: Scope, desired: DesiredState) -> Draft:
    """For an object as declared that is in doubt all the same: people must see that it is held back."""
    live = found.bound[resource.address]
    return _draft(resource, live, live.fields, "update", "manifest", MARKER, desired)


def _retirements(found: Scope, desired: DesiredState, registry: Registry) -> Iterator[Draft]:
    """One for each orphaned address; of several objects with one marker the next run takes the next."""
    seen: set[Address] = set()
    for item in sorted(found.orphans, key=lambda item: item.id):
        draft = _retiring(item, desired, registry)
        if draft is not None and draft.change.address not in seen:
            seen.add(draft.change.address)
            yield draft


def _declared(
    resource: Resource, found: Scope, ids: dict[Address, str], desired: DesiredState, registry: Registry
) -> Draft | None:
    live = found.bound.get(resource.address)
    fields = {name: resolved(value, ids) for name, value in resource.fields.items()}
    if live is None:
        reason = _reason("declared, not in the organisation", resource.remarks)
        return _draft(resource, None, fields, "create", "manifest", reason, desired)
    if resource.address in found.adopting:
        return _draft(
            resource, live, live.fields, "adopt", "manifest", "taken over as the manifest says", desired
        )
    wanted = keeping_disputed(fields, live.fields, found.candidates)
    if resource.address in found.unnamed:
        return _keeping_its_name(resource, live, wanted, found.unnamed[resource.address], desired, registry)
    return _compared(resource, live, wanted, desired, registry)


def _keeping_its_name(
    resource: Resource, live: Live, wanted: Fields, why: Withheld, desired: DesiredState, registry: Registry
) -> Draft | None:
    """All but the name goes on, and says so; where the name is all, that is what is held back."""
    kept = {**wanted, "name": live.fields["name"]}
    draft = _compared(resource, live, wanted, desired, registry)
    if draft is None or kept == live.fields:
        return draft and draft.withhold(*why)
    return draft.lead_to(kept, f"it keeps its name: {why.reason}", registry)


def _compared(
    resource: Resource, live: Live, fields: Fields, desired: DesiredState, registry: Registry
) -> Draft | None:
    if live.fields == fields:
        reason = _marker_reason(resource, live, desired)
        return _draft(resource, live, fields, "update", "manifest", reason, desired) if reason else None
    action: Action = "revoke" if loses_pairs(live, fields, registry) else "update"
    if registry[live.kind].collection.subjects:
        return _draft(resource, live, fields, *_of_subject(live, fields, action, resource, registry), desired)
    cause = cause_of(live.fields, fields, live.marker)
    reason = _reason(_why(cause, live), resource.remarks)
    return _draft(resource, live, fields, action, cause, reason, desired)


def _of_subject(
    live: Live, fields: Fields, action: Action, resource: Resource, registry: Registry
) -> tuple[Action, Cause, str]:
    """A subject remembers nothing: what is missing the manifests want, what is there somebody gave it."""
    if action == "revoke":
        return action, "unknown", _reason("it holds what is not declared", resource.remarks)
    if not any(registry[live.kind].facts(live.id, live.fields)):
        return "create", "manifest", _reason("declared, not held", resource.remarks)
    return action, "unknown", _reason("it does not hold what is declared", resource.remarks)


_CAUSES = {
    "manifest": "the manifest changed",
    "drift": "somebody changed it in the organisation",
    "unknown": "it differs, and its marker cannot tell who changed it",
}


def _why(cause: Cause, live: Live) -> str:
    if cause == "manifest" and live.marker and live.marker.suspended:
        return "it was suspended by command"
    return _CAUSES[cause]


MARKER = "marker"
"""The reason of an update that changes nothing but the marker."""


CONFIRMED = "the manifests say now that its tenant is suspended"
"""Why the flag of a suspension by command is taken from a marker."""


def _marker_reason(resource: Resource, live: Live, desired: DesiredState) -> str:
    """Why a marker is written anew although the object is as declared; "" when it need not be."""
    assert live.marker is not None  # what has none is being adopted
    if live.marker.address != resource.address:
        return f"moved from {live.marker.address}"
    if live.marker.nonce:
        return "its secret never arrived"
    if live.marker.suspended and resource.address.owner in desired.suspended:
        return CONFIRMED
    return MARKER if stale_marker(live.fields, live.marker) else ""


def _reason(text: str, remarks: tuple[str, ...]) -> str:
    return ": ".join((text, *dict.fromkeys(remarks)))


def _draft(
    resource: Resource,
    live: Live | None,
    after: Fields,
    action: Action,
    cause: Cause,
    reason: str,
    desired: DesiredState,
) -> Draft:
    fields = first_fields(after) if live is None else changed(live.fields, after)
    change = Change(
        address=resource.address,
        action=action,
        name=resource.name,
        id=live.id if live else "",
        cause=cause,
        reason=reason,
        fields=fields,
        origin=resource.origin,
        profile=resource.profile,
    )
    stays = stays_suspended(live, resource.address.owner, desired)
    work = Work(action, live, after, resource.destination, desired.org.new_clients, stays)
    return Draft(change, live, after, work)


def _retiring(item: Live, desired: DesiredState, registry: Registry) -> Draft | None:
    """What an orphan loses: its grants at once, itself only with `prune` and once it holds nothing."""
    assert item.marker is not None  # scope calls nothing without a marker an orphan
    address, prune = item.marker.address, desired.org.prune
    retired = registry[item.kind].collection.retired
    after = retired(item.fields, prune)
    if after != item.fields:
        ends = after != retired(item.fields, False)
        reason = "no longer declared: it loses its grants" + (" and is deactivated" if ends else "")
        return _orphan(item, address, after, "revoke", reason, desired)
    if prune:
        return _orphan(item, address, None, "delete", "no longer declared", desired)
    if item.marker.suspended and address.owner in desired.suspended:
        return rewrite(item, address, item.fields, CONFIRMED, desired, suspended=False)
    return None


def _ending(item: Live, address: Address, why: str, desired: DesiredState, registry: Registry) -> Draft:
    """The next step of an object's end: stripped and deactivated first, then deleted."""
    after = registry[item.kind].collection.retired(item.fields, True)
    if after == item.fields:
        return _orphan(item, address, None, "delete", why, desired)
    return _orphan(item, address, after, "revoke", f"{why}: it is switched off", desired)


def _orphan(
    item: Live, address: Address, after: Fields | None, action: Action, reason: str, desired: DesiredState
) -> Draft:
    fields = field_changes(item.fields, after) if after is not None else ()
    cause = "manifest" if after is None else cause_of(item.fields, after, item.marker)
    change = Change(address, action, item.name, item.id, cause, reason, fields)
    stays = stays_suspended(item, address.owner, desired)
    return Draft(change, item, after, Work(action, item, after, None, desired.org.new_clients, stays))
