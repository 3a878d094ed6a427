"""What readings after a write mean and what comes next: wait, confirmed, or unconfirmed.

Authorisation is eventually consistent, and a first read that comes too early can pin a wrong answer
in the organisation's caches: so wait first, then read, and distrust an agreement that follows a
disagreement until it is seen twice.

Figures: the vendor's own tools read once a second and more and more seldom; 120 s is the deadline and
5 s the least distance between two agreeing reads in the reliability study of the reconciler's
protocols (§4.6); the vendor's provider for Terraform repeats a 404 for up to five minutes, and what
takes longer than ours is left to the next run.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple, TypeAlias

SETTLE_SECONDS = 10
"""What a change of access needs before caches agree on it; the vendor's own provider waits as long."""

FIRST_WAIT = 1.0
"""Seconds between a write and the first look at it; each further wait is twice as long."""

SECOND_LOOK = 5.0
"""Seconds between a first agreement that follows a disagreement and the look that confirms it."""

DEADLINE = 120.0
"""Seconds since the write after which we stop looking."""


class Settled(Enum):
    """How looking at a write ended."""

    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"


class Wait(NamedTuple):
    """Let `seconds` pass, then look again."""

    seconds: float


Next: TypeAlias = Wait | Settled


def after_readings(agreed: Sequence[bool], elapsed: float) -> Next:
    """What follows the readings so far.

    `agreed` tells of each look whether it showed what was written; `elapsed` is in seconds since the write.
    """
    if tuple(agreed) == (True,) or tuple(agreed[-2:]) == (True, True):
        return Settled.CONFIRMED
    if agreed and agreed[-1]:
        return Wait(SECOND_LOOK)
    return _next_look(len(agreed), elapsed)


def after_refusals(count: int, elapsed: float) -> Next:
    """What follows `count` answers that something is not there yet, `elapsed` seconds after the first try."""
    return _next_look(count - 1, elapsed)


def _next_look(looks: int, elapsed: float) -> Next:
    if elapsed >= DEADLINE:
        return Settled.UNCONFIRMED
    return Wait(min(FIRST_WAIT * 2**looks, DEADLINE - elapsed))
