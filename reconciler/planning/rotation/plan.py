"""What a rotation plans: its moves, after those guards that hold all the same.

No limit counts it: what one client loses its successor has, and a new secret opens nothing.
"""

from __future__ import annotations

from reconciler.model.finding import Finding
from reconciler.planning.binding import Scope
from reconciler.planning.draft import Draft
from reconciler.planning.guard import Situation, own_client, protected
from reconciler.planning.guard_access import judge_access
from reconciler.planning.handing import Purse, hold_what_cannot_be_handed_on
from reconciler.planning.rotation.moves import moves


def rotated(
    situation: Situation, found: Scope, mine: Purse
) -> tuple[list[Draft], list[Draft], tuple[Finding, ...]]:
    """Every move that was asked for, what is left of them after all guards, and what was noticed."""
    asked = protected(own_client(moves(situation, found), situation), situation)
    judged = judge_access(hold_what_cannot_be_handed_on(asked, situation, mine), situation, found)
    return asked, _together(judged.drafts), judged.findings


def _together(drafts: list[Draft]) -> list[Draft]:
    """Of a succession both halves are done or none."""
    held = {draft.change.address.entry: draft.change.withheld for draft in drafts if not draft.runs}
    return [
        draft.withhold(*withheld) if (withheld := held.get(draft.change.address.entry)) else draft
        for draft in drafts
    ]
