"""Audits tell every accepted write: who, what, when; usage tells what a client called."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.simulator.contract import document
from tests.simulator.guest import Guest, client_body, open_door
from tests.simulator.organisation import EVER
from tests.simulator.things import AUDIT, audits, ids, tenant, tenants

Told = list[tuple[str, str, str]]
USAGE = "usage:client:view"


def told(rows: list[dict[str, Any]]) -> Told:
    return [(row["entityType"], row["action"], row["entity"].get("name", "")) for row in rows]


async def test_the_life_of_a_role_and_a_client_is_told_with_who_did_it_and_when() -> None:
    guest = await open_door()
    role = await guest.role("r", "routing:queue:view")
    guest.time.now = 3600.0
    client = await guest.make("oauth/clients", client_body("c"))
    await guest.call("PUT", f"oauth/clients/{client['id']}", client_body("c", state="inactive"))
    await guest.call("DELETE", f"oauth/clients/{client['id']}")
    await guest.call("DELETE", f"authorization/roles/{role}")
    rows = await audits(guest)
    assert told(rows) == [
        ("Role", "Create", "r"), ("OAuthClient", "Create", "c"), ("OAuthClient", "Update", "c"),
        ("OAuthClient", "Delete", "c"), ("Role", "Delete", "r"),
    ]  # fmt: skip
    assert [row["eventDate"][11:16] for row in rows] == ["00:00"] + ["01:00"] * 4
    assert {row["client"]["id"] for row in rows} == {"operator"}
    assert {row["serviceName"] for row in rows} == {"PeoplePermissions"}
    changed = {
        each["property"]: (each["oldValues"], each["newValues"]) for each in rows[2]["propertyChanges"]
    }
    assert changed == {"state": (["active"], ["inactive"])}


async def test_a_person_is_named_as_a_user_and_not_as_a_client() -> None:
    guest = await open_door()
    guest.sim.edit("POST", "/api/v2/authorization/roles", {"name": "r"}, user="dana@northwind.example")
    (row,) = await audits(guest)
    assert (row["user"]["name"], "client" in row) == ("Dana Keller", False)


async def test_a_grant_is_a_member_of_a_role_and_its_division_is_not_told() -> None:
    guest = await open_door()
    role, here, there = await guest.role("r"), await guest.division("d"), await guest.division("e")
    mei = guest.find("users", "Mei Tanaka")["id"]
    for where in (here, there):
        await guest.grant(mei, (role, where), kind="PC_USER")
    for where in (here, there):
        await guest.call("DELETE", f"authorization/subjects/{mei}/divisions/{where}/roles/{role}")
    rows = [row for row in await audits(guest) if row["action"].startswith("Member")]
    assert [row["action"] for row in rows] == ["MemberAdd", "MemberUpdate", "MemberUpdate", "MemberRemove"]
    assert {row["entity"]["id"] for row in rows} == {role}
    assert all(mei in row["entity"]["name"] and row["propertyChanges"] == [] for row in rows)
    assert here not in str(rows) and there not in str(rows)


async def test_a_move_of_a_queue_is_told_as_its_division() -> None:
    guest = await tenants()
    mover = await tenant(guest, "routing:queue:edit", division="*")
    known = ids(guest)
    await mover.call("POST", f"authorization/divisions/{known['West']}/objects/QUEUE", [known["East Q"]])
    row = (await audits(guest))[-1]
    assert (row["serviceName"], row["entity"]["name"]) == ("ContactCenter", "East Q")
    (change,) = row["propertyChanges"]
    assert change == {"property": "divisionId", "oldValues": [known["East"]], "newValues": [known["West"]]}


async def test_reads_refusals_and_the_seed_leave_nothing() -> None:
    guest = await open_door()
    await guest.get("oauth/clients")
    assert (await guest.call("POST", "authorization/roles", {"name": " "}))[0] == 400
    assert (await guest.call("DELETE", "oauth/clients/operator"))[0] == 400
    assert await audits(guest) == []


async def test_one_write_that_changes_several_things_is_one_transaction() -> None:
    guest = await open_door()
    role, division = await guest.role("r"), await guest.division("d")
    await guest.client("c", (role, division))
    rows = (await audits(guest))[-2:]
    assert told(rows)[0] == ("OAuthClient", "Create", "c") and told(rows)[1][1] == "MemberAdd"
    assert [row["transactionInitiator"] for row in rows] == [True, False]
    related = await guest.make("audits/query/realtime/related", {"auditId": rows[1]["id"]})
    assert [row["id"] for row in related["entities"]] == [row["id"] for row in rows]
    assert (await guest.call("POST", "audits/query/realtime/related", {"auditId": "nothing"}))[0] == 404


async def started(guest: Guest, **asked: Any) -> str:
    query = await guest.make("audits/query", {"interval": EVER} | asked)
    assert query["state"] == "Queued"
    assert (await guest.get(f"audits/query/{query['id']}"))["state"] == "Succeeded"
    return f"audits/query/{query['id']}/results"


async def test_a_query_is_read_by_cursor_until_there_is_none() -> None:
    guest = await open_door()
    for name in "abcde":
        await guest.role(name)
    await audits(guest)
    path = await started(guest)
    pages, cursor = [await guest.get(f"{path}?pageSize=3")], ""
    while "cursor" in pages[-1]:
        cursor = pages[-1]["cursor"]
        pages.append(await guest.get(f"{path}?pageSize=3&cursor={cursor}"))
    rows = [row["entity"]["name"] for page in pages for row in page["entities"]]
    assert (rows[:5], [len(page["entities"]) for page in pages]) == ([*"abcde"], [3, 3, 1])
    assert (await guest.call("GET", f"{path}?pageSize=501"))[0] == 400
    assert (await guest.call("GET", f"{path}?cursor=x"))[0] == 400
    assert (await guest.call("GET", "audits/query/nothing"))[0] == 404


@pytest.mark.parametrize(
    ("asked", "seen"),
    [
        ({"filters": [{"property": "Action", "value": "Delete"}]}, ["b"]),
        ({"filters": [{"property": "ClientId", "value": "operator"}]}, ["a", "b", "b"]),
        ({"filters": [{"property": "ClientId", "value": "nobody"}]}, []),
        ({"filters": [{"property": "EntityType", "value": "OAuthClient"}]}, []),
        ({"serviceName": "ContactCenter"}, []),
        ({"sort": [{"name": "Timestamp", "sortOrder": "descending"}]}, ["b", "b", "a"]),
        ({"interval": "2026-01-01T00:30:00Z/2026-01-01T02:00:00Z"}, ["b"]),
        ({"interval": "2025-01-01T00:30:00Z/2025-12-31T00:00:00Z"}, []),
    ],
)
async def test_audits_are_found_by_what_was_asked(asked: dict[str, Any], seen: list[str]) -> None:
    guest = await open_door()
    await guest.role("a")
    second = await guest.role("b")
    guest.time.now = 3600.0
    await guest.call("DELETE", f"authorization/roles/{second}")
    assert [row["entity"]["name"] for row in await audits(guest, **asked)] == seen


@pytest.mark.parametrize("wrong", [{"interval": "yesterday"}, {"interval": "2026-01-02/2026-01-01"},
                                   {"serviceName": "Weather"}, {"pageSize": 501}])  # fmt: skip
async def test_a_question_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    guest = await open_door()
    await audits(guest)
    assert (await guest.call("POST", "audits/query/realtime", {"interval": EVER} | wrong))[0] == 400


async def test_audits_need_their_permission_and_have_no_division() -> None:
    guest = await tenants()
    await guest.role("elsewhere")
    confined = await tenant(guest, AUDIT)
    listed = await confined.make("audits/query/realtime", {"interval": EVER})
    assert "elsewhere" in [row["entity"]["name"] for row in listed["entities"]]
    stranger = await tenant(guest, "routing:queue:view", division="*")
    for method, path, body in (
        ("POST", "audits/query", {"interval": EVER}),
        ("POST", "audits/query/realtime", {"interval": EVER}),
        ("GET", "audits/query/servicemapping", None),
    ):
        assert (await stranger.call(method, path, body))[0] == 403


async def test_the_mapping_names_what_is_audited() -> None:
    guest = await tenants()
    mapping = (await (await tenant(guest, AUDIT)).get("audits/query/servicemapping"))["services"]
    services = {
        each["name"]: {kind["name"]: kind["actions"] for kind in each["entities"]} for each in mapping
    }
    assert services["PeoplePermissions"]["Role"] == [
        "Create", "Update", "Delete", "MemberAdd", "MemberUpdate", "MemberRemove",
    ]  # fmt: skip
    assert "Division" not in services["PeoplePermissions"]
    fields = document()["components"]["schemas"]["AuditLogMessage"]["properties"]
    kinds = {kind for each in services.values() for kind in each}
    assert services.keys() <= {*fields["serviceName"]["x-known-values"]}
    assert kinds <= {*fields["entityType"]["x-known-values"]}


async def test_audits_show_as_late_as_everything_else() -> None:
    guest = await open_door(lag=10.0)
    guest.sim.edit("POST", "/api/v2/authorization/roles", {"name": "r"})
    assert guest.sim.org.seen().audits.rows == {}
    guest.time.now += 11
    assert len(guest.sim.org.seen().audits.rows) == 1


async def test_usage_counts_what_a_client_called_by_template_day_and_kind_of_answer() -> None:
    guest = await tenants()
    watched = await tenant(guest, "routing:queue:view")
    for path in (ids(guest)["East Q"], ids(guest)["West Q"], "nobody"):
        await watched.call("GET", f"routing/queues/{path}")
    key = guest.find("clients", "tenant")["id"]
    again = await guest.make(f"oauth/clients/{key}/usage/query", {"interval": EVER})
    rows = (await guest.get(again["resultsUri"].removeprefix("/api/v2/")))["results"]
    assert len(rows) == 1
    assert (rows[0]["templateUri"], rows[0]["httpMethod"]) == ("/api/v2/routing/queues/{queueId}", "GET")
    assert (rows[0]["requests"], rows[0]["status200"], rows[0]["status400"]) == (3, 1, 2)
    assert rows[0]["date"] == "2026-01-01T00:00:00.000Z"


async def test_a_summary_has_the_last_days_only_and_belongs_to_its_client() -> None:
    guest = await open_door()
    await guest.get("oauth/clients")
    guest.time.now = 10 * 86_400.0
    await guest.log_in()
    await guest.get("organizations/me")
    for days, seen in ((7, {"2026-01-11"}), (30, {"2026-01-01", "2026-01-11"})):
        made = await guest.get(f"oauth/clients/operator/usage/summary?days={days}")
        path = made["resultsUri"].removeprefix("/api/v2/")
        assert {row["date"][:10] for row in (await guest.get(path))["results"]} == seen
    other = (await guest.client("c"))["id"]
    assert (await guest.call("GET", path.replace("operator", other)))[0] == 404
    assert (await guest.call("GET", "oauth/clients/nobody/usage/summary"))[0] == 404


async def test_usage_needs_one_of_two_permissions() -> None:
    guest = await tenants()
    for right, status in ((USAGE, 200), ("oauth:client:view", 200), ("oauth:client:edit", 403)):
        asking = await tenant(guest, right)
        assert (await asking.call("GET", "oauth/clients/operator/usage/summary"))[0] == status
