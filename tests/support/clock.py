"""Virtual time: an event loop whose clock jumps to the next timer instead of waiting for it.

Everything that sleeps through asyncio — our clock, stamina, the simulator's latency — then takes no
real time and happens in one deterministic order.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from reconciler.engine.aside import Aside

START = datetime(2026, 11, 20, 14, 0, 0, tzinfo=UTC)


class _JumpingSelector(selectors.SelectSelector):
    """Never blocks: the time it was asked to wait is added to the loop's clock."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        ready = super().select(0)
        if not ready and timeout:
            self.now += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop in virtual time, starting at 0 s."""

    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now

    def advance(self, seconds: float) -> None:
        """Let time pass without running anything."""
        self._jumping.now += seconds


class LoopClock:
    """The `Clock` port on the running loop's time; with a `VirtualLoop` it is virtual."""

    def now(self) -> datetime:
        return START + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def run(coroutine: Any) -> Any:
    """Run a coroutine to its end in virtual time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(coroutine)


def threadless(patch: pytest.MonkeyPatch) -> None:
    """No threads beside virtual time: the order stays the same every time."""

    async def at_once(deed: Callable[..., Any], *arguments: Any) -> Any:
        return deed(*arguments)

    async def done(aside: Aside, deed: Callable[[], Any]) -> Any:
        return deed()

    patch.setattr(asyncio, "to_thread", at_once)
    patch.setattr(Aside, "do", done)
