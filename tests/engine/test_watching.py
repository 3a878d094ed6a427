"""The control loop: each look on time, never two at once at one organisation, whatever becomes of them."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine.watching import KEPT, Watching
from reconciler.model.ran import Ran
from reconciler.model.watched import ENDINGS, Ending, Look, Watched
from reconciler.planning.schedule import JITTER, LONGEST, SOONEST
from tests.support.clock import START, LoopClock, run

SPAN = 43_200.0


class Organisations:
    """Looks that take as long and end as chance has it, until `mended`; what was seen of each."""

    def __init__(self, chances: st.DataObject, mended: float) -> None:
        self._chances, self._mended = chances, mended
        self.began: dict[str, list[float]] = defaultdict(list)
        self.ended: dict[str, list[float]] = defaultdict(list)
        self.together = self.most_together = self.overlaps = 0
        self._inside: set[str] = set()

    async def look(self, root: str) -> Look:
        now = asyncio.get_running_loop().time
        self.overlaps += root in self._inside
        self._inside.add(root)
        self.together += 1
        self.most_together = max(self.together, self.most_together)
        self.began[root].append(now())
        broken = now() < self._mended
        ending: Ending = self._chances.draw(st.sampled_from(ENDINGS)) if broken else "as declared"
        await asyncio.sleep(self._chances.draw(st.floats(0, 600)) if broken else 1)
        self.ended[root].append(now())
        self.together -= 1
        self._inside.discard(root)
        at = START + timedelta(seconds=now())
        return Look(Ran("run", "controller", False, root, root, (), at, at, 0), ending)


@given(st.data(), st.lists(st.floats(600, 7200), min_size=1, max_size=4), st.integers(1, 3))
def test_every_organisation_is_looked_at_on_time_and_recovers(
    chances: st.DataObject, every: list[float], at_once: int
) -> None:
    seen = Organisations(chances, mended=SPAN / 4)
    watched = {f"site-{number}": seconds for number, seconds in enumerate(every)}

    async def story() -> Watching:
        stop = asyncio.Event()
        loop = Watching(watched, seen.look, lambda each: "", LoopClock(), lambda: 1.0, stop, at_once)
        running = asyncio.create_task(loop.run())
        await asyncio.sleep(SPAN)
        stop.set()
        await running
        return loop

    loop = run(story())
    assert seen.overlaps == 0 and seen.most_together <= at_once
    for root, seconds in watched.items():
        gaps = [later - sooner for sooner, later in zip(seen.began[root], seen.began[root][1:], strict=False)]
        queue = 600.0 * len(every)  # as long as the others may take before it is its turn
        assert max(gaps) <= max(LONGEST, seconds) * (1 + JITTER) + queue
        rests = zip(seen.ended[root], seen.began[root][1:], strict=False)
        assert all(later - sooner >= SOONEST - 0.001 for sooner, later in rests)
        last = [gap for gap, at in zip(gaps, seen.began[root], strict=False) if at > SPAN * 0.75]
        assert all(gap <= seconds * (1 + JITTER) + len(every) for gap in last)
        stands: Watched = loop.state[root]
        assert (stands.fails, stands.doing) == (0, "stopped") and len(stands.past) <= KEPT


async def _stopped_while(paused: bool) -> float:
    stop = asyncio.Event()
    seen: list[str] = []

    async def look(root: str) -> Look:
        seen.append(root)
        return Look(Ran("run", "controller", False, root, root, (), START, START, 0), "as declared")

    loop = Watching({"a": 900.0}, look, lambda each: "why" if paused else "", LoopClock(), lambda: 0.0, stop)
    running = asyncio.create_task(loop.run())
    await asyncio.sleep(500)
    stop.set()
    began = asyncio.get_running_loop().time()
    await running
    assert bool(seen) != paused
    return asyncio.get_running_loop().time() - began


def test_a_stop_is_heard_at_once_while_it_waits_and_while_it_is_paused() -> None:
    assert run(_stopped_while(paused=False)) == run(_stopped_while(paused=True)) == 0


async def _paused_in_the_queue() -> list[str]:
    stop, seen, frozen = asyncio.Event(), list[str](), set[str]()

    async def look(root: str) -> Look:
        seen.append(root)
        await asyncio.sleep(10)
        frozen.add("b")  # while b waits for its turn
        return Look(Ran("run", "controller", False, root, root, (), START, START, 0), "as declared")

    def paused(each: Watched) -> str:
        return "freeze" if each.root in frozen else ""

    loop = Watching({"a": 900.0, "b": 900.0}, look, paused, LoopClock(), lambda: 0.0, stop, at_once=1)
    running = asyncio.create_task(loop.run())
    await asyncio.sleep(500)
    assert loop.state["b"].doing == "paused"
    stop.set()
    await running
    return seen


def test_what_is_paused_while_it_waits_for_its_turn_is_not_looked_at() -> None:
    assert run(_paused_in_the_queue()) == ["a"]


class SetBack(LoopClock):
    """A wall clock that somebody sets back by so much, once."""

    def __init__(self) -> None:
        self.back = timedelta()

    def now(self) -> datetime:
        return super().now() - self.back


async def _set_back() -> tuple[list[float], datetime, datetime]:
    stop, seen, clock = asyncio.Event(), list[float](), SetBack()

    async def look(root: str) -> Look:
        seen.append(clock.monotonic())
        return Look(Ran("run", "controller", False, root, root, (), START, START, 0), "as declared")

    loop = Watching({"a": 900.0}, look, lambda each: "", clock, lambda: 0.0, stop)
    running = asyncio.create_task(loop.run())
    await asyncio.sleep(100)
    clock.back = timedelta(hours=5)
    await asyncio.sleep(900)
    stop.set()
    await running
    return seen, loop.state["a"].due, clock.now()


def test_a_wall_clock_set_back_delays_no_look() -> None:
    seen, due, now = run(_set_back())
    assert seen == [0.0, 900.0]
    assert due - now == timedelta(seconds=800)
