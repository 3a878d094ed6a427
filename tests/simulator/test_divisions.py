"""Divisions: made, found, renamed, softly deleted, restored."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest

from reconciler.simulator import Seed, default_seed, find_seed
from tests.simulator.guest import Guest, open_door

DIVISIONS = "authorization/divisions"


def small(**changes: Any) -> Seed:
    """The default organisation with other limits."""
    return replace(default_seed(), **changes)


async def test_a_division_is_made_with_name_and_description() -> None:
    guest = await open_door()
    made = await guest.make(DIVISIONS, {"name": "ACME", "description": "x", "homeDivision": True})
    assert made["homeDivision"] is False
    assert await guest.get(f"{DIVISIONS}/{made['id']}") == made
    assert made["selfUri"] == f"/api/v2/{DIVISIONS}/{made['id']}"


async def test_a_division_is_found_by_part_of_its_name_and_by_ids() -> None:
    guest = await open_door()
    first, second = await guest.division("ACME-US"), await guest.division("ACME-CA")
    by_name = await guest.get(f"{DIVISIONS}?name=acme-u")
    by_ids = await guest.get(f"{DIVISIONS}?id={first}&id={second}")
    assert [row["id"] for row in by_name["entities"]] == [first]
    assert [row["id"] for row in by_ids["entities"]] == [first, second]


async def test_a_division_is_renamed_even_home() -> None:
    guest = await open_door()
    home = await guest.get(f"{DIVISIONS}/home")
    status, renamed = await guest.call(
        "PUT", f"{DIVISIONS}/{home['id']}", {"name": "Base", "description": ""}
    )
    assert (status, renamed["name"], renamed["homeDivision"]) == (200, "Base", True)


async def test_a_name_differing_in_case_only_is_its_own() -> None:
    guest = await open_door()
    key = await guest.division("ACME")
    assert (await guest.call("PUT", f"{DIVISIONS}/{key}", {"name": "Acme", "description": ""}))[0] == 200


@pytest.mark.parametrize("body", [{"description": "x"}, {"name": " ", "description": ""}, {"name": 5}, []])
async def test_a_division_needs_a_name(body: Any) -> None:
    status, error = await (await open_door()).call("POST", DIVISIONS, body)
    assert (status, error["status"]) == (400, 400)


async def test_deleting_is_soft_and_restoring_keeps_the_id() -> None:
    guest = await open_door()
    key = await guest.division("ACME")
    assert await guest.call("DELETE", f"{DIVISIONS}/{key}") == (204, None)
    assert (await guest.call("GET", f"{DIVISIONS}/{key}"))[0] == 404
    assert [row["id"] for row in (await guest.get(f"{DIVISIONS}/deleted"))["entities"]] == [key]

    body = {"name": "ACME again", "description": ""}
    status, restored = await guest.call("POST", f"{DIVISIONS}/{key}/restore", body)
    assert (status, restored["id"], restored["name"]) == (200, key, "ACME again")
    assert (await guest.get(f"{DIVISIONS}/deleted"))["entities"] == []
    assert (await guest.call("POST", f"{DIVISIONS}/{key}/restore", body))[0] == 404


async def test_home_is_never_deleted_not_even_empty() -> None:
    guest = await open_door(find_seed("bare"))
    home = await guest.get(f"{DIVISIONS}/home")
    assert (await guest.call("DELETE", f"{DIVISIONS}/{home['id']}"))[0] == 400
    assert await guest.get(f"{DIVISIONS}/home") == home


async def test_a_division_with_objects_stays() -> None:
    guest = await open_door()
    key = await guest.division("ACME")
    await move_queue(guest, key)
    status, error = await guest.call("DELETE", f"{DIVISIONS}/{key}")
    assert (status, error["message"]) == (
        400,
        f"Scope '{key}' may not be deleted because it has objects in it.",
    )
    assert (await guest.get(f"{DIVISIONS}/{key}?objectCount=true"))["objectCounts"] == {"QUEUE": 1}


async def move_queue(guest: Guest, division: str) -> str:
    """One seeded queue, put into a division by the administrator."""
    queue = str(guest.find("queues", "NW Overflow")["id"])
    path = f"/api/v2/authorization/divisions/{division}/objects/QUEUE"
    assert guest.sim.edit("POST", path, [queue]) == (204, None)
    return queue


async def test_moving_an_object_needs_its_edit_permission_in_both_divisions() -> None:
    guest = await open_door()
    key, queue = await guest.division("ACME"), guest.find("queues", "NW Overflow")["id"]
    status, error = await guest.call("POST", f"{DIVISIONS}/{key}/objects/QUEUE", [queue])
    assert (status, error["code"]) == (403, "missing.division.permission")
    assert (await guest.call("POST", f"{DIVISIONS}/{key}/objects/CAMPAIGN", []))[0] == 400


async def test_objects_are_counted_when_asked_for_and_never_by_home() -> None:
    guest = await open_door()
    listed = (await guest.get(f"{DIVISIONS}?objectCount=true"))["entities"]
    assert listed[0]["objectCounts"] == {
        "QUEUE": 3, "USER": 12, "FLOW": 1, "DATATABLES": 1, "BUSINESSUNIT": 1, "MANAGEMENTUNIT": 1,
    }  # fmt: skip
    assert "objectCounts" not in (await guest.get(f"{DIVISIONS}?pageSize=1"))["entities"][0]
    assert "objectCounts" not in await guest.get(f"{DIVISIONS}/home")
    assert "objectCounts" not in await guest.get(f"{DIVISIONS}/{listed[0]['id']}?objectCount=true")


async def test_the_limit_is_a_bare_number_and_holds() -> None:
    guest = await open_door(small(limits={"divisions": 2}))
    assert await guest.get(f"{DIVISIONS}/limit") == 2
    await guest.division("one")
    status, error = await guest.call("POST", DIVISIONS, {"name": "two", "description": ""})
    assert (status, error["limit"]["value"]) == (400, 2)


async def test_the_cursor_walks_forth_and_back() -> None:
    guest = await open_door()
    names = ["Home"]
    for number in range(6):
        names.append(f"d{number}")
        await guest.division(names[-1])

    first = await guest.get(f"{DIVISIONS}/query?pageSize=3")
    second = await follow(guest, first["nextUri"])
    third = await follow(guest, second["nextUri"])
    assert [row["name"] for page in (first, second, third) for row in page["entities"]] == names
    assert "previousUri" not in first
    assert "nextUri" not in third
    assert (await follow(guest, third["previousUri"]))["entities"] == second["entities"]


async def follow(guest: Guest, uri: str) -> Any:
    parts = urlsplit(uri)
    return await guest.get(f"{parts.path.removeprefix('/api/v2/')}?{parts.query}")


async def test_a_cursor_of_nowhere_is_refused() -> None:
    guest = await open_door()
    assert (await guest.call("GET", f"{DIVISIONS}/query?after=nowhere"))[0] == 400
    assert (await guest.get(f"{DIVISIONS}/query?name=nothing"))["entities"] == []


async def test_grants_of_a_division_name_their_subjects() -> None:
    guest = await open_door()
    home = (await guest.get(f"{DIVISIONS}/home"))["id"]
    listed = await guest.get(f"{DIVISIONS}/{home}/grants?pageSize=500")
    subjects = {grant["subjectId"] for grant in listed["entities"]}
    assert guest.find("groups", "NW Agents")["id"] in subjects
    assert "nextUri" not in listed
    assert (await guest.call("GET", f"{DIVISIONS}/{home}/grants?pageSize=501"))[0] == 400
    assert (await guest.call("GET", f"{DIVISIONS}/nowhere/grants"))[0] == 404
