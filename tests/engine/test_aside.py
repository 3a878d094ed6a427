"""The lease asks its server in a thread of its own: behind nobody else's work, one thing after another."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from threading import Event
from typing import Any

from reconciler.engine.keeper import Keeper
from reconciler.model.lease import Claim, Held, Taken
from tests.engine.leases import CLAIM, Store
from tests.engine.world import MemorySink, World, manifests, results, tenant, world
from tests.support.clock import LoopClock, run

WORKERS = 40
"""More than the event loop has threads to share."""


def quiet(words: str) -> None:
    """Nobody listens."""


async def test_a_heartbeat_gets_through_while_sinks_hold_every_thread() -> None:
    store, done = Store(), Event()
    keeper = Keeper(lambda: store, LoopClock())
    async with keeper.held(CLAIM, None, quiet):
        busy = [asyncio.create_task(asyncio.to_thread(done.wait)) for _ in range(WORKERS)]
        await asyncio.sleep(0)
        try:
            await asyncio.wait_for(keeper.renewing(), 5)
        finally:
            done.set()
            await asyncio.gather(*busy)
    assert store.asked == ["take", "beat", "release", "close"]


@dataclass
class Slow(Store):
    """Takes the lease only when it is told to, and tells when it was asked."""

    began: Event = field(default_factory=Event)
    go_on: Event = field(default_factory=Event)

    def take(self, claim: Claim, token_seconds: float) -> Taken | Held:
        self.began.set()
        self.go_on.wait(5)
        return super().take(claim, token_seconds)


async def test_what_is_taken_while_its_run_is_cancelled_is_given_back() -> None:
    store = Slow()

    async def holding() -> None:
        async with Keeper(lambda: store, LoopClock()).held(CLAIM, None, quiet):
            raise AssertionError("it was cancelled before")

    task = asyncio.create_task(holding())
    await asyncio.to_thread(store.began.wait)
    task.cancel()
    await asyncio.sleep(0)
    await asyncio.to_thread(lambda: store.go_on.wait(0.05))  # time for whoever does not wait
    store.go_on.set()
    await asyncio.wait([task])
    assert task.cancelled() and store.asked == ["take", "release", "close"]


@dataclass
class Crowded(MemorySink):
    """A sink that takes a while to say that there is room, and remembers how many waited for it."""

    waiting: int = 0
    most: int = 0

    async def reserve(self, destination: Any) -> None:
        self.waiting += 1
        self.most = max(self.most, self.waiting)
        await asyncio.sleep(3)
        self.waiting -= 1


def test_no_more_places_are_asked_for_at_once_than_requests_may_be_under_way() -> None:
    async def scenario() -> tuple[World, Any]:
        async with world() as here:
            here.sink = Crowded()
            report = await here.reconcile(manifests(*(tenant(f"t{number}") for number in range(9))))
            return here, report

    here, report = run(scenario())
    assert set(results(report).values()) == {"done"}
    assert isinstance(here.sink, Crowded) and here.sink.most == 6
