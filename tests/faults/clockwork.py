"""One life of a process in virtual time: it ends by itself, or from one instant on nothing it does counts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any, NoReturn
from weakref import WeakKeyDictionary

from tests.support.clock import START, VirtualLoop


class Killed(BaseException):
    """The process is gone. Not an Exception: nothing of ours may catch it."""


class Stuck(AssertionError):
    """Nothing is under way and nothing ever will be."""


class Loop(VirtualLoop):
    """A virtual loop that starts late, tells each of its turns, and when everything waits for nothing.

    Between two turns everything of ours stands at an await.
    """

    def __init__(self, now: float) -> None:
        super().__init__()
        self.advance(now)
        self.turned: Callable[[], None] = lambda: None
        select = self._jumping.select

        def watched(timeout: float | None = None) -> list[Any]:
            self.turned()
            ready = select(timeout)
            if timeout is None and not ready:
                raise Stuck("the run waits for something that never happens")
            return ready

        self._jumping.select = watched  # type: ignore[method-assign]
        self.set_exception_handler(lambda loop, context: None)
        self.set_task_factory(_belonging)


class Life:
    """One process. Its ports ask `alive` before they do anything, and end it by `end`."""

    def __init__(self, loop: Loop) -> None:
        self.loop, self.task = loop, None
        self.over: asyncio.Future[None] = loop.create_future()
        self.stop = asyncio.Event()
        self.run: asyncio.Task[Any] | None = None
        self.tasks: WeakKeyDictionary[asyncio.Task[Any], None] = WeakKeyDictionary()
        """All that ever were its own and are still known to anybody, oldest first."""

    @property
    def alive(self) -> bool:
        """Whether what this process does still counts."""
        return not self.over.done()

    def end(self) -> None:
        """Kill it: from here on its ports do nothing."""
        if self.alive:
            self.over.set_result(None)

    def die(self) -> NoReturn:
        """Kill it where no other part of it may run on."""
        self.end()
        raise Killed

    async def hang(self) -> NoReturn:
        """Kill it, and never come back."""
        self.end()
        await self.loop.create_future()
        raise Killed

    def cancel(self) -> None:
        """What whoever awaits a run may do."""
        if self.run is not None:
            self.run.cancel()

    def interrupt(self, *, oldest_first: bool) -> None:
        """What the second Ctrl-C does: the loop's runner cancels every task, and in no order of its own."""
        self.stop.set()
        tasks = [*self.tasks]
        for task in tasks if oldest_first else reversed(tasks):
            task.cancel()


_LIFE: ContextVar[Life] = ContextVar("life")
"""The one in which a task is begun."""


def _belonging(loop: asyncio.AbstractEventLoop, work: Any, **given: Any) -> asyncio.Task[Any]:
    task: asyncio.Task[Any] = asyncio.Task(work, loop=loop, **given)
    if life := _LIFE.get(None):
        life.tasks[task] = None
    return task


async def _until_over(life: Life, work: Coroutine[Any, Any, Any]) -> None:
    _LIFE.set(life)
    life.run = asyncio.ensure_future(work)
    await asyncio.wait((life.run, life.over), return_when=asyncio.FIRST_COMPLETED)


def live(now: float, *works: Callable[[Life], Coroutine[Any, Any, Any]]) -> tuple[list[Any], float]:
    """Live some lives side by side from `now` on: what came of each (`Killed`, an error), and the end."""
    loop = Loop(now)
    asyncio.set_event_loop(loop)
    lives = [Life(loop) for _ in works]

    async def all_of_them() -> None:
        await asyncio.gather(
            *(_until_over(life, work(life)) for life, work in zip(lives, works, strict=True))
        )

    try:
        loop.run_until_complete(all_of_them())
        return [_end_of(life) for life in lives], loop.time()
    finally:
        _abandon(loop)
        asyncio.set_event_loop(None)
        loop.close()


def _end_of(life: Life) -> Any:
    run = life.run
    if not life.alive or run is None or not run.done():
        return Killed()
    if run.cancelled():
        return asyncio.CancelledError()
    return run.exception() or run.result()


def _abandon(loop: Loop) -> None:
    """Leave what is under way where it stands, without a word: a killed process has none."""
    for task in asyncio.all_tasks(loop):
        task._log_destroy_pending = False  # type: ignore[attr-defined]
        coroutine: Any = task.get_coro()
        while coroutine.cr_frame is not None:  # whoever tidies up by waiting is told again
            with suppress(BaseException):
                coroutine.close()


class Clock:
    """The `Clock` port of one life; `on_pause` is told of each pause first."""

    def __init__(self, life: Life, on_pause: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._life, self._on_pause = life, on_pause

    def now(self) -> datetime:
        return START + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return self._life.loop.time()

    async def sleep(self, seconds: float) -> None:
        await self._on_pause()
        await asyncio.sleep(seconds)
