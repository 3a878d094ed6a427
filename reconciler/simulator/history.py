"""Eventual consistency: caches that learn of each change some seconds late, and a look into the past.

Reads go to a cache, writes to the live world. A cache without lag *is* the live world and nothing is copied.
The log behind `as_of` is bounded; what is older is simply not undone.
"""

from collections import deque
from collections.abc import Sequence
from itertools import takewhile
from typing import NamedTuple

from reconciler.simulator.world import Row, World, copy_of


class Change(NamedTuple):
    """One row that changed: when (seconds), where, and what stood there before and after."""

    at: float
    table: str
    key: str
    before: Row | None
    after: Row | None


class _Cache:
    """The world as it was `lag` seconds ago."""

    def __init__(self, live: World, lag: float, late: Sequence[Change]) -> None:
        """`late` changes of the live world are to be learnt, oldest first."""
        self._lag, self._pending = lag, deque(late if lag else ())
        self._world = undone(live, late) if lag else live

    def learn(self, change: Change) -> None:
        """Note a change, to be seen once the lag has passed."""
        if self._lag:
            self._pending.append(change)

    def at(self, now: float) -> World:
        """What it holds at `now`."""
        while self._pending and self._pending[0].at + self._lag <= now:
            due = self._pending.popleft()
            self._world.put(due.table, due.key, due.after)
        return self._world

    def late(self, now: float) -> list[Change]:
        """What it has still to learn, oldest first."""
        self.at(now)
        return [*self._pending]


def undone(world: World, changes: Sequence[Change]) -> World:
    """A copy of a world without its last `changes`, which come oldest first."""
    past = copy_of(world)
    for change in reversed(changes):
        past.put(change.table, change.key, change.before)
    return past


class History:
    """The live world, what readers see of it, and how it came to be."""

    def __init__(self, live: World, *lags: float, late: Sequence[Change] = (), keep: int = 20_000) -> None:
        """A cache for each of `lags`, in seconds, that may not know of `late` changes, oldest first.

        `keep` changes are remembered for `as_of`.
        """
        self.live, self._caches = live, [_Cache(live, lag, late) for lag in lags]
        self._log: deque[Change] = deque(late, maxlen=keep)

    @property
    def caches(self) -> int:
        """How many caches there are."""
        return len(self._caches)

    def put(self, at: float, table: str, key: str, row: Row | None) -> None:
        """Change the live world now, and each cache once its lag has passed."""
        change = Change(at, table, key, self.live.put(table, key, row), row)
        self._log.append(change)
        for cache in self._caches:
            cache.learn(change)

    def seen(self, now: float, cache: int = 0) -> World:
        """The world as one of the caches has it at `now`."""
        return self._caches[cache].at(now)

    def late(self, now: float) -> list[Change]:
        """What not every cache has learnt, oldest first; the first cache is the latest to learn."""
        return self._caches[0].late(now)

    def as_of(self, moment: float) -> World:
        """The world as it was at `moment`: a copy with everything later undone."""
        later = list(takewhile(lambda change: change.at > moment, reversed(self._log)))
        return undone(self.live, later[::-1])
