"""Permissions are enforced through grants: on every operation, and in divisions where those count."""

from __future__ import annotations

import pytest

from reconciler.simulator import Simulator
from reconciler.simulator.access import Access, FullAccess, access_of
from reconciler.simulator.contract import Operation, operations
from tests.simulator.guest import client_body, open_door

IMPLEMENTED = sorted(Simulator().exchange.handlers)
GUARDED = [operations()[each] for each in IMPLEMENTED if operations()[each].mode != "NONE"]


@pytest.mark.parametrize("operation", GUARDED, ids=lambda each: each.id)
async def test_without_its_permission_an_operation_is_refused(operation: Operation) -> None:
    guest = await open_door()
    stranger = await guest.as_client(await guest.client("stranger"))
    before = guest.sim.snapshot()
    path = operation.path.removeprefix("/api/v2/")
    status, error = await stranger.call(operation.method, path, {} if operation.body else None)

    code = {"ALL": "missing.permissions", "ANY": "missing.any.permissions"}[operation.mode]
    assert (status, error["code"]) == (403, code)
    assert error["messageParams"]["permissions"] == ", ".join(operation.permissions)
    assert error["messageParams"]["permissions"] in error["message"]
    assert guest.sim.snapshot() == before


async def test_all_means_every_permission_and_any_means_one() -> None:
    guest = await open_door()
    here = await guest.division("d")
    half = await guest.role("half", "authorization:division:add", "authorization:settings:view")
    other = await guest.as_client(await guest.client("other", (half, here)))
    status, error = await other.call("POST", "authorization/divisions", {"name": "x", "description": ""})
    assert (status, error["messageParams"]["permissions"]) == (403, "authorization:grant:add")
    assert (await other.call("GET", "authorization/roles/settings"))[0] == 200


async def test_holding_a_permission_in_any_division_opens_the_operations_of_access() -> None:
    guest = await open_door()
    viewer, here = await guest.role("viewer", "oauth:client:view"), await guest.division("d")
    other = await guest.as_client(await guest.client("other", (viewer, here)))
    assert (await other.call("GET", "oauth/clients"))[0] == 200
    assert (await other.call("POST", "oauth/clients", client_body("x")))[0] == 403


async def test_queues_are_cut_to_the_divisions_of_the_permission() -> None:
    guest = await open_door()
    role = await guest.role("queues", "routing:queue:view", "routing:queue:search")
    own, foreign = await guest.division("own"), await guest.division("foreign")
    for name, division in (("NW Overflow", own), ("NW Back Office", foreign)):
        queue = guest.find("queues", name)["id"]
        guest.sim.edit("POST", f"/api/v2/authorization/divisions/{division}/objects/QUEUE", [queue])
    tenant = await guest.as_client(await guest.client("tenant", (role, own)))

    listed = await tenant.get("routing/queues")
    assert ([row["name"] for row in listed["entities"]], listed["total"]) == (["NW Overflow"], 1)
    assert (await tenant.get(f"routing/queues?divisionId={foreign}"))["entities"] == []
    assert [row["id"] for row in (await tenant.get("routing/queues/divisionviews"))["entities"]] == [
        listed["entities"][0]["id"]
    ]
    assert (await tenant.get(f"routing/queues/{listed['entities'][0]['id']}"))["division"]["id"] == own
    assert (await tenant.call("GET", "routing/queues/nothing"))[0] == 404


async def test_a_star_sees_every_queue() -> None:
    guest = await open_door()
    role = await guest.role("queues", "routing:queue:view")
    auditor = await guest.as_client(await guest.client("auditor", (role, "*")))
    assert (await auditor.get("routing/queues"))["total"] == 3
    named = await auditor.get("routing/queues?name=NW*")
    ids = f"id={named['entities'][0]['id']}"
    assert (named["total"], (await auditor.get(f"routing/queues?{ids}"))["total"]) == (3, 1)


async def test_people_and_groups_are_open_to_everybody() -> None:
    guest = await open_door()
    stranger = await guest.as_client(await guest.client("stranger"))
    users, groups = await stranger.get("users"), await stranger.get("groups")
    assert (users["total"], groups["total"]) == (12, 3)
    one = users["entities"][0]
    assert await stranger.get(f"users/{one['id']}") == one
    wfm = next(row for row in groups["entities"] if row["name"] == "NW WFM Team")
    assert (await stranger.get(f"groups/{wfm['id']}"))["memberCount"] == 2
    members = (await stranger.get(f"groups/{wfm['id']}/members"))["entities"]
    assert {row["name"] for row in members} == {"Priya Nair", "Jonas Weber"}
    assert (await stranger.get(f"users?id={one['id']}"))["total"] == 1
    assert (await stranger.get(f"groups?id={wfm['id']}"))["total"] == 1
    for path in ("users/nobody", "groups/nobody", "groups/nobody/members"):
        assert (await stranger.call("GET", path))[0] == 404


@pytest.mark.parametrize(
    ("kind", "value", "found"),
    [
        ("EXACT", "nw wfm team", ["NW WFM Team"]),
        ("STARTS_WITH", "NW A", ["NW Agents"]),
        ("CONTAINS", "engineer", ["NW Engineers"]),
        ("TERM", "team", ["NW WFM Team"]),
    ],
)
async def test_groups_are_searched(kind: str, value: str, found: list[str]) -> None:
    guest = await open_door()
    query = {"query": [{"type": kind, "fields": ["name"], "value": value}]}
    answer = await guest.make("groups/search", query)
    assert [row["name"] for row in answer["results"]] == found
    assert guest.sim.writes() == []


async def test_a_search_by_something_else_is_refused() -> None:
    guest = await open_door()
    assert (await guest.call("POST", "groups/search", {"query": [{"type": "REGEX", "value": "."}]}))[0] == 400


async def test_users_are_searched_org_wide_unless_permissions_are_enforced() -> None:
    guest = await open_door()
    role, here = await guest.role("people", "directory:user:view"), await guest.division("d")
    other = await guest.as_client(await guest.client("other", (role, here)))
    query = {"query": [{"type": "EXACT", "fields": ["email"], "values": ["mei@northwind.example", "x"]}]}
    assert (await other.make("users/search", query))["total"] == 1
    assert (await other.make("users/search", query | {"enforcePermissions": True}))["total"] == 0


async def test_the_divisions_of_a_permission_are_told() -> None:
    guest = await open_door()
    role, here = await guest.role("queues", "routing:queue:view"), await guest.division("d")
    tenant = await guest.as_client(await guest.client("tenant", (role, here)))
    path = "authorization/divisionspermitted/paged/me"
    told = await tenant.get(f"{path}?permission=routing:queue:view")
    assert ([row["id"] for row in told["entities"]], told["allDivsPermitted"]) == ([here], False)
    told = await guest.get(f"{path}?permission=oauth:client:view")
    assert (told["total"], told["allDivsPermitted"]) == (2, True)
    assert (await tenant.call("GET", path))[0] == 400


async def test_members_enjoy_the_grants_of_their_group() -> None:
    guest = await open_door()
    world = guest.sim.org.live
    kofi, priya = (guest.find("users", name)["id"] for name in ("Kofi Mensah", "Priya Nair"))
    home = guest.find("divisions", "Home")["id"]
    assert access_of(world, kofi).where("directory:user:view") == {home}
    assert access_of(world, priya).where("directory:user:view") == set()


def test_wildcards_of_a_policy_cover_entities_and_actions() -> None:
    policies = [
        {"domain": "routing", "entityName": "*", "actionSet": ["view"]},
        {"domain": "wfm", "entityName": "*", "actionSet": ["*"]},
        {"domain": "oauth", "entityName": "client", "actionSet": ["*"]},
    ]
    access = Access([("role", "d")], {"role": {"permissionPolicies": policies}})
    held = {
        name: bool(access.where(name))
        for name in (
            "routing:queue:view",
            "routing:queue:edit",
            "wfm:a:b",
            "oauth:client:add",
            "oauth:x:add",
            "x",
        )
    }
    assert [name for name, value in held.items() if value] == [
        "routing:queue:view",
        "wfm:a:b",
        "oauth:client:add",
    ]
    assert access.allows("wfm:a:b", "d")
    assert not access.allows("wfm:a:b", "e")


def test_a_pair_in_every_division_covers_each() -> None:
    access = Access([("role", "*"), ("other", "d")], {})
    assert access.holds(("role", "d"))
    assert access.holds(("role", "*"))
    assert not access.holds(("other", "*"))
    assert FullAccess().holds(("anything", "*"))


def test_every_operation_of_the_contract_is_imitated_and_tokens_are_asked_for_elsewhere() -> None:
    sim = Simulator()
    assert set(operations()) - set(sim.exchange.handlers) == {"post_login_oauth_token"}
    assert set(sim.exchange.handlers) <= set(operations())
    assert sim.edit("POST", "/oauth/token")[0] == 404


async def test_what_is_not_there_says_so() -> None:
    guest = await open_door()
    for method, path, expected in (
        ("GET", "no/such/path", (404, "not.found")),
        ("PATCH", "oauth/clients", (405, "method.not.allowed")),
    ):
        status, error = await guest.call(method, path)
        assert (status, error["code"]) == expected


async def test_a_body_must_be_json_and_there() -> None:
    guest = await open_door()
    url = "/api/v2/authorization/divisions"
    assert (await guest.http.post(url)).status_code == 400
    headers = {"content-type": "text/plain"}
    assert (await guest.http.post(url, content=b"{}", headers=headers)).status_code == 415
    headers = {"content-type": "application/json; charset=utf-8"}
    assert (await guest.http.post(url, content=b"{", headers=headers)).status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"name": "\\ud800"}', id="half a character"),
        pytest.param(b'{"name": "x", "count": NaN}', id="no number"),
        pytest.param(b"[" * 100_000, id="too deep"),
        pytest.param(b'{"name": "\xff"}', id="no UTF-8"),
    ],
)
async def test_what_only_looks_like_json_is_refused_and_leaves_nothing(body: bytes) -> None:
    guest = await open_door()
    before = guest.sim.snapshot()
    headers = {"content-type": "application/json"}
    answer = await guest.http.post("/api/v2/authorization/divisions", content=body, headers=headers)
    assert (answer.status_code, answer.json()["message"]) == (400, "the body is not JSON")
    assert guest.sim.snapshot() == before
    assert (await guest.get("authorization/divisions"))["total"] == len(before["divisions"])
