"""Default roles come back as they were delivered; custom ones stay as they are."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.simulator import Simulator
from reconciler.simulator.seed import parse_seed
from tests.simulator.guest import Guest, open_door, policies
from tests.simulator.things import audits

SEED = """
base: bare
organisation: {id: 55555555-5555-5555-5555-555555555555, name: Defaults}
users: [{name: Ada, email: ada@own.example}]
roles: [{name: Script Designer, default: true, missing: true, permissions: ["scripter:script:view"]}]
"""
ROLES = "authorization/roles"
DEFAULT = f"{ROLES}/default"


async def defaults(**switches: str) -> Guest:
    return await open_door(parse_seed(SEED), switches=switches)


def roles(guest: Guest) -> dict[str, Any]:
    """Every role by its name."""
    return {row["name"]: row for row in guest.sim.snapshot()["roles"]}


async def spoilt(guest: Guest, *names: str) -> None:
    """Somebody narrows these roles down to one permission."""
    for name in names:
        body = {"name": name, "description": "mine", "permissionPolicies": policies("wfm:schedule:view")}
        assert (await guest.call("PUT", f"{ROLES}/{roles(guest)[name]['id']}", body))[0] == 200


async def test_a_missing_default_role_is_added_and_no_other_is_touched() -> None:
    guest = await defaults()
    await guest.role("Custom", "routing:queue:view")
    await spoilt(guest, "Supervisor")
    before = roles(guest)
    assert "Script Designer" not in before
    answer = await guest.make(DEFAULT, None)
    after = roles(guest)
    assert after.pop("Script Designer")["permissionPolicies"][0]["domain"] == "scripter"
    assert after == before
    assert {row["name"] for row in answer["entities"]} == {
        name for name, row in roles(guest).items() if row["default"]
    }
    assert await guest.make(DEFAULT, None) == answer


async def test_by_force_every_default_role_is_restored_and_no_custom_one() -> None:
    guest = await defaults()
    delivered = roles(guest)
    await guest.role("Custom", "routing:queue:view")
    custom = roles(guest)["Custom"]
    await spoilt(guest, "Supervisor", "Developer", "Reconciler Operator")
    operator = roles(guest)["Reconciler Operator"]
    assert guest.sim.edit("POST", f"/api/v2/{DEFAULT}?force=true")[0] == 200
    after = roles(guest)
    assert (after["Custom"], after["Reconciler Operator"]) == (custom, operator)
    assert all(after[name] == row for name, row in delivered.items() if row["default"])


async def test_named_default_roles_are_restored_and_their_like_stay() -> None:
    guest = await defaults()
    delivered = roles(guest)
    await spoilt(guest, "Supervisor", "Developer")
    changed = roles(guest)
    key = changed["Supervisor"]["id"]
    status, answer = await guest.call("PUT", DEFAULT, [{"id": key}, {"id": key, "name": "x"}])
    assert (status, [row["name"] for row in answer["entities"]]) == (200, ["Supervisor"])
    assert roles(guest) == changed | {"Supervisor": delivered["Supervisor"]}


async def test_what_is_no_default_role_is_not_restored_and_nothing_else_is() -> None:
    guest = await defaults()
    key = await guest.role("Custom")
    await spoilt(guest, "Supervisor")
    before = roles(guest)
    for wrong, status in (({"id": key}, 400), ({"id": "nobody"}, 404), ({"name": "Supervisor"}, 400)):
        body = [{"id": before["Supervisor"]["id"]}, wrong]
        assert (await guest.call("PUT", DEFAULT, body))[0] == status
        assert roles(guest) == before


async def test_a_name_that_a_custom_role_took_keeps_a_default_role_out() -> None:
    guest = await defaults()
    await guest.role("script designer")
    before = roles(guest)
    assert (await guest.call("POST", DEFAULT))[0] == 409
    assert roles(guest) == before


async def test_restoring_leaves_a_trace_only_of_what_changed() -> None:
    guest = await defaults()
    await spoilt(guest, "Supervisor")
    await guest.make(f"{DEFAULT}?force=true", None)
    traces = [(row["entity"]["name"], row["action"]) for row in await audits(guest)]
    assert traces == [("Supervisor", "Update"), ("Supervisor", "Update"), ("Script Designer", "Create")]


async def test_the_rights_of_holders_come_back_with_the_role() -> None:
    guest = await defaults()
    await spoilt(guest, "Developer")
    key = roles(guest)["Developer"]["id"]
    client = await guest.as_client(await guest.client("c", (key, "*")))
    assert (await client.call("GET", "oauth/clients"))[0] == 403
    assert (await guest.call("PUT", DEFAULT, [{"id": key}]))[0] == 200
    assert (await client.call("GET", "oauth/clients"))[0] == 200


async def test_a_role_is_compared_with_a_default_one_action_by_action() -> None:
    guest = await defaults()
    made = await guest.role(
        "Mine", "routing:queue:view", "routing:queue:edit", "wfm:realtimeAdherence:view", "wfm:schedule:view"
    )
    right = roles(guest)["Supervisor"]["id"]
    told = await guest.get(f"{ROLES}/{made}/comparedefault/{right}")
    assert actions(told["addedPermissionPolicies"]) == {"routing:queue:edit", "wfm:schedule:view"}
    assert actions(told["samePermissionPolicies"]) == {"routing:queue:view", "wfm:realtimeAdherence:view"}
    assert actions(told["removedPermissionPolicies"]) == {
        "analytics:conversationAggregate:view", "analytics:queueObservation:view", "routing:queue:search",
    }  # fmt: skip
    assert (told["userOrgRole"]["id"], told["roleFromDefault"]["id"]) == (made, right)


def actions(rows: list[dict[str, Any]]) -> set[str]:
    return {f"{row['domain']}:{row['entityName']}:{each}" for row in rows for each in row["actionSet"]}


async def test_a_changed_default_role_is_compared_with_what_was_delivered() -> None:
    guest = await defaults()
    key = roles(guest)["Supervisor"]["id"]
    same = await guest.get(f"{ROLES}/{key}/comparedefault/{key}")
    assert (same["addedPermissionPolicies"], same["removedPermissionPolicies"]) == ([], [])
    await spoilt(guest, "Supervisor")
    for right in (key, "supervisor"):
        told = await guest.get(f"{ROLES}/{key}/comparedefault/{right}")
        assert actions(told["addedPermissionPolicies"]) == {"wfm:schedule:view"}
        assert len(actions(told["removedPermissionPolicies"])) == 5
        assert told["roleFromDefault"]["description"] == "Watches queues and their agents"


async def test_the_same_permission_under_another_condition_is_another_one() -> None:
    guest = await defaults()
    policy = policies("routing:queue:view")[0] | {
        "resourceConditionNode": {"conjunction": "AND", "terms": []}
    }
    made = await guest.make(ROLES, {"name": "Mine", "permissionPolicies": [policy]})
    told = await guest.get(f"{ROLES}/{made['id']}/comparedefault/supervisor")
    assert actions(told["addedPermissionPolicies"]) == {"routing:queue:view"}
    assert "routing:queue:view" in actions(told["removedPermissionPolicies"])
    assert told["addedPermissionPolicies"][0]["resourceConditionNode"] == policy["resourceConditionNode"]


async def test_only_roles_are_compared_and_only_with_default_ones() -> None:
    guest = await defaults()
    custom, default = await guest.role("Custom"), roles(guest)["Supervisor"]["id"]
    for left, right in (("nobody", default), (default, "nobody"), (default, custom)):
        assert (await guest.call("GET", f"{ROLES}/{left}/comparedefault/{right}"))[0] == 404


async def test_a_missing_role_is_compared_with_though_nobody_has_it() -> None:
    guest = await defaults()
    custom = await guest.role("Custom", "scripter:script:view")
    told = await guest.get(f"{ROLES}/{custom}/comparedefault/script-designer")
    assert actions(told["samePermissionPolicies"]) == {"scripter:script:view"}


async def test_a_patch_says_whether_a_role_needs_an_update_and_changes_nothing_else() -> None:
    guest = await defaults()
    before = roles(guest)["Developer"]
    path = f"{ROLES}/{before['id']}"
    status, shown = await guest.call(
        "PATCH", path, {"roleNeedsUpdate": True, "name": "x", "permissions": ["y"]}
    )
    assert (status, shown) == (200, before | {"roleNeedsUpdate": True})
    assert roles(guest)["Developer"] == shown
    assert (await guest.call("PATCH", path, {}))[1] == shown
    assert (await guest.call("PATCH", path, {"roleNeedsUpdate": "yes"}))[0] == 400
    assert (await guest.call("PATCH", path))[0] == 400
    assert (await guest.call("PATCH", f"{ROLES}/nobody", {}))[0] == 404
    assert (await guest.call("PUT", DEFAULT, [{"id": before["id"]}]))[0] == 200
    assert roles(guest)["Developer"] == before


def test_only_a_default_role_can_be_missing() -> None:
    text = SEED.replace("default: true, missing", "missing")
    with pytest.raises(ValueError, match=r"roles \(Script Designer\): only a default role"):
        Simulator(parse_seed(text, "own.yaml"))


def test_what_was_delivered_survives_a_restart(tmp_path: Any) -> None:
    first = Simulator(parse_seed(SEED), state_file=tmp_path / "state.json")
    key = next(row for row in first.snapshot()["roles"] if row["name"] == "Developer")["id"]
    body = {"name": "Developer", "permissionPolicies": []}
    assert first.edit("PUT", f"/api/v2/{ROLES}/{key}", body)[0] == 200
    first.save()
    second = Simulator(parse_seed(SEED), state_file=tmp_path / "state.json")
    assert second.edit("POST", f"/api/v2/{DEFAULT}?force=true")[0] == 200
    names = {row["name"] for row in second.snapshot()["roles"] if row["permissionPolicies"]}
    assert {"Developer", "Script Designer"} <= names
