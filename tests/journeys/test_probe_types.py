"""Every type that a token can list is tried, wherever its permission is held."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reconciler.model.sight import SIGHTS
from reconciler.simulator.seed import parse_seed
from tests.journeys.test_probe import GLOBEX, client, grant_everywhere, probed, verdicts
from tests.journeys.world import World

BEHIND = ("ACME-US", "GLOBEX")
SEED = """
base: northwind-new
codes: [{name: First Code, division: Home}, {name: Second Code, division: Home}]
queues: [{name: First Queue}, {name: Second Queue}]
flows: [{name: First Flow}, {name: Second Flow}]
tables: [{name: First Table}, {name: Second Table}]
units:
  - {name: First Unit, managementUnits: [{name: First Floor}]}
  - {name: Second Unit, managementUnits: [{name: Second Floor}]}
"""
MOVED = {
    "queues": ("QUEUE", "Queue"),
    "flows": ("FLOW", "Flow"),
    "dataTables": ("DATATABLES", "Table"),
    "businessUnits": ("BUSINESSUNIT", "Unit"),
    "managementUnits": ("MANAGEMENTUNIT", "Floor"),
}
TRIED = [each for each in SIGHTS if each.type != "wrap-up codes"]
"""Wrap-up codes have no mover in the simulator, so no tenant owns one."""


@pytest.fixture
def rich(make_world: Callable[..., World]) -> World:
    """Two tenants with an object of each type behind their walls, and a role that reads them all."""
    world = make_world(seed=parse_seed(SEED))
    extra = "".join(
        f"        - {each.permission}\n"
        for each in SIGHTS
        if not each.permission.startswith("routing:queue:")
    )
    line = "        - routing:queue:view\n"
    world.change("shared.yaml", line, line + extra)
    world.settle()
    for section, (kind, word) in MOVED.items():
        for name, division in zip(("First", "Second"), BEHIND, strict=True):
            where = world.row("divisions", division)["id"]
            what = world.row(section, f"{name} {word}")["id"]
            world.drift("POST", f"authorization/divisions/{where}/objects/{kind}", [what])
    return world


def test_each_type_is_listed_and_tried_by_id(rich: World) -> None:
    found = probed(rich, 0)
    lists = {one["permission"]: one for one in client(found)["lists"]}
    assert lists.keys() == {each.permission for each in SIGHTS}
    assert {lists[each.permission]["verdict"] for each in TRIED} == {"CONFIRMED"}
    assert {lists[each.permission]["listed"] for each in TRIED} == {1}
    assert all(lists[each.permission]["tried"] >= 1 for each in TRIED if each.single)
    codes = lists["routing:wrapupCode:view"]  # three in every division, none of its own
    assert (codes["verdict"], codes["listed"], codes["foreign"]) == ("VACUOUS", 3, 0)


def test_a_star_shows_foreign_ones_of_each_type(rich: World) -> None:
    for edit in grant_everywhere(rich):
        rich.sim.edit(**edit)
    found = probed(rich, 8)
    assert verdicts(found)[GLOBEX] == "LEAK"
    assert {one["verdict"] for one in client(found)["lists"]} == {"LEAK"}
    assert all(one["answered"] >= 1 for one in client(found)["lists"] if one["tried"])
    assert verdicts(found)["acme-retail/client/metrics"] == "CONFIRMED"
