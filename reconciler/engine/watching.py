"""The control loop: every organisation looked at on its schedule, one look at a time, until told to stop.

Level-triggered: a look reads the manifests and the organisation anew, and nothing that an earlier look found
enters into it. What is kept of looks is for people.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from math import inf

from reconciler.model.watched import ANSWERED, Glance, Look, Watched
from reconciler.planning import schedule
from reconciler.ports import Clock

KEPT = 10
"""Looks that are remembered of each organisation."""

GLANCE = 5.0
"""Seconds between two looks at whether an organisation is still paused."""

Looking = Callable[[str], Awaitable[Look]]
"""Looks at the organisation of a root and says how it ended; raises nothing but cancellation and
`PausedByName`."""

Paused = Callable[[Watched], str]
"""Why nobody is to look at this organisation now, "" for nothing."""


class PausedByName(Exception):
    """A look that did not begin: the manifests call the organisation `name`, and that one is paused."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Watching:
    """Watches the organisations of some roots, each after so many seconds, until `stop` is set.

    `state` is how they stand, by root; `dice` throws shares of 1; at most `at_once` are looked at together.
    """

    def __init__(
        self,
        every: Mapping[str, float],
        look: Looking,
        paused: Paused,
        clock: Clock,
        dice: Callable[[], float],
        stop: asyncio.Event,
        at_once: int = 4,
    ) -> None:
        self._look, self._paused, self._clock, self._dice = look, paused, clock, dice
        self._turn = asyncio.Semaphore(at_once)
        self._stop = stop
        now = clock.now()
        self.state = {root: Watched(root, root, seconds, now) for root, seconds in every.items()}
        self._due = dict.fromkeys(every, -inf)  # not the wall clock, which somebody may set back by hours

    @property
    def watched(self) -> Sequence[Watched]:
        """How all of them stand, in the order they were given."""
        return tuple(replace(each, paused=self._paused(each)) for each in self.state.values())

    def call(self, root: str, name: str) -> None:
        """What the organisation is called, before it is looked at."""
        self._set(root, name=name)

    async def run(self) -> None:
        """Until told to stop, and every look under way has come to its end."""
        async with asyncio.TaskGroup() as group:
            for root in self.state:
                group.create_task(self._watch(root))

    async def _watch(self, root: str) -> None:
        while not self._stop.is_set():
            left = self._due[root] - self._clock.monotonic()
            if left > 0:
                await self._pass(left)
                continue
            if self._paused(self.state[root]):
                self._set(root, doing="paused")
                await self._pass(GLANCE)
                continue
            async with self._turn:
                if not self._stop.is_set() and not self._paused(self.state[root]):
                    await self._look_at(root)
        self._set(root, doing="stopped")

    async def _look_at(self, root: str) -> None:
        self._set(root, doing="looking")
        began = self._clock.monotonic()
        try:
            look = await self._look(root)
        except PausedByName as known:
            self._set(root, name=known.name, doing="paused")
            return
        before, ended, now = self.state[root], self._clock.monotonic(), self._clock.now()
        fails = schedule.fails(look.ending, before.fails)
        seconds = schedule.wait(look.ending, fails, before.every, self._dice())
        self._due[root] = max(began + seconds, ended + schedule.SOONEST)
        asked = look.ran.looked.requests
        seen = Glance(now, look.ending, ended - began, asked.read + asked.write)
        self._set(
            root,
            name=look.ran.org_name or before.name,
            due=now + timedelta(seconds=self._due[root] - ended),
            doing="waiting",
            fails=fails,
            last=look,
            known=look if look.ending in ANSWERED else before.known,
            past=(seen, *before.past)[:KEPT],
        )

    def _set(self, root: str, **changed: object) -> None:
        self.state[root] = replace(self.state[root], **changed)  # type: ignore[arg-type]  # fields by name

    async def _pass(self, seconds: float) -> None:
        """Let so many seconds pass, or fewer when told to stop."""
        over = asyncio.ensure_future(self._stop.wait())
        pause = asyncio.ensure_future(self._clock.sleep(seconds))
        await asyncio.wait((over, pause), return_when=asyncio.FIRST_COMPLETED)
        over.cancel()
        pause.cancel()
