"""Recovery as a decision: what earlier runs announced and never heard of, and how long to let it appear.

Markers tell of everything that can be seen. This is about what cannot be seen yet: a birth whose answer
was lost moments ago may be missing from a list that is a little old, and would be made a second time.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from reconciler.model.address import Address
from reconciler.model.history import Step
from reconciler.model.plan import Plan

QUIET = timedelta(seconds=35)
"""From a birth nobody heard of to the first list that is believed: the floor of the reliability study's
quiet period (§4.1), three times the lag that the vendor's own provider waits out."""


class Pause(NamedTuple):
    """Wait so long, then look again: this may have been born meanwhile."""

    seconds: float
    address: Address


def patience(plan: Plan, unheard: Iterable[Step], now: datetime) -> Pause | None:
    """How long to wait before a plan that creates something is believed; None for not at all.

    `unheard` are births to which nobody saw an answer as far as the journal knows, of any run.
    """
    born = {change.address for change in plan.running if change.action == "create"}
    pauses = [
        Pause((QUIET - (now - datetime.fromisoformat(step.intended))).total_seconds(), step.intent.address)
        for step in unheard
        if step.intent.address in born
    ]
    longest = max(pauses, default=None)
    return longest if longest is not None and longest.seconds > 0 else None
