"""Halting: the user's wish to stop, or a bug that must not go on, seen by everything that runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from reconciler.ports import Clock


class Halted(Exception):
    """Nothing new may start."""


class Halt:
    """Whether to go on. `fault` is the first exception that nobody foresaw."""

    def __init__(self, stop: asyncio.Event) -> None:
        self._stop = stop
        self._now = asyncio.Event()
        self.fault: Exception | None = None

    @property
    def is_set(self) -> bool:
        """Whether nothing new may start."""
        return self._stop.is_set() or self._now.is_set()

    @property
    def by_user(self) -> bool:
        """Whether the user asked for it."""
        return self._stop.is_set()

    def now(self) -> None:
        """Nothing new starts, and pauses end."""
        self._now.set()

    def on_fault(self, fault: Exception) -> None:
        """Halt because of a bug; it is raised again once everything in flight has ended."""
        self.fault = self.fault or fault
        self.now()

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """What must not undo a deed by failing: an exception here only halts the run."""
        try:
            yield
        except Exception as fault:
            self.on_fault(fault)

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """While this is open, the user's wish also ends pauses."""
        watcher = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            watcher.cancel()

    async def _watch(self) -> None:
        await self._stop.wait()
        self.now()

    async def pause(self, clock: Clock, seconds: float) -> None:
        """Let time pass, but no longer than until a halt."""
        sleep = asyncio.ensure_future(clock.sleep(seconds))
        halt = asyncio.ensure_future(self._now.wait())
        try:
            await asyncio.wait((sleep, halt), return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleep.cancel()
            halt.cancel()
