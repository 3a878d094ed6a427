"""Where an organisation begins: the default seed, seeds of one's own, and a saved state."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reconciler.simulator import Settings, Simulator, default_seed, limits_text, load_seed
from reconciler.simulator.seed import parse_seed
from tests.simulator.guest import Guest, VirtualTime, open_door
from tests.simulator.own import OWN

OPERATOR = {
    f"authorization:{entity}:{action}"
    for entity, actions in (
        ("division", "add edit delete"), ("grant", "add delete view"), ("role", "add edit delete view"),
    )
    for action in actions.split()
} | {f"oauth:client:{action}" for action in ("add", "edit", "delete", "view")} | {
    "authorization:divisionDeleted:view", "authorization:settings:view",
}  # fmt: skip


async def test_the_default_organisation_is_northwind_and_nobodys_tool_was_there() -> None:
    state = (await open_door()).sim.snapshot()
    assert state["organization"]["id"] == "6f1f2b7e-3c59-4d7c-9a55-0c5c6b0e8a01"
    assert state["organization"]["name"] == "Northwind Contact Services"
    assert [row["name"] for row in state["divisions"]] == ["Home"]
    assert [row["name"] for row in state["clients"]] == ["nw-reconciler"]
    assert [row["name"] for row in state["roles"] if not row["default"]] == ["Reconciler Operator"]
    assert {"Master Admin", "Admin", "Employee", "Supervisor"} <= {row["name"] for row in state["roles"]}
    assert (len(state["users"]), len(state["groups"]), len(state["queues"])) == (12, 3, 3)


async def test_the_operator_holds_exactly_what_it_needs_everywhere() -> None:
    guest = await open_door()
    role = guest.find("roles", "Reconciler Operator")
    held = {
        f"{policy['domain']}:{policy['entityName']}:{action}"
        for policy in role["permissionPolicies"]
        for action in policy["actionSet"]
    }
    assert held == OPERATOR
    assert await guest.pairs("operator") == {(role["id"], "*")}


async def test_id_and_secret_of_the_operator_are_settings() -> None:
    time = VirtualTime()
    sim = Simulator(settings=Settings(client_id="me", client_secret="mine"), clock=time, sleep=time.sleep)
    await Guest(sim, time).log_in("me", "mine")


@pytest.fixture
async def own() -> Guest:
    """A simulator of that seed, and its one client that may log in."""
    time = VirtualTime()
    sim = Simulator(parse_seed(OWN, "own.yaml"), clock=time, sleep=time.sleep)
    return await Guest(sim, time).log_in("viewer", "see")


async def test_a_seed_of_ones_own_is_read_from_a_file_by_names(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(OWN)
    time = VirtualTime()
    guest = await Guest(Simulator(load_seed(path), clock=time, sleep=time.sleep), time).log_in(
        "viewer", "see"
    )
    assert (await guest.get("routing/queues"))["entities"][0]["division"]["id"] == "west"
    state = guest.sim.snapshot()
    assert state["settings"]["backfillEnabled"] is True
    assert [(row["state"], row["authorizedGrantType"]) for row in state["clients"]] == [
        ("active", "CLIENT-CREDENTIALS"),
        ("inactive", "CODE"),
    ]
    west = {grant["divisionId"] for grant in state["grants"] if grant["subjectId"] == "viewer"}
    assert west == {"west", "*"}


async def test_a_client_remembers_who_made_it_and_when(own: Guest) -> None:
    old, ada = own.find("clients", "old"), own.find("users", "Ada")
    assert old["createdBy"] == old["modifiedBy"] == {
        "id": ada["id"], "name": "Ada", "selfUri": f"/api/v2/users/{ada['id']}",
    }  # fmt: skip
    assert old["dateCreated"] == old["dateModified"] == "2023-01-02T06:00:00.000Z"
    assert (old["dateToDelete"], old["scope"]) == ("2025-12-20T00:00:00.000Z", ["routing"])
    assert own.find("clients", "view-only")["dateCreated"] == "2026-01-01T00:00:00.000Z"


async def test_a_grant_through_the_subjects_api_is_no_role_division(own: Guest) -> None:
    time, settings = VirtualTime(), Settings(switches={"bulkadd-visible": "no"})
    apart = Simulator(parse_seed(OWN), settings, clock=time, sleep=time.sleep)
    for sim, seen in ((own.sim, 3), (apart, 2)):
        state = sim.snapshot()
        assert len(state["clients"][0]["roleDivisions"]) == seen
        made = [grant["grantMadeAt"][:4] for grant in state["grants"] if grant["subjectId"] == "viewer"]
        assert made == ["2026", "2026", "2024"]


async def test_people_and_groups_are_in_the_state_the_seed_gives_them(own: Guest) -> None:
    listed = {
        state: await own.get(f"users?state={state}") for state in ("active", "inactive", "any", "deleted")
    }
    names = {state: [row["name"] for row in each["entities"]] for state, each in listed.items()}
    assert names == {"active": ["Ada"], "inactive": ["Eve"], "any": ["Ada", "Eve"], "deleted": []}
    assert (await own.get("users"))["total"] == 1
    quiet = await own.get(f"groups/{own.find('groups', 'Quiet')['id']}")
    assert [owner["name"] for owner in quiet["owners"]] == ["Ada"]
    assert {name: quiet[name] for name in ("visibility", "rolesEnabled", "type", "state", "memberCount")} == {
        "visibility": "owners", "rolesEnabled": False, "type": "social", "state": "inactive",
        "memberCount": 0,
    }  # fmt: skip


async def test_a_deleted_person_is_found_only_when_asked_for() -> None:
    gone = parse_seed(OWN.replace("state: inactive, grants", "state: deleted, grants"))
    time = VirtualTime()
    guest = await Guest(Simulator(gone, clock=time, sleep=time.sleep), time).log_in("viewer", "see")
    path = f"users/{guest.find('users', 'Eve')['id']}"
    assert [(await guest.call("GET", path + query))[0] for query in ("", "?state=deleted")] == [404, 200]
    assert (await guest.call("GET", "users?state=lost"))[0] == 400


async def test_a_deleted_division_can_be_restored(own: Guest) -> None:
    (gone,) = own.sim.snapshot()["deletedDivisions"]
    assert gone["name"] == "Gone"
    path = f"authorization/divisions/{gone['id']}/restore"
    assert own.sim.edit("POST", f"/api/v2/{path}", {"name": "Back"}, "ada@own.example")[0] == 200
    assert own.find("divisions", "Back")["id"] == gone["id"]


async def test_a_condition_refers_to_its_queue_and_narrows_one_policy(own: Guest) -> None:
    queue, (searches, sees) = own.find("queues", "Q"), own.find("roles", "Evaluator")["permissionPolicies"]
    operand = sees["resourceConditionNode"]["terms"][0]["operands"][0]
    assert operand["queue"] == {"id": queue["id"], "name": "Q", "selfUri": queue["selfUri"]}
    assert sees["allowConditions"] and not searches["allowConditions"]
    assert own.find("roles", "Viewer")["permissions"] == ["admin"]


async def test_a_trustee_shows_where_its_role_is_held_and_can_lose_it(own: Guest) -> None:
    role, home = own.find("roles", "Viewer")["id"], own.find("divisions", "Home")["id"]
    path = f"/api/v2/authorization/roles/{role}/subjectgrants"

    def rows() -> list[dict[str, Any]]:
        _, answer = own.sim.edit("GET", path, user="ada@own.example")
        return [row for row in answer["entities"] if row["name"] == "Partner"]

    (partner,) = rows()
    assert [division["id"] for division in partner["divisions"]] == [home, "west"]
    one = f"/api/v2/authorization/subjects/{partner['id']}/divisions/{home}/roles/{role}"
    assert own.sim.edit("DELETE", one, user="ada@own.example")[0] == 204
    (left,) = rows()
    assert (left["type"], [division["id"] for division in left["divisions"]]) == (
        "PC_TRUSTEE_GROUP",
        ["west"],
    )


def test_a_seed_goes_on_from_its_base_and_changes_what_it_names() -> None:
    base, mine = (
        parse_seed("base: northwind-new"),
        parse_seed(
            """
base: northwind-new
organisation: {name: Mine}
users: [{name: Mei Tanaka, title: Lead}, {name: New, email: new@northwind.example}]
clients: [{name: me, operator: true}]
"""
        ),
    )
    assert mine.organisation == base.organisation | {"name": "Mine"}
    assert [user["name"] for user in mine.users] == [user["name"] for user in base.users] + ["New"]
    changed = next(user for user in mine.users if user["name"] == "Mei Tanaka")
    assert changed["title"] == "Lead" and changed["email"] == "mei@northwind.example"
    assert [client["name"] for client in mine.clients] == ["me"]
    assert mine.clients[0]["grants"] == base.clients[0]["grants"]


def test_it_says_what_it_does_not_imitate() -> None:
    text = limits_text()
    assert text.startswith("It imitates:")
    assert "It does not imitate:" in text


def test_the_default_seed_is_the_same_every_time() -> None:
    first, second = (Simulator(default_seed(), clock=lambda: 0.0).snapshot() for _ in range(2))
    assert first == second


def test_real_dates_are_of_today_unless_the_clock_is_ours() -> None:
    def born(**settings: Any) -> str:
        return str(Simulator(**settings).snapshot()["clients"][0]["dateCreated"])

    assert born(clock=lambda: 0.0) == "2026-01-01T00:00:00.000Z"
    assert born() > "2026-01-02"
