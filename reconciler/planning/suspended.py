"""A suspension by command stands in the markers of a tenant's objects, until somebody ends it.

While it stands and the manifests say that the tenant is active, nobody of the tenant gains a pair;
everything else goes on. Naming the number of all gains releases it, and the flags go with it.
"""

from __future__ import annotations

from dataclasses import replace

from reconciler.model.access import Holds
from reconciler.model.address import Address
from reconciler.model.state import Live
from reconciler.model.value import Fields, Value
from reconciler.planning.binding import Scope
from reconciler.planning.draft import Draft, rewrite
from reconciler.planning.guard import Situation
from reconciler.planning.guard_access import access_change
from reconciler.planning.project import gained
from reconciler.planning.resolve import DesiredState

Cell = tuple[str, str, str]


def standing(desired: DesiredState, found: Scope) -> frozenset[str]:
    """The tenants with a flag on an object of theirs, whose manifests do not say it themselves.

    By the marker: an object that is handed to another tenant takes its own flag along, not the tenant's.
    """
    flagged = [item.marker for _, item in _objects(found) if item.marker and item.marker.suspended]
    owners = {marker.address.owner for marker in flagged}
    return frozenset(owners) - desired.suspended


def _objects(found: Scope) -> list[tuple[Address, Live]]:
    orphans = [(item.marker.address, item) for item in found.orphans if item.marker]
    return [*found.bound.items(), *orphans]


def counted_gains(drafts: list[Draft], situation: Situation) -> frozenset[Cell]:
    """(subject, permission, division) that somebody gains who was there before, or is suspended."""
    newborn = {draft.identity for draft in drafts if is_newborn(draft, situation)}
    gains = access_change(drafts, situation).gains
    return frozenset(
        (item.subject, item.permission, item.division) for item in gains if item.subject not in newborn
    )


def is_newborn(draft: Draft, situation: Situation) -> bool:
    """Whether a draft makes, or finishes, something that nobody has used yet; never of a suspended tenant."""
    born = draft.live is None or draft.recovers
    return born and not _is_suspended(draft, situation)


def _is_suspended(draft: Draft, situation: Situation) -> bool:
    return draft.work.suspended or draft.change.address.owner in situation.suspended


def hold_suspended(drafts: list[Draft], situation: Situation) -> list[Draft]:
    """Hold back the gains of suspended tenants, unless the number of all gains is allowed."""
    if not any(_gains(draft, situation) for draft in drafts):
        return drafts
    planned = len(counted_gains(drafts, situation))
    if situation.options.allow.get("gains") == planned:
        return drafts
    return [
        _without_gains(draft, planned, situation) if _gains(draft, situation) else draft for draft in drafts
    ]


def _gains(draft: Draft, situation: Situation) -> bool:
    """Whether somebody of a suspended tenant gains a pair by it."""
    if not draft.runs or not _is_suspended(draft, situation):
        return False
    return any(isinstance(fact, Holds) for fact in gained(draft, situation.registry))


def _without_gains(draft: Draft, planned: int, situation: Situation) -> Draft:
    reason = f"{draft.change.address.owner} was suspended by command, and its manifest says active"
    release = f"--allow gains={planned} ends the suspension; `state: suspended` in the manifest confirms it"
    if draft.live is None or draft.after is None:
        return draft.withhold("suspended", reason, release)
    kept = {name: _kept(value, draft.live.fields, name) for name, value in draft.after.items()}
    if kept == draft.live.fields and not draft.recovers:
        return draft.withhold("suspended", reason, release)
    smaller = draft.lead_to(kept, f"what it gains is withheld: {reason}", situation.registry)
    return smaller.withhold("suspended", reason, release) if _gains(smaller, situation) else smaller


def _kept(value: Value, live: Fields, name: str) -> Value:
    """Of a set what is there already."""
    return value & live.get(name, frozenset()) if isinstance(value, frozenset) else value


def lift(drafts: list[Draft], situation: Situation, found: Scope) -> list[Draft]:
    """Take the flags from every object of the tenants that gain again, in this very run."""
    released = {draft.change.address.owner for draft in drafts if _gains(draft, situation)}
    if not released:
        return drafts
    lifted = [
        replace(draft, work=draft.work._replace(suspended=False))
        if draft.change.address.owner in released
        else draft
        for draft in drafts
    ]
    busy = {draft.change.address for draft in drafts}
    return lifted + [
        rewrite(
            item,
            address,
            item.fields,
            "its tenant is no longer suspended",
            situation.desired,
            suspended=False,
        )
        for address, item in _objects(found)
        if address.owner in released and address not in busy and _is_flagged(item)
        if situation.options.selects(address)
    ]


def _is_flagged(item: Live) -> bool:
    return item.marker is not None and item.marker.suspended
