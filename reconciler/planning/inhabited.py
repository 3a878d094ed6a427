"""Who still holds a role in a division that is to go: it stays until they have lost that.

Its end would take their grants with it, and no plan would say so: whoever is not ours has no change of its
own, and where a guard holds a loss of ours back, the end must not bring it about all the same. What the end
of a role takes away stands among the losses.
"""

from __future__ import annotations

from reconciler.isolation.matrix import AccessState
from reconciler.planning.draft import Draft
from reconciler.planning.guard import NOT_EMPTY, Situation
from reconciler.planning.project import before_and_after

_NAMED = 3
"""So many holders are called by name, the others counted."""


def hold_inhabited(drafts: list[Draft], situation: Situation) -> list[Draft]:
    """Hold back the end of walls where somebody but our own client will hold something all the same."""
    going = {draft.identity for draft in drafts if _ends(draft, situation)}
    if not going:
        return drafts
    _, after = before_and_after(situation.live, drafts, situation.registry)
    return [
        _unless_held(draft, _holders(draft.identity, after, situation), situation)
        if draft.identity in going
        else draft
        for draft in drafts
    ]


def _ends(draft: Draft, situation: Situation) -> bool:
    return draft.runs and draft.after is None and draft.change.address.kind == situation.registry.pair[1]


def _holders(wall: str, after: AccessState, situation: Situation) -> list[str]:
    """By name. What our own client was lent or given to hand on goes with the wall."""
    holding = {subject for subject, pairs in after.holds.items() if wall in {place for _, place in pairs}}
    holding.discard(situation.live.operator_id)
    live = (item for kind in situation.registry for item in situation.live.of(kind.name))
    return sorted({item.id: item.name for item in live if item.id in holding}.values())


def _unless_held(draft: Draft, holders: list[str], situation: Situation) -> Draft:
    if not holders:
        return draft
    more = len(holders) - _NAMED
    names = ", ".join(holders[:_NAMED]) + (f" and {more} more" if more > 0 else "")
    reason = f"a {situation.registry.pair[0]} is held there by {names}"
    release = "take it from them first; whom this plan holds back has a release of its own"
    return draft.withhold(NOT_EMPTY, reason, release)
