"""Roles: custom ones come and go, default ones keep their name and stay."""

from __future__ import annotations

from typing import Any

from tests.simulator.guest import open_door, policies

ROLES = "authorization/roles"


async def test_a_role_is_made_and_replaced_whole() -> None:
    guest = await open_door()
    key = await guest.role("Reader", "routing:queue:view")
    body = {"name": "Reader 2", "permissionPolicies": policies("wfm:schedule:view", "wfm:schedule:view")}
    assert (await guest.call("PUT", f"{ROLES}/{key}", body))[0] == 200

    role = await guest.get(f"{ROLES}/{key}")
    assert (role["name"], role["description"], role["default"]) == ("Reader 2", "", False)
    assert [each["domain"] for each in role["permissionPolicies"]] == ["wfm", "wfm"]


async def test_a_condition_comes_back_as_it_was_sent() -> None:
    guest = await open_door()
    node: dict[str, Any] = {"conjunction": "AND", "terms": []}
    policy = policies("routing:queue:view")[0] | {"resourceConditionNode": node}
    made = await guest.make(ROLES, {"name": "r", "permissionPolicies": [policy]})
    assert made["permissionPolicies"][0]["resourceConditionNode"] == node


async def test_a_policy_that_exists_nowhere_is_accepted() -> None:
    assert await (await open_door()).role("odd", "no:such:permission")


async def test_what_a_policy_does_not_say_is_not_said_back() -> None:
    guest = await open_door()
    role = await guest.make(ROLES, {"name": "r", "permissionPolicies": [{}, {"domain": "routing"}]})
    empty = {"actionSet": [], "allowConditions": False}
    assert role["permissionPolicies"] == [empty, {"domain": "routing"} | empty]
    assert await guest.get(f"{ROLES}?permission=routing:queue:view&name=r%20")

    await guest.grant("operator", (role["id"], "*"))
    held = await guest.get("authorization/subjects/operator?includeFullRoles=true")
    told = [grant["role"]["policies"] for grant in held["grants"] if grant["role"]["id"] == role["id"]]
    assert told == [[{"actions": []}, {"domain": "routing", "actions": []}]]


async def test_a_default_role_keeps_its_name_and_stays() -> None:
    guest = await open_door()
    role = guest.find("roles", "Supervisor")
    body = {"name": "Boss", "permissionPolicies": []}
    assert (role["default"], role["defaultRoleId"]) == (True, "supervisor")
    assert (await guest.call("PUT", f"{ROLES}/{role['id']}", body))[0] == 400
    assert (await guest.call("DELETE", f"{ROLES}/{role['id']}"))[0] == 400
    assert (await guest.call("PUT", f"{ROLES}/{role['id']}", body | {"name": "Supervisor"}))[0] == 200


async def test_a_deleted_role_takes_its_grants_along() -> None:
    guest = await open_door()
    key, here = await guest.role("r"), await guest.division("d")
    await guest.grant("operator", (key, here))
    assert await guest.call("DELETE", f"{ROLES}/{key}") == (204, None)
    assert (await guest.call("GET", f"{ROLES}/{key}"))[0] == 404
    assert (await guest.call("DELETE", f"{ROLES}/{key}"))[0] == 404
    assert (key, here) not in await guest.subject_pairs("operator")


async def test_roles_are_found_by_name_id_default_and_permission() -> None:
    guest = await open_door()
    key = await guest.role("Queue Reader", "routing:queue:view")

    async def names(query: str) -> set[str]:
        return {row["name"] for row in (await guest.get(f"{ROLES}?{query}"))["entities"]}

    assert await names("name=queue+read") == {"Queue Reader"}
    assert await names(f"id={key}") == {"Queue Reader"}
    assert await names("defaultRoleId=supervisor") == {"Supervisor"}
    assert await names("permission=routing:queue:view") == {
        "Queue Reader",
        "Supervisor",
        "Admin",
        "Master Admin",
    }


async def test_users_are_counted_through_groups_unless_told_not_to() -> None:
    guest = await open_door()
    employee = guest.find("roles", "Employee")["id"]
    assert (await guest.get(f"{ROLES}/{employee}"))["userCount"] == 4
    assert "userCount" not in await guest.get(f"{ROLES}/{employee}?userCount=false")


async def test_the_grants_of_a_role_name_subjects_types_and_divisions() -> None:
    guest = await open_door()
    employee, operator = (
        guest.find("roles", "Employee")["id"],
        guest.find("roles", "Reconciler Operator")["id"],
    )
    group = (await guest.get(f"{ROLES}/{employee}/subjectgrants"))["entities"]
    assert [(row["name"], row["type"], row["divisions"][0]["name"]) for row in group] == [
        ("NW Agents", "PC_GROUP", "Home")
    ]
    client = (await guest.get(f"{ROLES}/{operator}/subjectgrants"))["entities"]
    assert [(row["id"], row["type"], row["divisions"][0]["id"]) for row in client] == [
        ("operator", "PC_OAUTH_CLIENT", "*")
    ]
    assert (await guest.call("GET", f"{ROLES}/nothing/subjectgrants"))[0] == 404


async def test_a_role_is_granted_to_every_subject_in_every_division() -> None:
    guest = await open_door()
    role, divisions = await guest.role("r"), [await guest.division("a"), await guest.division("b")]
    people = [guest.find("users", name)["id"] for name in ("Mei Tanaka", "Kofi Mensah")]
    body = {"subjectIds": people, "divisionIds": divisions}
    assert await guest.call("POST", f"{ROLES}/{role}", body) == (204, None)
    for person in people:
        assert {(role, each) for each in divisions} <= await guest.subject_pairs(person)
    body = {"subjectIds": ["nobody"], "divisionIds": divisions}
    assert (await guest.call("POST", f"{ROLES}/{role}", body))[0] == 404


async def test_role_settings_need_their_permission() -> None:
    guest = await open_door()
    settings = await guest.get(f"{ROLES}/settings")
    assert settings["backfillEnabled"] is False
    assert (await guest.call("PUT", f"{ROLES}/settings", settings))[0] == 403
    status, changed = guest.sim.edit("PUT", f"/api/v2/{ROLES}/settings", {"backfillEnabled": True})
    assert (status, changed["backfillEnabled"]) == (200, True)
    assert (await guest.get(f"{ROLES}/settings"))["authorizationGrantDivisionAware"] is False


async def test_a_setting_that_is_not_said_stays() -> None:
    guest = await open_door()
    key = await guest.role("r", "authorization:settings:edit")
    await guest.grant("operator", (key, "*"))
    path = f"{ROLES}/settings"
    before = await guest.get(path)
    body = {"backfillEnabled": True, "authorizationGrantDivisionAware": None, "nobody": True}
    assert await guest.call("PUT", path, body) == (200, before | {"backfillEnabled": True})
    assert await guest.get(path) == before | {"backfillEnabled": True}


async def test_a_condition_keeps_only_what_the_contract_knows() -> None:
    guest = await open_door()
    operand = {"type": "SCALAR", "value": "x", "colour": "red", "queue": None}
    node = {"conjunction": "AND", "nobody": 1, "operator": None, "operands": [operand], "terms": [{"odd": 2}]}
    policy = policies("routing:queue:view")[0] | {"resourceConditionNode": node}
    made = await guest.make(ROLES, {"name": "r", "permissionPolicies": [policy]})
    kept = {"conjunction": "AND", "operands": [{"type": "SCALAR", "value": "x"}], "terms": [{}]}
    assert made["permissionPolicies"][0]["resourceConditionNode"] == kept
