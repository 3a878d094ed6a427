"""What there is to see in the bundled organisations: as much as their stories say, and where it belongs."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.simulator.misconfigurations import CROSSED_BY_HAND
from tests.simulator.organisation import Named
from tests.simulator.questions import TENANTS, tenant

SECTIONS = (
    "wrapupCodes", "flows", "dataTables", "businessUnits", "managementUnits", "conversations", "contacts",
)  # fmt: skip
THINGS = {
    "bare": (0, 0, 0, 0, 0, 0, 0),
    "harbor-health": (5, 7, 3, 3, 5, 10, 4),
    "meridian": (7, 11, 4, 3, 19, 22, 0),
    "northwind": (12, 9, 6, 2, 5, 40, 5),
    "northwind-new": (3, 1, 1, 1, 1, 2, 0),
    "tinydesk": (2, 2, 1, 1, 2, 3, 0),
}
CUSTOMERS = {
    "northwind": TENANTS,
    "meridian": ("cygnus", "corvus", "orion", "vega"),
    "harbor-health": ("agency-brightcall", "agency-serena", "hhn"),
    "tinydesk": ("tiny", "petite"),
}
"""Whose divisions begin with which word."""
CROSSED = {
    "northwind": CROSSED_BY_HAND,
    "meridian": {"cygnus caller wanted corvus"},
    "harbor-health": {"appointment taken over", "bill turns into a plan"},
    "tinydesk": {"wrong number"},
}
"""Conversations that touched two of them."""


@pytest.mark.parametrize("seed", THINGS)
def test_there_is_as_much_to_see_as_there_was(seed: str) -> None:
    state = Named.of(seed).state
    assert tuple(len(state[each]) for each in SECTIONS) == THINGS[seed]


@pytest.mark.parametrize("seed", CROSSED)
def test_a_conversation_crosses_from_one_customer_to_another_where_the_story_says(seed: str) -> None:
    org = Named.of(seed)

    def customers(row: dict[str, list[str]]) -> set[str]:
        where = [org.names[division].lower() for division in row["divisions"]]
        return {each for each in CUSTOMERS[seed] for name in where if name.startswith(each)}

    crossed = {row["name"] for row in org.state["conversations"] if len(customers(row)) > 1}
    assert crossed == CROSSED[seed]


@pytest.mark.parametrize("seed", CROSSED)
def test_some_are_recorded_and_some_stay_in_one_division(seed: str) -> None:
    rows = Named.of(seed).state["conversations"]
    assert {bool(row["recordings"]) for row in rows} == {True, False}
    assert {min(len(row["divisions"]), 2) for row in rows} == {1, 2}


def test_northwind_is_as_large_as_its_story_says() -> None:
    org = Named.of("northwind")
    queues = Counter(tenant(org.names[row["division"]]) for row in org.state["queues"])
    assert queues == {"acme": 8, "globex": 6, "initech": 6, "": 4}
    assert len([row for row in org.state["wrapupCodes"] if row["division"] == "*"]) == 3
    assert all(row["members"] or row["groups"] for row in org.state["queues"])


def test_what_bears_a_customers_name_is_in_a_division_of_that_customer() -> None:
    org = Named.of("northwind")
    for section in ("queues", "wrapupCodes", "flows", "dataTables", "managementUnits"):
        for row in org.state[section]:
            assert tenant(org.names[row["division"]]) == tenant(row["name"]), row["name"]


def test_agents_of_northwind_serve_and_are_planned_where_they_belong() -> None:
    org = Named.of("northwind")
    where = {row["id"]: org.names[row["division"]] for row in org.state["users"]}
    for row in org.state["managementUnits"]:
        assert {where[key] for key in row["agents"]} == {org.names[row["division"]]}, row["name"]
    for row in org.state["queues"]:
        owner = tenant(org.names[row["division"]])
        assert not owner or {tenant(where[key]) for key in row["members"]} <= {owner}, row["name"]
    agents = [row["id"] for row in org.state["users"] if row.get("title") == "Agent"]
    assert sorted(agents) == sorted(key for row in org.state["managementUnits"] for key in row["agents"])
