"""An organisation that shows changes seconds late: read-backs wait, and the run converges."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

import pytest

from reconciler.simulator.exchange import Request
from reconciler.simulator.faults import Outcome
from tests.journeys.test_drift_command import put
from tests.journeys.world import APPLY, World

FRESH = {"kind": "stale", "method": "GET", "path": "/api/v2/*", "seconds": 0, "times": None}
"""Whoever asks is told how it is; what somebody may do is still as old as the lag."""


@pytest.fixture
def lagging(make_world: Callable[..., World]) -> World:
    return make_world(lag=5.0)


def test_apply_waits_until_what_it_wrote_is_seen(lagging: World) -> None:
    lagging.settle()
    wrote = {each.path.partition("?")[0]: each.at for each in lagging.sim.requests if each.method == "POST"}
    last = max(each.at for each in lagging.sim.requests)
    assert last - max(at for path, at in wrote.items() if path.startswith("/api/v2")) > 5
    again, writes = lagging.wrote(*APPLY)
    assert again.last.startswith("nothing to do") and writes == []


def test_every_secret_that_was_delivered_works(lagging: World) -> None:
    lagging.settle()
    assert len(lagging.delivered()) == 6
    for address, file in lagging.delivered().items():
        assert lagging.signs_in(file["clientId"], file["clientSecret"]), address


def test_a_change_of_a_role_and_its_holders_converges(lagging: World) -> None:
    lagging.settle()
    lagging.change("shared.yaml", "- wfm:historicalAdherence:view", "- wfm:schedule:view")
    lagging.change("tenants/acme-retail.yaml", "divisions: [us]}", "divisions: [ca]}")
    lagging.settle()
    assert ("acme-adherence", "wfm:schedule:view", "ACME-CA") in lagging.access()
    again, writes = lagging.wrote(*APPLY)
    assert again.last.startswith("nothing to do") and writes == []


@pytest.mark.parametrize("lag", [30.0, 90.0])
def test_a_long_lag_is_sat_out(make_world: Callable[..., World], lag: float) -> None:
    world = make_world(lag=lag)
    world.settle()
    assert world.apply().last.startswith("nothing to do")


def test_what_is_never_seen_is_unconfirmed_and_not_failed(make_world: Callable[..., World]) -> None:
    world = make_world(lag=1000.0)
    ran = world.apply("--only", "org/division")
    assert ran.code == 5 and "not confirmed" in ran.out.lower()
    world.sim.clock.advance(1000)
    assert world.apply("--only", "org/division").last.startswith("nothing to do")


def test_who_was_to_be_switched_on_when_a_run_ended_uses_nothing_that_it_lost(
    make_world: Callable[..., World],
) -> None:
    """The run was ended while caches were to agree on the loss; no journal tells the next one of that."""
    world = make_world(lag=8.0, store="off")
    world.settle()
    put(world, "globex-bank-metrics", state="inactive")
    world.change("tenants/globex-bank.yaml", "spec:\n", "spec:\n  state: suspended\n")
    world.wait(60)
    world.sim.faults([FRESH])
    only = ("--only", "globex-bank/client/metrics")
    after_each(world, "DELETE", "globex-bank-metrics", lambda: os.kill(os.getpid(), signal.SIGTERM))
    assert world.apply(*only).code == 130 and world.grants("globex-bank-metrics") == set()
    row, told = world.row("clients", "globex-bank-metrics"), world.delivered()["globex-bank/client/metrics"]
    assert row["state"] == "inactive"
    queues = (told["clientId"], told["clientSecret"], "/api/v2/routing/queues")
    answers: list[int] = []
    after_each(world, "PUT", "globex-bank-metrics", lambda: answers.append(world.call_as(*queues)))
    ran = world.apply(*only)
    assert answers == [403], "what it may do is read in caches that have seen the loss"
    assert ran.code == 0 and world.row("clients", "globex-bank-metrics")["state"] == "active"


def after_each(world: World, method: str, client: str, deed: Callable[[], Any]) -> None:
    """What happens the moment that such a write about a client is done."""
    identity, respond = world.row("clients", client)["id"], type(world.sim).respond

    def responding(request: Request) -> Outcome:
        outcome = respond(world.sim, request)
        if request.method == method and identity in request.path:
            deed()
        return outcome

    world.patch.setattr(world.sim, "respond", responding)
