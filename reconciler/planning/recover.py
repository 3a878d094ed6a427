"""Recovery as a decision: what earlier runs did moments ago, and how long to let it appear.

Markers tell of everything that can be seen. This is about what cannot be seen yet: a list that is a little
old does not show a birth whose answer was lost, or shows as unfinished what works by now; and caches
may still let those reach something who lost it when the last run ended.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from reconciler.model.address import OPERATOR, Address
from reconciler.model.history import Recent
from reconciler.model.plan import Plan
from reconciler.planning.settle import SETTLE_SECONDS
from reconciler.planning.suspend import is_suspension

QUIET = timedelta(seconds=35)
"""From a birth nobody heard of to the first list that is believed: the floor of the reliability study's
quiet period (§4.1), three times the lag that the vendor's own provider waits out."""

SETTLE = timedelta(seconds=SETTLE_SECONDS)
"""From any write to the first reading that access may be given by: what a run itself waits for that."""


class Pause(NamedTuple):
    """Wait so long, then look again; `why` stands behind "waiting … s: "."""

    seconds: float
    why: str


def bears(plan: Plan) -> bool:
    """Whether it can matter what happened moments ago: it makes, gives or replaces something."""
    return _gives(plan) or _replaces(plan)


def _gives(plan: Plan) -> bool:
    """Whether it makes something, gives access, or switches on who may have lost some."""
    made = any(change.action == "create" for change in plan.running)
    given = any(each.does == "deliver" or each.wakes for each in plan.operations)
    return made or given or bool(plan.access.gains)


def _replaces(plan: Plan) -> bool:
    """Whether it writes an object whole: what it repeats, or leaves out, is what the reading showed.

    One that was a moment old shows pairs that were taken since, and no suspension; or a suspension that was
    ended since, and none of what came back. `suspend` itself repeats no pair, and waits for nobody.
    """
    if is_suspension(plan):
        return False
    return any(each.does == "request" and each.method == "PUT" for each in plan.operations)


def patience(plan: Plan, recent: Recent | None, delivered: Collection[Address]) -> Pause | None:
    """How long to wait before a plan that bears on it is believed; None for not at all.

    `recent` are the writes of the last moments as far as the journal knows, of any run (None: it knows
    of no run at all); `delivered` those whose secret the plan would make while a sink holds one.
    """
    pauses = [*_unknown(plan, recent), *_holding(delivered)]
    if recent:
        pauses += [*_settling(recent), *_unheard(plan, recent)]
    longest = max(pauses, default=None)
    return longest if longest is not None and longest.seconds > 0 else None


def _unheard(plan: Plan, recent: Recent) -> Iterator[Pause]:
    born = {change.address for change in plan.running if change.action == "create"}
    for step in recent.steps:
        if step.intent.method == "POST" and step.fate == "unresolved" and step.intent.address in born:
            why = f"an earlier run asked for {step.intent.address} and heard no answer"
            yield Pause(_left(QUIET, step.intended, recent.now), why)


def _unknown(plan: Plan, recent: Recent | None) -> Iterator[Pause]:
    """Nobody may have written just now, or somebody of whom this journal never hears."""
    if not _gives(plan) or not _stands(plan) or (recent and recent.whole):
        return
    why = "no run is on record, and one may have ended just now"
    if recent:
        why = "a run of another machine may have ended just now, and the journal here knows of its own only"
    yield Pause(SETTLE_SECONDS, why)


def _settling(recent: Recent) -> Iterator[Pause]:
    for step in recent.steps:
        left = _left(SETTLE, step.concluded or step.intended, recent.now)
        yield Pause(left, "a run wrote moments ago, and caches must agree on it first")


def _stands(plan: Plan) -> bool:
    """Whether anything of ours is there that somebody may just have lost or got."""
    return plan.summary.unchanged > 0 or any(
        change.action != "create" for change in plan.changes if change.address != OPERATOR
    )


def _holding(delivered: Collection[Address]) -> Iterator[Pause]:
    for address in delivered:
        why = f"a secret of {address} was delivered already: it may work, and lists not show it yet"
        yield Pause(SETTLE_SECONDS, why)


def _left(span: timedelta, since: str, now: datetime) -> float:
    """What is left of a span that began then; all of it where a clock that was set back says "later"."""
    return (span - max(now - datetime.fromisoformat(since), timedelta())).total_seconds()
