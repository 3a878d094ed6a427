"""From the ends of operations to the outcome of a change. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.engine.context import Ended
from reconciler.model.outcome import Outcome, Result
from reconciler.model.plan import Change

_WORST_FIRST: tuple[Result, ...] = ("failed", "unconfirmed", "skipped")


def outcome(change: Change, ends: Sequence[Ended], requests: int, seconds: float) -> Outcome:
    """The outcome of a change whose operations ended so, in plan order (waits left out)."""
    result, error = _worst(ends)
    done = sum(end.result == "done" for end in ends)
    if result in ("failed", "skipped") and done:
        error += f" ({done} of {len(ends)} steps were carried out; the next run goes on from there)"
    note = ", ".join([*(end.note for end in ends if end.note), *_put_right(change, result)])
    return Outcome(change.address, change.action, result, error, requests, round(seconds, 3), note)


def _put_right(change: Change, result: Result) -> list[str]:
    """Who changed something by hand and wonders where it went finds it here: an apply lists no changes."""
    if change.cause != "drift" or result != "done" or not change.fields:
        return []
    return [f"put right what was changed by hand: {', '.join(field.path for field in change.fields)}"]


def _worst(ends: Sequence[Ended]) -> tuple[Result, str]:
    for result in _WORST_FIRST:
        for end in ends:
            if end.result == result:
                return result, end.error
    return "done", ""
