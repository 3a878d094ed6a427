"""Codes, flows, tables and the people in queues are confined by divisions, and each list by its own right."""

from __future__ import annotations

import pytest

from reconciler.simulator import Simulator
from reconciler.simulator.seed import parse_seed
from tests.simulator.guest import Guest
from tests.simulator.things import SEED, ids, names, tenant, tenants

LISTS = {
    "routing/queues": ("routing:queue:view", ["East Q"]),
    "routing/queues/divisionviews": ("routing:queue:search", ["East Q"]),
    "routing/wrapupcodes": ("routing:wrapupCode:view", ["East Sale", "Resolved"]),
    "routing/wrapupcodes/divisionviews": ("routing:wrapupCode:search", ["East Sale", "Resolved"]),
    "flows": ("architect:flow:view", ["East Line"]),
    "flows/divisionviews": ("architect:flow:search", ["East Line"]),
    "flows/datatables": ("architect:datatable:view", ["East Hours"]),
    "flows/datatables/divisionviews": ("architect:datatable:search", ["East Hours"]),
}
ONE = {
    "routing/queues/{}": ("routing:queue:view", "East Q", "West Q"),
    "routing/queues/{}/members": ("routing:queueMember:manage", "East Q", "West Q"),
    "routing/queues/{}/users": ("routing:queue:view", "East Q", "West Q"),
    "routing/queues/{}/wrapupcodes": ("routing:queue:view", "East Q", "West Q"),
    "routing/wrapupcodes/{}": ("routing:wrapupCode:view", "East Sale", "West Sale"),
    "routing/wrapupcodes/divisionviews/{}": ("routing:wrapupCode:search", "East Sale", "West Sale"),
    "flows/{}": ("architect:flow:view", "East Line", "West Line"),
    "flows/datatables/{}": ("architect:datatable:view", "East Hours", "West Hours"),
    "flows/datatables/divisionviews/{}": ("architect:datatable:search", "East Hours", "West Hours"),
    "flows/datatables/{}/rows": ("architect:datatableRow:view", "East Hours", "West Hours"),
}


@pytest.mark.parametrize("path", LISTS)
async def test_a_list_is_cut_to_the_divisions_of_its_own_permission(path: str) -> None:
    guest = await tenants()
    permission, seen = LISTS[path]
    assert names(await (await tenant(guest, permission)).get(path)) == seen
    others = {each for each, _ in LISTS.values()} - {permission}
    status, error = await (await tenant(guest, *others)).call("GET", path)
    assert (status, error["code"][:8]) == (403, "missing.")


@pytest.mark.parametrize("path", LISTS)
async def test_a_division_in_the_query_filters_and_confines_nobody(path: str) -> None:
    guest = await tenants()
    permission, _ = LISTS[path]
    west = f"{path}?divisionId={ids(guest)['West']}"
    everywhere = await tenant(guest, permission, division="*")
    assert all("East" not in name for name in names(await everywhere.get(west)))
    assert len(names(await everywhere.get(west))) >= 1
    confined = names(await (await tenant(guest, permission)).get(west))
    assert set(confined) <= {"Resolved"}


@pytest.mark.parametrize("path", ONE)
async def test_a_foreign_thing_is_refused_and_an_own_one_shown(path: str) -> None:
    permission, own, foreign = ONE[path]
    for status in ("403", "404"):
        guest = await tenants(**{"foreign-object": status})
        known, confined = ids(guest), await tenant(guest, permission)
        assert (await confined.call("GET", path.format(known[own])))[0] == 200
        assert (await confined.call("GET", path.format(known[foreign])))[0] == int(status)
        assert (await confined.call("GET", path.format("nobody")))[0] == 404


async def test_a_code_of_every_division_is_seen_by_whoever_may_see_codes_anywhere() -> None:
    guest = await tenants()
    confined = await tenant(guest, "routing:wrapupCode:view")
    resolved = await confined.get(f"routing/wrapupcodes/{ids(guest)['Resolved']}")
    assert resolved["division"]["id"] == "*"


async def test_queues_say_who_serves_them_by_hand_and_through_groups() -> None:
    guest = await tenants()
    known, all_queues = ids(guest), await tenant(guest, "routing:queue:view", division="*")
    west = await all_queues.get(f"routing/queues/{known['West Q']}")
    assert (west["memberCount"], west["userMemberCount"], west["joinedMemberCount"]) == (2, 1, 1)
    assert [(group["name"], group["memberCount"]) for group in west["memberGroups"]] == [("Floor", 2)]
    path = f"routing/queues/{known['West Q']}/members"
    listed = await all_queues.get(path)
    assert [(row["name"], row["memberBy"]) for row in listed["entities"]] == [
        ("Bob", "user"),
        ("Cy", "group"),
    ]
    assert {"total", "pageCount", "lastUri"}.isdisjoint(listed)
    assert names(await all_queues.get(f"{path}?memberBy=group")) == ["Cy"]
    assert names(await all_queues.get(f"{path}?joined=true")) == ["Bob"]
    assert (await all_queues.call("GET", f"{path}?pageSize=101"))[0] == 400
    assert (await all_queues.call("GET", f"{path}?memberBy=team"))[0] == 400


async def test_members_end_on_a_page_without_a_next_one() -> None:
    guest = await tenants()
    path = f"routing/queues/{ids(guest)['West Q']}/members?pageSize=1&pageNumber="
    all_queues = await tenant(guest, "routing:queue:view", division="*")
    assert "nextUri" in await all_queues.get(f"{path}1")
    assert "nextUri" not in await all_queues.get(f"{path}2")
    assert names(await all_queues.get(f"{path}3")) == []


async def test_the_queues_of_a_person_are_cut_like_any_queues() -> None:
    guest = await tenants()
    known = ids(guest)
    confined = await tenant(guest, "routing:queue:view")
    assert names(await confined.get(f"users/{known['Ada']}/queues")) == ["East Q"]
    assert names(await confined.get(f"users/{known['Bob']}/queues")) == []
    everywhere = await tenant(guest, "routing:queue:view", division="*")
    assert names(await everywhere.get(f"users/{known['Cy']}/queues?joined=false")) == ["West Q"]
    assert (await everywhere.call("GET", "users/nobody/queues"))[0] == 404


async def test_the_simple_list_of_queues_ends_after_five_pages() -> None:
    guest = await tenants()
    confined = await tenant(guest, "routing:queue:search")
    assert names(await confined.get("routing/queues/divisionviews?pageSize=1&pageNumber=5")) == []
    assert (await confined.call("GET", "routing/queues/divisionviews?pageNumber=6"))[0] == 400
    assert (await confined.call("GET", "routing/queues/divisionviews?pageSize=101"))[0] == 400


async def test_flows_are_found_by_type_and_deleted_ones_only_when_asked_for() -> None:
    guest = await tenants()
    everywhere = await tenant(guest, "architect:flow:view", division="*")
    assert names(await everywhere.get("flows")) == ["East Line", "West Line"]
    assert names(await everywhere.get("flows?type=inqueuecall")) == ["West Line"]
    assert names(await everywhere.get("flows?deleted=true")) == ["Old Line"]


async def test_rows_of_a_table_are_keys_unless_all_is_asked_for() -> None:
    guest = await tenants()
    confined = await tenant(guest, "architect:datatable:view")
    path = f"flows/datatables/{ids(guest)['East Hours']}/rows"
    assert (await confined.get(path))["entities"] == [{"key": "mon"}, {"key": "tue"}]
    whole = await confined.get(f"{path}?showbrief=false&pageSize=1")
    assert (whole["entities"], whole["total"]) == ([{"key": "mon", "opens": "08:00"}], 2)


async def moved(guest: Guest, kind: str, name: str) -> int:
    known = ids(guest)
    path = f"authorization/divisions/{known['West']}/objects/{kind}"
    return (await guest.call("POST", path, [known[name]]))[0]


@pytest.mark.parametrize(
    ("kind", "name", "permission", "section"),
    [
        ("FLOW", "East Line", "architect:flow:edit", "flows"),
        ("DATATABLES", "East Hours", "architect:datatable:edit", "dataTables"),
        ("BUSINESSUNIT", "East BU", "wfm:businessUnit:edit", "businessUnits"),
        ("MANAGEMENTUNIT", "East MU", "wfm:managementUnit:edit", "managementUnits"),
        ("QUEUE", "East Q", "routing:queue:edit", "queues"),
        ("USER", "Ada", "directory:user:edit", "users"),
    ],
)
async def test_things_move_by_who_may_edit_them_at_both_ends(
    kind: str, name: str, permission: str, section: str
) -> None:
    guest = await tenants()
    assert await moved(await tenant(guest, permission), kind, name) == 403
    assert guest.find(section, name)["division"] == ids(guest)["East"]
    assert await moved(await tenant(guest, permission, division="*"), kind, name) == 204
    assert guest.find(section, name)["division"] == ids(guest)["West"]


async def test_a_division_with_things_in_it_is_not_deleted() -> None:
    guest = await tenants()
    status, error = await guest.call("DELETE", f"authorization/divisions/{ids(guest)['East']}")
    assert (status, "has objects in it" in error["message"]) == (400, True)
    listed = await guest.get("authorization/divisions?objectCount=true&name=East")
    assert listed["entities"][0]["objectCounts"] == {
        "QUEUE": 1, "USER": 1, "FLOW": 2, "DATATABLES": 1, "BUSINESSUNIT": 1, "MANAGEMENTUNIT": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        ("codes: [East Sale, Resolved]", "codes: [East Sail]", r"queues \(East Q\).*East Sail"),
        ("groups: [Floor]", "groups: [Flor]", r"queues \(West Q\).*Flor"),
        ("agents: [ada@two.example]}", "agents: [a@x]}", r"units \(East BU\): agents.*a@x"),
        ("{key: mon, ", "{kee: mon, ", r"tables \(East Hours\): rows.*key"),
        ("name: west, start: 2026-01-05T10:00:00Z", "name: west", r"conversations.*\(west\).*start"),
        ('{name: East Line, division: East', '{name: East Line, division: "*"', r"flows \(East Line\).*\*"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_thing_is_told_with_its_place(wrong: str, right: str, said: str) -> None:
    assert wrong in SEED
    with pytest.raises(ValueError, match=said):
        Simulator(parse_seed(SEED.replace(wrong, right, 1), "two.yaml"))


async def test_the_old_questions_where_a_permission_is_held_agree_with_the_new_one() -> None:
    guest = await tenants()
    known, confined = ids(guest), await tenant(guest, "routing:queue:view")
    path, asked = "authorization/divisionspermitted", "permission=routing:queue:view"
    assert [row["id"] for row in await confined.get(f"{path}/me?{asked}")] == [known["East"]]
    assert await confined.get(f"{path}/me?{asked}&name=west") == []
    assert (await confined.call("GET", f"{path}/me"))[0] == 400
    of_tenant = f"{path}/paged/{guest.find('clients', 'tenant')['id']}?{asked}"
    for caller in (confined, guest):
        told = await caller.get(of_tenant)
        assert (names(told), told["allDivsPermitted"]) == (["East"], False)
    assert names(await guest.get(f"{path}/paged/{known['Ada']}?{asked}")) == []
    assert (await guest.call("GET", f"{path}/paged/nobody?{asked}"))[0] == 404
