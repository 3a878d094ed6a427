"""An organisation that shows changes seconds late: read-backs wait, and the run converges."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.journeys.world import APPLY, World


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
