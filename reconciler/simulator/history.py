"""Eventual consistency: a replica that learns of each change `lag` seconds late, and a look into the past.

Reads go to the replica, writes to the live world. Without lag the replica *is* the live world and nothing is
copied. The log behind `as_of` is bounded; what is older is simply not undone.
"""

from collections import deque
from typing import NamedTuple

from reconciler.simulator.world import Row, World, copy_of


class Change(NamedTuple):
    """One row that changed: when (seconds), where, and what stood there before and after."""

    at: float
    table: str
    key: str
    before: Row | None
    after: Row | None


class History:
    """The live world, what readers see of it, and how it came to be."""

    def __init__(self, live: World, lag: float, keep: int = 100_000) -> None:
        """`lag` in seconds; `keep` changes are remembered for `as_of`."""
        self.live, self._lag = live, lag
        self._replica = copy_of(live) if lag else live
        self._pending: deque[Change] = deque()
        self._log: deque[Change] = deque(maxlen=keep)

    def put(self, at: float, table: str, key: str, row: Row | None) -> None:
        """Change the live world now, and the replica once the lag has passed."""
        change = Change(at, table, key, self.live.put(table, key, row), row)
        self._log.append(change)
        if self._lag:
            self._pending.append(change)

    def seen(self, now: float) -> World:
        """The world as readers see it at `now`."""
        while self._pending and self._pending[0].at + self._lag <= now:
            due = self._pending.popleft()
            self._replica.put(due.table, due.key, due.after)
        return self._replica

    def as_of(self, moment: float) -> World:
        """The world as it was at `moment`: a copy with everything later undone."""
        past = copy_of(self.live)
        for change in reversed(self._log):
            if change.at <= moment:
                break
            past.put(change.table, change.key, change.before)
        return past
