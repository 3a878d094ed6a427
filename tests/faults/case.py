"""One case as data: what happens, where and when. A case is one line of JSON and runs the same each time."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

Where = Literal["request", "disk", "pause", "turn"]
"""Counted are requests that leave, writes to journal and sink, pauses of our clock, turns of the loop."""
Weather = Literal["calm", "hazy"]
"""`hazy`: three caches learn of each change 8, 4 and 0 seconds late, and each read asks another one."""
Store = Literal["kept", "lost", "older", "off"]
"""Whether a run finds what earlier ones wrote in the journal: yes, all of it, as on a server; no, though it
writes; what was there long ago, as in a file restored, or another machine's; there is none."""


STORES: dict[Weather, tuple[Store, ...]] = {"calm": ("kept",), "hazy": ("lost", "kept", "off")}
"""Those that take turns. Who finds no run on record waits before giving anything, and who does find one
knows of little more: reads are as late for the one as for the other."""


class Fault(NamedTuple):
    """`kind` strikes the `at`-th of its sort, counted from 1 and on across restarts."""

    where: Where
    at: int
    kind: str


@dataclass(frozen=True, slots=True)
class Case:
    """A scenario, its weather, its faults, and how many seconds after a run the next one starts.

    `gap` holds until the last fault has struck and for the run after that; later runs start when
    everything has settled. `idle`: the matrix leaves it out, because its fault could do nothing.
    """

    scenario: str
    faults: tuple[Fault, ...] = ()
    weather: Weather = "calm"
    gap: float = 0.5
    store: Store = "kept"
    idle: bool = False

    def __str__(self) -> str:
        """The line to replay it by."""
        told = {"scenario": self.scenario, "weather": self.weather, "gap": self.gap, "store": self.store}
        idle = {"idle": True} if self.idle else {}
        return json.dumps({**told, **idle, "faults": [list(fault) for fault in self.faults]})

    @classmethod
    def parse(cls, line: str) -> Case:
        """A case from its line."""
        told: dict[str, Any] = json.loads(line)
        faults = tuple(Fault(*fault) for fault in told.pop("faults"))
        return cls(faults=faults, **told)


class Violation(NamedTuple):
    """What a monitor saw: its name, and in words what was wrong."""

    monitor: str
    words: str
