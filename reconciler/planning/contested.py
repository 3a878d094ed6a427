"""Somebody changes what we put right, again and again: after a few times a day we stop and say so.

What only takes access away goes on: nobody gets a tenant's data by insisting.
"""

from __future__ import annotations

from reconciler.model.address import Address
from reconciler.model.outcome import ApplyReport
from reconciler.model.plan import Plan
from reconciler.model.words import counted
from reconciler.planning.draft import Draft
from reconciler.planning.guard import Situation
from reconciler.planning.narrow import narrowed

MOST_REPAIRS = 3
"""Runs in `DAY_HOURS` that put the same thing right; from then on people have to talk to each other."""

DAY_HOURS = 24


def put_right(plan: Plan, report: ApplyReport) -> tuple[Address, ...]:
    """What an apply changed back after somebody had changed it, confirmed or not."""
    drifted = {change.address for change in plan.running if change.cause == "drift"}
    written = {"done", "unconfirmed"}
    return tuple(
        item.address for item in report.outcomes if item.address in drifted and item.result in written
    )


def stand_back(drafts: list[Draft], situation: Situation) -> list[Draft]:
    """Hold back what would be changed back once more; `options.repairs` counts what earlier runs did."""
    repairs = situation.options.repairs
    return [
        _held(draft, repairs[draft.change.address]) if _is_contested(draft, situation) else draft
        for draft in drafts
    ]


def _is_contested(draft: Draft, situation: Situation) -> bool:
    often = situation.options.repairs.get(draft.change.address, 0) >= MOST_REPAIRS
    return often and draft.change.cause == "drift" and narrowed([draft], situation.registry) != [draft]


def _held(draft: Draft, times: int) -> Draft:
    reason = (
        f"somebody changes it again and again: it was put right {counted(times, 'time')} in {DAY_HOURS} h"
    )
    release = (
        "find out who changes it (the vendor's audit viewer names them) and agree, in the manifest or there; "
        f"it goes on once fewer than {MOST_REPAIRS} repairs lie within {DAY_HOURS} h; "
        "`apply --revoke-only` takes what is too much meanwhile"
    )
    return draft.withhold("contested", reason, release)
