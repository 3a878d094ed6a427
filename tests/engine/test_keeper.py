"""A lease is taken before anything is sent, kept alive, and closes the gate before it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from reconciler.engine.keeper import Keeper
from reconciler.errors import JournalError, LeaseHeld, LeaseLost
from reconciler.model.lease import Held
from reconciler.planning import lease as rules
from tests.engine.leases import CLAIM, MARIA, Store
from tests.support.clock import LoopClock, run, threadless


def play(story: Callable[[Keeper, list[str]], Awaitable[Any]], store: Store) -> list[str]:
    """What people were told in a story with this store, in virtual time."""
    told: list[str] = []

    async def telling() -> None:
        await story(Keeper(lambda: store, LoopClock()), told)

    run(telling())
    return told


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No threads beside virtual time."""
    threadless(monkeypatch)


def test_nothing_may_be_written_without_it_and_nothing_after_it() -> None:
    async def story(keeper: Keeper, told: list[str]) -> None:
        with pytest.raises(LeaseLost, match="no write without a lease"):
            keeper.check()
        async with keeper.held(CLAIM, None, told.append):
            keeper.check()
        with pytest.raises(LeaseLost):
            keeper.check()

    store = Store()
    assert play(story, store) == []
    assert store.asked == ["take", "release", "close"]


def test_heartbeats_keep_the_gate_open_for_as_long_as_the_run_takes() -> None:
    async def story(keeper: Keeper, told: list[str]) -> None:
        async with keeper.held(CLAIM, None, told.append):
            for _ in range(100):
                await asyncio.sleep(37)
                keeper.check()

    store = Store()
    play(story, store)
    assert store.asked.count("beat") == 3700 // rules.BEAT_SECONDS


def test_a_gate_that_no_heartbeat_opens_again_closes_a_requests_time_before_the_lease_ends() -> None:
    """A process that is paused runs no heartbeats either: here its clock jumps."""

    async def story(keeper: Keeper, told: list[str]) -> None:
        loop: Any = asyncio.get_running_loop()
        async with keeper.held(CLAIM, None, told.append):
            loop.advance(rules.LEASE_SECONDS - rules.REQUEST_SECONDS - 1)
            keeper.check()
            loop.advance(2)
            with pytest.raises(LeaseLost, match="no heartbeat got through in time"):
                keeper.check()

    play(story, Store())


@pytest.mark.parametrize(
    ("fails", "said"),
    [
        (JournalError("the server is gone"), "no heartbeat gets through: the server is gone"),
        (LeaseLost("no longer ours"), "no longer ours"),
    ],
    ids=["unreachable", "taken-over"],
)
def test_a_heartbeat_that_fails_closes_the_gate_for_good(fails: Any, said: str) -> None:
    store = Store(fails=fails)

    async def story(keeper: Keeper, told: list[str]) -> None:
        async with keeper.held(CLAIM, None, told.append):
            await asyncio.sleep(rules.BEAT_SECONDS + 1)
            store.fails = None
            for _ in range(3):
                with pytest.raises(LeaseLost, match=said):
                    keeper.check()
                await asyncio.sleep(rules.BEAT_SECONDS)
            with pytest.raises(LeaseLost):
                await keeper.renewing()

    play(story, store)
    assert store.asked == ["take", "beat", "release", "close"]


def test_a_new_token_is_had_only_behind_a_heartbeat_and_its_end_is_on_record_before_it_is_used() -> None:
    store = Store()

    async def story(keeper: Keeper, told: list[str]) -> None:
        await keeper.renewing()  # planning: nothing is held yet
        await keeper.renewed(300.0)
        await asyncio.sleep(20)
        async with keeper.held(CLAIM, None, told.append):
            await asyncio.sleep(10)
            await keeper.renewing()
            await keeper.renewed(asyncio.get_running_loop().time() + 900.0)

    play(story, store)
    assert store.asked == ["take", "beat", "beat", "release", "close"]
    assert store.token_seconds == [280.0, 270.0, 900.0]


def test_who_was_taken_over_gets_no_new_token() -> None:
    async def story(keeper: Keeper, told: list[str]) -> None:
        async with keeper.held(CLAIM, None, told.append):
            store.fails = LeaseLost("no longer ours")
            with pytest.raises(LeaseLost):
                await keeper.renewing()

    store = Store()
    play(story, store)


def test_a_living_holder_is_named_at_once() -> None:
    store = Store(answers=[Held(MARIA, alive=True, seconds=310.0)])

    async def story(keeper: Keeper, told: list[str]) -> None:
        with pytest.raises(LeaseHeld) as refused:
            async with keeper.held(CLAIM, None, told.append):
                raise AssertionError("it is not ours")
        assert "run run-1 of maria@desk on desk, since 1970-01-01T00:00:00Z, epoch 7" in refused.value.message
        assert "should it die, it may be taken over from 2026-11-20T14:05:10Z" in refused.value.remedy
        assert LoopClock().monotonic() == 0.0

    assert play(story, store) == []
    assert store.asked == ["take", "release", "close"]


def test_a_silent_holder_is_waited_for_with_a_reason_that_is_told_once() -> None:
    left = [Held(MARIA, alive=False, seconds=25.0 - 10 * number) for number in range(3)]

    async def story(keeper: Keeper, told: list[str]) -> None:
        async with keeper.held(CLAIM, None, told.append):
            assert LoopClock().monotonic() == 25.0

    (told,) = play(story, Store(answers=left))
    assert told.startswith("waiting: the lease of northwind was left behind by run run-1 of maria@desk")
    assert told.endswith("it may be taken over in 25 s")


def test_who_said_so_waits_for_a_living_holder_and_then_gives_up() -> None:
    async def story(keeper: Keeper, told: list[str]) -> None:
        with pytest.raises(LeaseHeld):
            async with keeper.held(CLAIM, 35.0, told.append):
                raise AssertionError("it is not ours")
        assert LoopClock().monotonic() == 35.0

    told = play(story, Store(answers=[Held(MARIA, alive=True)] * 9))
    assert len(told) == 1 and "is held by run run-1" in told[0]


@pytest.mark.parametrize(("answers", "known"), [([], 1e9), ([Held(MARIA, alive=True)], 0.0)])
def test_who_waited_for_a_holder_trusts_no_record_of_how_long_nobody_held_it(
    answers: list[Held], known: float
) -> None:
    """A file that was put aside meanwhile knows of no holder at all, and a wall clock may be set."""

    async def story(keeper: Keeper, told: list[str]) -> None:
        async with keeper.held(CLAIM, 60.0, told.append) as taken:
            assert taken.quiet == known

    play(story, Store(answers=answers, quiet=1e9))


def test_a_lease_that_cannot_be_given_back_is_told_and_changes_nothing() -> None:
    async def story(keeper: Keeper, told: list[str]) -> None:
        async with keeper.held(CLAIM, None, told.append):
            pass

    store = Store(refuses=JournalError("the server is gone"))
    (told,) = play(story, store)
    assert "was not given back: the server is gone" in told and store.asked[-1] == "close"


def test_what_ends_the_run_also_gives_it_back() -> None:
    async def story(keeper: Keeper, told: list[str]) -> None:
        with pytest.raises(KeyboardInterrupt):
            async with keeper.held(CLAIM, None, told.append):
                raise KeyboardInterrupt

    store = Store()
    play(story, store)
    assert store.asked[-2:] == ["release", "close"]


def test_a_lease_without_heartbeats_stands_until_it_is_given_back() -> None:
    async def story(keeper: Keeper, told: list[str]) -> None:
        async with keeper.held(CLAIM, None, told.append):
            await asyncio.sleep(86_400)
            keeper.check()

    store = Store(fenced=False)
    play(story, store)
    assert "beat" not in store.asked
