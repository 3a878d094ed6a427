"""When the controller looks again: by how the last look ended. Pure; chance enters as a share of 1."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from reconciler.model.watched import ANSWERED, Ending, Watched

JITTER = 0.1
"""By how much of its wait a look may come later, so that many do not come at once."""

SOONEST = 5.0
"""Seconds between the end of a look and the next one, at least."""

LONGEST = 3600.0
"""Seconds that nothing is put off for, unless the interval is longer."""


class Backoff(NamedTuple):
    """`first` seconds, doubled with every look in a row that ended so; 0 begins with the interval."""

    first: float
    why: str


TABLE: Mapping[Ending, Backoff] = {
    "corrected": Backoff(60, "to see that it holds, once what was written has settled"),
    "held": Backoff(30, "another run writes, or wrote meanwhile; it will not take long"),
    "invalid": Backoff(60, "somebody is editing the manifests, and reading them costs no request"),
    "unreachable": Backoff(30, "networks come back"),
    "failed": Backoff(60, "a write was sent and something is left to be done"),
    "limited": Backoff(0, "others need the organisation's rate: asking sooner would take it from them"),
    "refused": Backoff(
        0, "somebody has to mend credentials or rights; a client that insists may be locked out"
    ),
    "bug": Backoff(0, "it will end so again until somebody mends it"),
}
"""What is not looked at after its interval. First in seconds, then doubled."""


def wait(ending: Ending, fails: int, every: float, share: float) -> float:
    """Seconds from the beginning of a look to the next one, jitter included (`share` of it, 0 to 1).

    `fails` counts the looks in a row that came to no answer, this one included. What begins sooner than the
    interval grows up to it; what begins with it grows up to an hour, or the interval if that is longer.
    """
    rule = TABLE.get(ending)
    if rule is None:
        seconds = every
    elif rule.first:
        seconds = min(rule.first * _doubled(fails), every)
    else:
        seconds = min(every * _doubled(fails), max(LONGEST, every))
    return seconds * (1 + JITTER * share)


def fails(ending: Ending, before: int) -> int:
    """How many looks in a row have come to no answer."""
    return 0 if ending in ANSWERED else before + 1


def overdue(watched: Watched, now: datetime) -> bool:
    """Whether a look should have begun long ago, or goes on for so long that the loop must hang."""
    return (now - watched.due).total_seconds() > LONGEST + watched.every


def _doubled(times: int) -> float:
    return float(2 ** min(max(times - 1, 0), 20))
