"""Limits: how much one run may do. An exceeded limit withholds all changes of its class.

They count what would really run, so they speak last: a swap whose gain waits is a loss by then.
"""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.model.words import population
from reconciler.planning.draft import Draft
from reconciler.planning.guard import Guard, Situation, is_removal
from reconciler.planning.project import gained
from reconciler.planning.suspended import Cell, counted_gains, hold_suspended, is_newborn


def removals(drafts: list[Draft], situation: Situation) -> list[Draft]:
    """No more removals in one run than the smaller of both limits; a tenant gone is never routine."""
    removing = [draft for draft in drafts if draft.runs and is_removal(draft, situation.registry)]
    limit = _removal_limit(situation)
    planned = len({draft.identity for draft in removing})  # of one subject several parts may go
    allowed = situation.options.allow.get("removals")
    if planned == allowed:
        return drafts
    gone = sorted({draft.change.address.owner for draft in removing} - situation.desired.owners)
    if allowed is not None and planned:
        reason = f"--allow removals={allowed} does not name the planned number, {planned}"
    elif planned > limit:
        reason = f"{planned} removals planned ({_who(removing)}), {limit} are let through in one run"
    elif gone:
        reason = f"{', '.join(gone)} left the manifests altogether"
    else:
        return drafts
    return _withhold(drafts, removing, "removals", reason, f"--allow removals={planned}")


def _removal_limit(situation: Situation) -> int:
    limits = situation.desired.org.limits
    return max(1, min(limits.removals, ours(situation) * limits.removal_percent // 100))


def ours(situation: Situation) -> int:
    """How many live objects carry our marker."""
    org, live = situation.desired.org.name, situation.live
    return sum(
        1
        for kind in situation.registry
        for item in live.of(kind.name)
        if item.marker and item.marker.org == org
    )


def changes(drafts: list[Draft], situation: Situation) -> list[Draft]:
    """No more updates of live objects in one run than `changePercent`.

    Marker refreshes do not count, nor does finishing what an earlier run was let through with.
    """
    updating = [
        draft
        for draft in drafts
        if draft.runs and draft.change.action == "update" and draft.change.fields and not draft.recovers
    ]
    percent = situation.desired.org.limits.change_percent
    limit = max(1, ours(situation) * percent // 100)
    if len(updating) <= limit:
        return drafts
    share = f"{limit} ({percent} % of what is ours)"
    reason = f"{len(updating)} updates planned ({_who(updating)}), {share} are let through in one run"
    return _withhold(
        drafts, updating, "changes", reason, "raise `limits.changePercent` in the Org document, or use --only"
    )


def gains(drafts: list[Draft], situation: Situation) -> list[Draft]:
    """No more access in one run for those who are there already than `limits.gains`."""
    cells = counted_gains(drafts, situation)
    limit, planned = situation.desired.org.limits.gains, len(cells)
    allowed = situation.options.allow.get("gains")
    if planned == allowed or (planned <= limit and (allowed is None or not planned)):
        return drafts
    reason = f"{_gainers(cells, situation)}, there already, would gain {planned} accesses"
    reason += f"; {limit} are let through in one run"
    if allowed is not None:
        reason = f"--allow gains={allowed} does not name the planned number, {planned}"
    widening = [
        draft
        for draft in drafts
        if not is_newborn(draft, situation) and draft.runs and gained(draft, situation.registry)
    ]
    return _withhold(drafts, widening, "gains", reason, f"--allow gains={planned}")


def _who(drafts: Iterable[Draft]) -> str:
    """In people's terms: `3 clients, 1 role in 2 tenants`."""
    return population([str(draft.change.address) for draft in drafts])


def _gainers(cells: Iterable[Cell], situation: Situation) -> str:
    addresses = {
        item.id: str(item.marker.address)
        for kind in situation.registry
        for item in situation.live.of(kind.name)
        if item.marker
    }
    return population(sorted({addresses.get(subject, subject) for subject, _, _ in cells}))


def _withhold(
    drafts: list[Draft], concerned: Iterable[Draft], guard: str, reason: str, release: str
) -> list[Draft]:
    addresses = {draft.change.address for draft in concerned}
    return [
        draft.withhold(guard, reason, release) if draft.change.address in addresses else draft
        for draft in drafts
    ]


LIMITS: tuple[Guard, ...] = (removals, changes, hold_suspended, gains)
"""In this order, so that access is counted of what the others let through."""


def within_limits(drafts: list[Draft], situation: Situation) -> list[Draft]:
    """The drafts after every limit had its say."""
    for limit in LIMITS:
        drafts = limit(drafts, situation)
    return drafts
