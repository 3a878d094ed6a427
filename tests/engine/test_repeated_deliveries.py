"""A secret in hand is worth more than one try: an answer that fails or is lost costs no client its access."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from reconciler.errors import SinkError
from reconciler.model.marker import split
from reconciler.model.secret import Credential, Destination, Held, Receipt
from reconciler.planning.settle import DEADLINE
from tests.engine.test_rotation import ACME, PLACE, WANTED, _is_well, client, recover, rotate, signs_in
from tests.engine.world import MemorySink, World, outcome, results, world
from tests.support.clock import run

BROKE = SinkError("the server is sealed or down (503)", remedy="unseal it")


class Failing(MemorySink):
    """Fails so many deliveries, each before or after it has stored what it was given."""

    def __init__(self, here: World, times: float, *, stored: bool = False) -> None:
        super().__init__(held=here.sink.held, told=here.sink.told)
        self.left, self.stored, self.tried = times, stored, 0
        self.when: Callable[[int], Any] = lambda tried: None

    async def deliver(self, destination: Destination, credential: Credential) -> Receipt:
        self.tried += 1
        self.when(self.tried)
        if self.tried > self.left:
            return await super().deliver(destination, credential)
        if self.stored:
            await super().deliver(destination, credential)
        raise BROKE


def failing(here: World, times: float, *, stored: bool = False) -> Failing:
    here.sink = sink = Failing(here, times, stored=stored)
    return sink


@pytest.mark.parametrize("stored", [False, True], ids=["refused", "answer lost"])
def test_a_sink_that_fails_for_a_while_gets_the_secret_when_it_is_back(stored: bool) -> None:
    async def scenario() -> None:
        async with world({"old-secret": "dies"}) as here:
            await here.reconcile(WANTED)
            sink = failing(here, 3, stored=stored)
            report = await rotate(here, {ACME: "renew"})
            assert results(report) == {str(ACME): "done"}
            assert sink.tried == (1 if stored else 4)  # what has arrived is not written again
            await _is_well(here, client(here)["roleDivisions"])
            waits = [line for line in here.diary.lines if "sealed or down (503); trying again" in line]
            assert len(waits) == (1 if stored else 3)

    run(scenario())


def test_who_has_asked_to_stop_waits_for_a_secret_in_hand() -> None:
    async def scenario() -> None:
        async with world({"old-secret": "dies"}) as here:
            await here.reconcile(WANTED)
            failing(here, 3).when = lambda tried: here.stop.set()
            began = asyncio.get_running_loop().time()
            report = await rotate(here, {ACME: "renew"})
            assert report.interrupted and await signs_in(here, here.sink.held[PLACE])
            assert 7 <= asyncio.get_running_loop().time() - began < 60

    run(scenario())


def test_a_sink_that_stays_away_is_given_up_and_the_next_run_makes_it_good() -> None:
    async def scenario() -> None:
        async with world({"old-secret": "dies"}) as here:
            await here.reconcile(WANTED)
            sink = failing(here, float("inf"))
            began = asyncio.get_running_loop().time()
            end = outcome(await rotate(here, {ACME: "renew"}), str(ACME))
            assert end.result == "failed" and end.error.startswith(BROKE.message)
            assert DEADLINE <= asyncio.get_running_loop().time() - began < DEADLINE + 60
            assert sink.tried <= 9
            sink.left = 0
            await here.reconcile(WANTED)
            await _is_well(here, client(here)["roleDivisions"])

    run(scenario())


def test_what_another_run_puts_there_between_two_tries_stays() -> None:
    async def scenario() -> None:
        async with world({"old-secret": "dies"}) as here:
            await here.reconcile(WANTED)
            sink = failing(here, 1)
            theirs = replace_issued(sink.told[PLACE])

            def meanwhile(tried: int) -> None:
                sink.told[PLACE] = theirs

            sink.when = meanwhile
            end = outcome(await rotate(here, {ACME: "renew"}), str(ACME))
            assert end.result == "failed" and "another secret of this client is there now" in end.error
            assert (sink.tried, sink.told[PLACE]) == (1, theirs)

    run(scenario())


def replace_issued(held: Held) -> Held:
    assert held.issued is not None
    return held._replace(issued=held.issued + timedelta(minutes=10))


def test_what_another_wrote_before_the_first_try_is_not_taken_for_ours() -> None:
    """A program may tell the client and a version, and no date; a recovery knows no nonce of its own."""

    async def scenario() -> None:
        async with world({"old-secret": "dies"}) as here:
            await here.reconcile(WANTED)
            here.sim.faults([{"kind": "timeout-after", "method": "POST", "path": "*/secret", "times": None}])
            assert results(await rotate(here, {ACME: "renew"})) == {str(ACME): "failed"}
            here.sim.faults([])
            owner, versions = here.sink.held[PLACE]["id"], ["1"]

            async def status(destination: Destination) -> Held:
                return Held(owner, version=versions[-1])

            def touched(line: str) -> None:
                if line == f"conclude {ACME}:renew":
                    versions.append("2")

            here.sink.status, here.diary.on = status, touched  # type: ignore[method-assign]
            end = outcome(await recover(here), str(ACME))
            assert end.result == "failed" and "another secret of this client is there now" in end.error
            assert _nonce_stands(here)

    run(scenario())


def _nonce_stands(here: World) -> bool:
    marker = split(client(here)["description"])[1]
    return marker is not None and bool(marker.nonce)
