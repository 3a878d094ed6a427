"""A schedule as data: when the second run begins, and what befalls the first at which of its writes."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from itertools import cycle, islice
from typing import Literal, NamedTuple

from tests.faults.case import Weather
from tests.faults.rehearsal import rehearse

Accident = Literal["", "freeze", "doze", "in-hand", "kill", "lose-machine", "end-session"]
"""Nothing; its process stands still between gate and socket, or while it waits, or with a secret in hand,
after the look at its place; it dies; its machine is gone; the server ends its session."""
ACCIDENTS: tuple[Accident, ...] = ("freeze", "doze", "kill", "", "in-hand", "lose-machine", "end-session")
SCENARIOS = (
    "birth", "grants-move", "role-changes", "crosses-tenants", "people", "renames", "half-born",
    "tenants-come", "rotation-in-place", "rotation-overlaps",
)  # fmt: skip
DELIVERING = ("birth", "rotation-in-place", "half-born", "rotation-overlaps", "tenants-come")
"""Those in which a secret is made."""
REVIEWED = (False, False, False, True)
FREEZES = (20.0, 200.0, 400.0, 600.0, 1_500.0)
"""Seconds: shorter than anything, than the lease, longer than the lease twice, than any token."""


class Schedule(NamedTuple):
    """`delay`, `wait` (how long the second one waits for the lease) and `seconds` (of standing still) in
    seconds, `at` counted in writes of the first one (in waits where it dozes off, in looks where a
    secret is in hand), `token_seconds` the life of their tokens. `reviewed`: what the second one applies
    is what a person approved before either began.
    """

    scenario: str
    accident: Accident = ""
    at: int = 0
    seconds: float = 0.0
    delay: float = 0.0
    wait: float | None = None
    token_seconds: int = 900
    weather: Weather = "calm"
    reviewed: bool = False

    def __str__(self) -> str:
        """The line to replay it by."""
        return json.dumps(self._asdict())

    @classmethod
    def parse(cls, line: str) -> Schedule:
        """A schedule from its line."""
        return cls(**json.loads(line))


def schedules(number: int, seed: int = 20_261_121) -> list[Schedule]:
    """So many of them: accidents and scenarios in turn, everything else by lot."""
    return list(islice(_drawn(random.Random(seed)), number))


def _drawn(lots: random.Random) -> Iterator[Schedule]:
    turns = zip(cycle(ACCIDENTS), cycle(SCENARIOS), cycle(REVIEWED), strict=False)
    for accident, scenario, reviewed in turns:
        weather: Weather = lots.choice(("calm", "hazy"))
        if accident == "in-hand":
            scenario = lots.choice(DELIVERING)
        most = {"doze": 8, "in-hand": 1}.get(accident) or _writes(scenario, weather)
        yield Schedule(
            scenario,
            accident,
            at=lots.randint(1, most) if accident else 0,
            seconds=lots.choice(FREEZES) if accident in ("freeze", "doze", "in-hand") else 0.0,
            delay=lots.choice((0.0, 0.01, 0.3, 1.0, 5.0, 20.0)),
            wait=lots.choice((None, 60.0, 2_000.0, 2_000.0, 2_000.0)),
            token_seconds=lots.choice((300, 900)),
            weather=weather,
            reviewed=reviewed,
        )


def _writes(scenario: str, weather: Weather) -> int:
    """How many requests of its way write."""
    trace = rehearse(scenario, weather).trace
    return sum(not line.startswith("GET ") and "/oauth/token" not in line for line in trace)
