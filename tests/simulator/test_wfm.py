"""Workforce management follows the division of a unit, whoever its agents are."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.things import ids, names, tenant, tenants

WFM = "workforcemanagement"
WEEK = {"startDate": "2026-01-05T00:00:00Z", "endDate": "2026-01-12T00:00:00Z"}
VIEW, SCHEDULE = "wfm:businessUnit:view", "wfm:schedule:view"


def agents(answer: Any) -> list[str]:
    """Ids of the people in a schedule."""
    return [row["user"]["id"] for row in answer["result"]["agentSchedules"]]


async def test_plain_lists_need_no_permission_and_show_only_units_one_may_open() -> None:
    guest = await tenants()
    for right, seen in ((VIEW, ["East BU"]), ("routing:queue:view", [])):
        confined = await tenant(guest, right)
        assert names(await confined.get(f"{WFM}/businessunits")) == seen
        assert names(await confined.get(f"{WFM}/managementunits")) == [name[:-2] + "MU" for name in seen]


@pytest.mark.parametrize("kind", ["businessunits", "managementunits"])
async def test_the_simple_lists_have_a_right_of_their_own(kind: str) -> None:
    guest = await tenants()
    right = f"wfm:{'businessUnit' if kind[0] == 'b' else 'managementUnit'}:search"
    confined = await tenant(guest, right)
    assert names(await confined.get(f"{WFM}/{kind}/divisionviews")) == [f"East {kind[0].upper()}U"]
    assert names(await confined.get(f"{WFM}/{kind}")) == []
    assert (await (await tenant(guest, VIEW)).call("GET", f"{WFM}/{kind}/divisionviews"))[0] == 403
    everywhere = await tenant(guest, right, division="*")
    filtered = await everywhere.get(f"{WFM}/{kind}/divisionviews?divisionId={ids(guest)['East']}")
    assert names(filtered) == [f"East {kind[0].upper()}U"]


async def test_a_management_unit_follows_its_own_division_not_that_of_its_business_unit() -> None:
    guest = await tenants()
    known, west = ids(guest), await tenant(guest, VIEW, division="West")
    below = f"{WFM}/businessunits/{known['East BU']}/managementunits"
    assert names(await west.get(below)) == ["Lent MU"]
    assert names(await (await tenant(guest, VIEW)).get(below)) == ["East MU"]
    assert (await west.call("GET", f"{WFM}/businessunits/{known['East BU']}"))[0] == 403
    assert (await west.get(f"{WFM}/managementunits/{known['Lent MU']}"))["businessUnit"]["id"] == known[
        "East BU"
    ]
    assert (await west.call("GET", f"{WFM}/businessunits/nobody/managementunits"))[0] == 404


async def test_a_single_unit_opens_to_any_of_many_permissions_in_its_division() -> None:
    guest = await tenants()
    known = ids(guest)
    for right in ("wfm:agent:view", "wfm:workPlan:view"):
        confined = await tenant(guest, right)
        for own, foreign in (("East BU", "West BU"), ("East MU", "West MU")):
            path = f"{WFM}/{'business' if own[-2] == 'B' else 'management'}units"
            assert (await confined.get(f"{path}/{known[own]}"))["name"] == own
            assert (await confined.call("GET", f"{path}/{known[foreign]}"))[0] == 403
    stranger = await tenant(guest, "routing:queue:view")
    assert (await stranger.call("GET", f"{WFM}/businessunits/{known['East BU']}"))[0] == 403


async def test_agents_are_seen_through_their_unit_wherever_they_are_themselves() -> None:
    guest = await tenants()
    known, confined = ids(guest), await tenant(guest, "wfm:agent:view")
    users = await confined.get(f"{WFM}/managementunits/{known['East MU']}/users")
    assert [row["id"] for row in users["entities"]] == [known["Ada"]]
    unit = await confined.get(f"{WFM}/agents/{known['Ada']}/managementunit")
    assert unit["managementUnit"]["id"] == known["East MU"]
    assert (await confined.call("GET", f"{WFM}/agents/{known['Bob']}/managementunit"))[0] == 403
    assert (await confined.call("GET", f"{WFM}/agents/{known['Dan']}/managementunit"))[0] == 404
    away = f"authorization/divisions/{known['West']}/objects/USER"
    mover = await tenant(guest, "directory:user:edit", division="*")
    assert (await mover.call("POST", away, [known["Ada"]]))[0] == 204
    assert (await confined.call("GET", f"{WFM}/agents/{known['Ada']}/managementunit"))[0] == 200


async def test_adherence_is_told_of_own_agents_only() -> None:
    guest = await tenants()
    known, confined = ids(guest), await tenant(guest, "wfm:realtimeAdherence:view")
    both = await confined.get(f"{WFM}/adherence?userId={known['Ada']}&userId={known['Bob']}")
    assert [(row["user"]["id"], row["adherenceState"]) for row in both] == [(known["Ada"], "InAdherence")]
    listed = await confined.get(f"{WFM}/managementunits/{known['East MU']}/adherence")
    assert [row["id"] for row in listed["entities"]] == [known["Ada"]]
    assert (await confined.call("GET", f"{WFM}/managementunits/{known['West MU']}/adherence"))[0] == 403
    assert (await confined.call("GET", f"{WFM}/adherence"))[0] == 400
    stranger = await tenant(guest, "wfm:agent:view")
    assert (await stranger.call("GET", f"{WFM}/adherence?userId={known['Ada']}"))[0] == 403


async def test_schedules_of_a_business_unit_are_those_of_the_units_one_may_see() -> None:
    guest = await tenants()
    known = ids(guest)
    path = f"{WFM}/businessunits/{known['East BU']}/agentschedules/search"
    confined, everywhere = await tenant(guest, SCHEDULE), await tenant(guest, SCHEDULE, division="*")
    assert agents(await confined.make(path, WEEK)) == [known["Ada"]]
    assert agents(await everywhere.make(path, WEEK)) == [known["Ada"], known["Cy"]]
    assert agents(await everywhere.make(path, WEEK | {"userIds": [known["Cy"]]})) == [known["Cy"]]
    west = await tenant(guest, SCHEDULE, division="West")
    assert (await west.call("POST", path, WEEK))[0] == 403
    assert (await (await tenant(guest, VIEW)).call("POST", path, WEEK))[0] == 403


async def test_a_schedule_has_the_workdays_between_two_dates() -> None:
    guest = await tenants()
    known, confined = ids(guest), await tenant(guest, SCHEDULE)
    path = f"{WFM}/managementunits/{known['East MU']}"
    told = await confined.make(f"{path}/agentschedules/search", WEEK)
    days = [shift["startDate"][:10] for shift in told["result"]["agentSchedules"][0]["shifts"]]
    assert days == [f"2026-01-{day:02}" for day in range(5, 10)]
    old = await confined.make(f"{path}/schedules/search", WEEK | {"userIds": [known["Ada"], known["Bob"]]})
    assert {key: len(each["shifts"]) for key, each in old["userSchedules"].items()} == {known["Ada"]: 5}


@pytest.mark.parametrize("end", ["2026-01-05T00:00:00Z", "2027-12-12T00:00:00Z", "soon"])
async def test_a_span_that_makes_no_sense_is_refused(end: str) -> None:
    guest = await tenants()
    path = f"{WFM}/managementunits/{ids(guest)['East MU']}/agentschedules/search"
    confined = await tenant(guest, SCHEDULE)
    assert (await confined.call("POST", path, WEEK | {"endDate": end}))[0] == 400
