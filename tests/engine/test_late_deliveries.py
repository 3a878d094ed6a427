"""A run that stood still with a secret in hand puts nothing over what another run has put there since."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from reconciler.engine.keeper import Keeper
from reconciler.errors import JournalError, LeaseLost
from reconciler.genesys import GenesysApi
from reconciler.model.marker import split
from reconciler.model.outcome import ApplyReport
from reconciler.model.secret import Held
from reconciler.planning import lease as rules
from tests.engine.leases import CLAIM, Store
from tests.engine.test_rotation import (
    ACME,
    PLACE,
    WANTED,
    _is_well,
    client,
    planned,
    recover,
    signs_in,
)
from tests.engine.world import World, outcome, results, world
from tests.support.clock import LoopClock, run, threadless
from tests.support.org import connect

Meanwhile = Callable[[], Awaitable[Any]]


@dataclass
class Pausing:
    """An API whose process stands still once it has heard a secret, while something else happens."""

    api: GenesysApi
    meanwhile: Meanwhile | None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.api, name)

    async def write(self, *given: Any) -> Any:
        answer = await self.api.write(*given)
        if answer.secret is not None and self.meanwhile:
            meanwhile, self.meanwhile = self.meanwhile, None
            await meanwhile()
        return answer


def standing_still(here: World, meanwhile: Meanwhile) -> World:
    """Another process on the same organisation and sink."""
    return replace(here, api=Pausing(here.api, meanwhile))  # type: ignore[arg-type]


async def another_run(here: World) -> None:
    """It takes over, finds the nonce, and ends what the first began."""
    async with connect(here.sim) as api:
        assert set(results(await replace(here, api=api).reconcile(WANTED)).values()) == {"done"}


def only_dates(here: World) -> None:
    """A sink that nobody can read again, as GitHub's are."""

    async def status(destination: Any) -> Held | None:
        told = here.sink.told.get(destination.path)
        return Held(issued=told.issued) if told else None

    here.sink.status = status  # type: ignore[method-assign]


async def stood_still(here: World, what: str) -> ApplyReport:
    """A run that makes a secret and hears of it; then another one does everything."""
    if what == "a rotation":
        await here.reconcile(WANTED)
        return await (late := standing_still(here, lambda: another_run(here))).apply(
            await planned(late, {ACME: "renew"})
        )
    return await standing_still(here, lambda: another_run(here)).reconcile(WANTED)


@pytest.mark.parametrize("told", ["all", "dates"])
@pytest.mark.parametrize("what", ["a birth", "a rotation"])
def test_what_another_run_delivered_meanwhile_stays_and_works(what: str, told: str) -> None:
    async def scenario() -> None:
        async with world({"old-secret": "dies"}) as here:
            if told == "dates":
                only_dates(here)
            end = outcome(await stood_still(here, what), str(ACME))
            assert end.result == "failed" and "somebody else wrote to acme/metrics.json" in end.error
            await _is_well(here, client(here)["roleDivisions"])

    run(scenario())


@pytest.fixture
def no_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Heartbeats without threads beside virtual time."""
    threadless(monkeypatch)


async def rotate_under_a_lease(here: World, store: Store, seconds: float, advance: bool) -> None:
    """A rotation that hears its secret and then, asleep or awake, lets so many seconds pass."""

    async def meanwhile() -> None:
        if advance:
            asyncio.get_running_loop().advance(seconds)  # type: ignore[attr-defined]
        else:
            await asyncio.sleep(seconds)

    keeper, plan = Keeper(lambda: store, LoopClock()), await planned(here, {ACME: "renew"})
    async with keeper.held(CLAIM, None, lambda words: None):
        await standing_still(here, meanwhile).apply(plan, fence=keeper)


LOSSES = {
    "asleep until it may have ended": (Store(), rules.LEASE_SECONDS, True),
    "another has it": (Store(fails=LeaseLost("no longer ours")), rules.BEAT_SECONDS + 1, False),
    "nobody tells for too long": (Store(fails=JournalError("gone")), rules.LEASE_SECONDS, False),
}


@pytest.mark.parametrize("how", LOSSES)
@pytest.mark.usefixtures("no_threads")
def test_where_the_lease_may_be_anothers_a_secret_in_hand_is_not_delivered(how: str) -> None:
    """The run ends, the nonce stays, and the next run delivers a secret that works."""

    async def scenario() -> None:
        async with world({"old-secret": "dies"}) as here:
            await here.reconcile(WANTED)
            before, grants = dict(here.sink.held[PLACE]), client(here)["roleDivisions"]
            with pytest.raises(LeaseLost):
                await rotate_under_a_lease(here, *LOSSES[how])
            marker = split(client(here)["description"])[1]
            assert here.sink.held[PLACE] == before and marker is not None and marker.nonce
            assert results(await recover(here)) == {str(ACME): "done"}
            await _is_well(here, grants)

    run(scenario())


@pytest.mark.usefixtures("no_threads")
def test_a_heartbeat_that_fails_costs_no_secret_in_hand_while_the_lease_still_stands() -> None:
    """Nobody can have taken it over yet: keeping the secret back would cut its client off for nothing."""

    async def scenario() -> None:
        async with world({"old-secret": "dies"}) as here:
            await here.reconcile(WANTED)
            before = dict(here.sink.held[PLACE])
            await rotate_under_a_lease(here, Store(fails=JournalError("gone")), rules.BEAT_SECONDS + 1, False)
            assert here.sink.held[PLACE] != before and await signs_in(here, here.sink.held[PLACE])

    run(scenario())
