"""A birth whose answer was lost is looked for once it can be seen, and is not made a second time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from tests.journeys.world import World

LOST = {"kind": "timeout-after", "method": "POST", "path": "/api/v2/oauth/clients", "nth": 2, "seconds": 1}
BLIND = {"kind": "stale", "method": "GET", "path": "/api/v2/oauth/clients", "seconds": 30, "times": None}


def markers(world: World) -> Counter[str]:
    return Counter(row["description"].partition("[")[2].partition("#")[0].partition("@")[0]
                   for row in world.live_clients())  # fmt: skip


@pytest.fixture
def store() -> str:
    return "kept"


def cut_off(world: World) -> None:
    """A first apply that hears no answer to a birth; from then on lists are half a minute old."""
    world.sim.faults([LOST])
    assert world.apply().code == 5
    world.sim.faults([BLIND])


def test_the_next_run_waits_until_a_list_can_show_it(make_world: Callable[..., World]) -> None:
    world = make_world()
    cut_off(world)
    before = world.time()
    ran = world.apply()
    assert "heard no answer" in ran.err and world.time() - before >= 20
    assert set(markers(world).values()) == {1}, markers(world)
    world.sim.faults([])
    world.settle()
    assert set(markers(world).values()) == {1} and len(markers(world)) == 7


def test_a_minute_later_nobody_waits(make_world: Callable[..., World]) -> None:
    world = make_world()
    cut_off(world)
    world.let_pass(days=1)
    assert "heard no answer" not in world.apply().err


def test_what_is_not_to_be_born_is_not_waited_for(make_world: Callable[..., World]) -> None:
    world = make_world()
    world.sim.faults([LOST])
    assert world.apply().code == 5
    assert "heard no answer" not in world.apply().err, "it is in the list, and is finished"
    assert set(markers(world).values()) == {1}


def test_reading_does_not_wait(make_world: Callable[..., World]) -> None:
    world = make_world()
    cut_off(world)
    assert "heard no answer" not in world.run("plan").err
