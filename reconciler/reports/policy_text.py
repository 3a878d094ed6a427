"""What a changed policy means for a plan, beside the consent that it asks for."""

from __future__ import annotations

from reconciler.model.policy import HeldUnder, PolicyReview, Side
from reconciler.model.words import counted
from reconciler.reports.lines import Line, block, flow

_MOST = 20
_TITLES: dict[Side, str] = {
    "base": "Under the policy of {base} these would not run:",
    "head": "Under that policy alone these would run, not under the proposed one:",
}


def policy_lines(review: PolicyReview | None, width: int) -> list[Line]:
    """Nothing where nothing was compared, or nothing differs in what it does."""
    if review is None:
        return []
    if review.unclear:
        return flow("Policy: ", f"what it changes cannot be told, {review.unclear}", width, "alarm", hang=4)
    return [line for side, title in _TITLES.items() for line in _side(review, side, title, width)]


def _side(review: PolicyReview, side: Side, title: str, width: int) -> list[Line]:
    found = [each for each in review.held if each.side == side]
    if not found:
        return []
    lines = [Line(title.format(base=review.base[:7]), "title")]
    for each in found[:_MOST]:
        lines += _held(each, width)
    if len(found) > _MOST:
        lines += block(2, f"and {counted(len(found) - _MOST, 'change')} more (-o json lists each)", width)
    return lines


def _held(each: HeldUnder, width: int) -> list[Line]:
    return flow(f"  ⊘ {each.address}  ", f"{each.guard}: {each.reason}", width, "withheld", hang=6)
