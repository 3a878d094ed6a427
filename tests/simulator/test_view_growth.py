"""The page costs what it shows: four times the tenants are four times the work, counted in calls."""

from __future__ import annotations

from collections import Counter
from cProfile import Profile

import pytest

from reconciler.simulator import Settings, Simulator
from reconciler.simulator.view.page import page
from tests.simulator.guest import VirtualTime
from tests.simulator.tenants import OBJECTS, tenants

SMALL, LARGE = 25, 100


def simulated(number: int, everywhere: bool = False) -> Simulator:
    """So many tenants; each client may also see every division."""
    sim = Simulator(tenants(number), Settings(), clock=VirtualTime())
    for row in sim.snapshot()["clients"] if everywhere else ():
        grants = sim.org.live.pairs(row["id"])
        pairs = [{"roleId": role, "divisionId": "*"} for role, _ in grants]
        path = f"/api/v2/authorization/subjects/{row['id']}/bulkadd?subjectType=PC_OAUTH_CLIENT"
        assert sim.edit("POST", path, {"grants": pairs})[0] == 204
    return sim


def calls(sim: Simulator) -> Counter[str]:
    """By function."""
    profile, found = Profile(), Counter[str]()
    profile.runcall(page, sim)
    for entry in profile.getstats():
        found[entry.code if isinstance(entry.code, str) else entry.code.co_name] += entry.callcount
    return found


@pytest.mark.parametrize("everywhere", [False, True])
def test_calls_grow_with_the_number_of_tenants(everywhere: bool) -> None:
    page(simulated(1))  # what is done once, like compiling templates, is done now
    few, many = calls(simulated(SMALL, everywhere)), calls(simulated(LARGE, everywhere))
    most = LARGE / SMALL * 1.05
    assert many.total() / few.total() <= most
    assert {name: count for name, count in many.items() if count > 1_000 and count > most * few[name]} == {}


def test_text_grows_with_the_number_of_tenants() -> None:
    few, many = (len(page(simulated(number))) for number in (SMALL, LARGE))
    assert many / few <= LARGE / SMALL * 1.05


def test_a_tenant_has_as_many_objects_as_it_says() -> None:
    state = simulated(3).snapshot()
    placed = [row for rows in state.values() if isinstance(rows, list) for row in rows if "division" in row]
    assert len(placed) == 3 * OBJECTS
