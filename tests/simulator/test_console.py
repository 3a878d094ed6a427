"""People who are deleted and come back: where they are then, and what is left of their rights."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.simulator.seed import parse_seed
from tests.simulator.guest import Guest, open_door

SEED = """
base: bare
organisation: {id: 22222222-2222-2222-2222-222222222222, name: Own}
divisions: [{name: ACME}]
roles: [{name: Reader, permissions: ["routing:queue:view"]}]
users:
  - {name: Ada, email: ada@own.example}
  - {name: Eve, email: eve@own.example, division: ACME, grants: [{role: Reader, divisions: [ACME]}]}
  - {name: Gone, email: gone@own.example, division: ACME, state: deleted}
groups:
  - name: Team
    members: [eve@own.example]
    owners: [eve@own.example]
    grants: [{role: Reader, divisions: [ACME]}]
queues: [{name: Q, division: ACME, members: [eve@own.example]}]
"""


async def arrived(**switches: str) -> Guest:
    return await open_door(parse_seed(SEED), switches=switches)


def hand(guest: Guest, method: str, name: str, body: Any = None) -> tuple[int, Any]:
    return guest.sim.edit(method, f"/api/v2/users/{key_of(guest, name)}", body)


def key_of(guest: Guest, name: str) -> str:
    return str(guest.find("users", name)["id"])


async def place(guest: Guest, name: str, query: str = "") -> tuple[str, str]:
    row = await guest.get(f"users/{key_of(guest, name)}{query}")
    return row["state"], row["division"]["name"]


async def own_grants(guest: Guest, name: str) -> list[tuple[str, str]]:
    found = (await guest.get(f"authorization/subjects/{key_of(guest, name)}?includeDuplicates=true"))[
        "grants"
    ]
    return [(grant["role"]["name"], grant["subjectId"]) for grant in found]


async def test_who_is_deleted_and_restored_is_in_home_and_has_nothing_of_her_own() -> None:
    guest = await arrived()
    team = guest.find("groups", "Team")["id"]
    assert await place(guest, "Eve") == ("active", "ACME")
    assert await own_grants(guest, "Eve") == [("Reader", key_of(guest, "Eve")), ("Reader", team)]

    assert hand(guest, "DELETE", "Eve") == (204, None)
    assert (await guest.call("GET", f"users/{key_of(guest, 'Eve')}"))[0] == 404
    assert await place(guest, "Eve", "?state=deleted") == ("deleted", "Home")
    assert (await guest.get("users"))["total"] == 1

    assert hand(guest, "PATCH", "Eve", {"state": "active"})[0] == 200
    assert await place(guest, "Eve") == ("active", "Home")
    assert await own_grants(guest, "Eve") == [("Reader", team)]
    assert guest.find("users", "Eve")["version"] == 3


@pytest.mark.parametrize(("value", "stays"), [("kept", True), ("left", False)])
async def test_groups_have_who_is_deleted_still_or_not(value: str, stays: bool) -> None:
    guest = await arrived(**{"deleted-in-groups": value})
    hand(guest, "DELETE", "Eve")
    hand(guest, "PATCH", "Eve", {"state": "active"})
    team = guest.find("groups", "Team")
    assert [key_of(guest, "Eve") in team[each] for each in ("members", "owners")] == [stays, stays]
    assert len(await own_grants(guest, "Eve")) == stays


async def test_somebody_whom_the_seed_deleted_comes_back_in_home() -> None:
    guest = await arrived()
    assert hand(guest, "PATCH", "Gone", {"state": "active"})[0] == 200
    assert await place(guest, "Gone") == ("active", "Home")


async def test_who_is_inactive_stays_where_she_is_without_roles() -> None:
    guest = await arrived()
    assert hand(guest, "PATCH", "Eve", {"state": "inactive"})[0] == 200
    assert await place(guest, "Eve") == ("inactive", "ACME")
    hand(guest, "PATCH", "Eve", {"state": "active"})
    assert await place(guest, "Eve") == ("active", "ACME")
    assert len(await own_grants(guest, "Eve")) == 1


async def test_audits_tell_who_did_it() -> None:
    guest = await arrived()
    hand(guest, "DELETE", "Eve")
    hand(guest, "PATCH", "Eve", {"state": "active"})
    told = [(row["entityType"], row["action"], row["user"]["name"]) for row in guest.sim.state()["audits"]]
    assert told == [("User", "Delete", "Ada"), ("Role", "MemberRemove", "Ada"), ("User", "Update", "Ada")]


async def test_a_deletion_may_come_just_before_a_request() -> None:
    guest = await arrived()
    edit = {"method": "DELETE", "path": f"/api/v2/users/{key_of(guest, 'Eve')}"}
    guest.sim.faults([{"kind": "edit", "edits": [edit], "path": "*/users"}])
    assert [row["name"] for row in (await guest.get("users"))["entities"]] == ["Ada"]


async def test_what_makes_no_sense_is_refused() -> None:
    guest = await arrived()
    assert hand(guest, "PATCH", "Eve", {"state": "asleep"})[0] == 400
    assert hand(guest, "PATCH", "Eve")[0] == 400
    assert hand(guest, "PATCH", "Gone", {"state": "inactive"})[0] == 400
    assert hand(guest, "DELETE", "Gone")[0] == 404
    assert guest.sim.edit("DELETE", "/api/v2/users/nobody")[0] == 404
    assert guest.sim.state()["audits"] == []


async def test_no_client_can_do_it_and_who_is_deleted_does_nothing() -> None:
    guest = await arrived()
    for method in ("DELETE", "PATCH"):
        assert (await guest.call(method, f"users/{key_of(guest, 'Eve')}", {"state": "inactive"}))[0] == 405
    hand(guest, "DELETE", "Ada")
    status, made = guest.sim.edit(
        "POST", "/api/v2/oauth/clients", {"name": "c", "authorizedGrantType": "CLIENT-CREDENTIALS"}
    )
    assert (status, made["createdBy"]["name"]) == (200, "Eve")
    with pytest.raises(ValueError, match="no user 'ada@"):
        guest.sim.edit("GET", "/api/v2/users", user="ada@own.example")
