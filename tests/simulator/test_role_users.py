"""Roles are given to users and taken from them without a word of divisions; what they hold is told so too."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.simulator.seed import parse_seed
from tests.simulator.guest import Guest, open_door, policies
from tests.simulator.things import audits

SEED = """
base: bare
organisation: {id: 66666666-6666-6666-6666-666666666666, name: Users}
divisions: [{name: East}, {name: West}]
roles:
  - {name: Reader, permissions: ["routing:queue:view"], legacyPermissions: [admin]}
  - name: Evaluator
    permissions:
      - permission: quality:evaluation:view
        condition: {conjunction: AND, terms: [
          {variableName: Conversation.queues, operator: EQ, operands: [{type: QUEUE, queue: Q}]},
          {variableName: Agent.name, operator: EQ, operands: [{type: SCALAR, value: x}]}]}
queues: [{name: Q}]
users:
  - {name: Ada, email: ada@own.example, grants: [{role: Reader, divisions: [East, West]},
                                                 {role: Evaluator, divisions: [East]}]}
  - {name: Bob, email: bob@own.example}
  - {name: Eve, email: eve@own.example, state: deleted}
groups:
  - {name: Team, members: [ada@own.example, bob@own.example], grants: [{role: Employee, divisions: ["*"]}]}
"""
ROLES = "authorization/roles"


class Place:
    """The operator of that organisation, and ids by names."""

    def __init__(self, guest: Guest) -> None:
        self.guest = guest
        self.ids = {
            row["name"]: row["id"]
            for section in ("divisions", "roles", "users", "groups")
            for row in guest.sim.snapshot()[section]
        }

    async def users(self, verb: str, role: str, *names: str) -> tuple[int, Any]:
        path = f"{ROLES}/{self.ids.get(role, role)}/users/{verb}"
        return await self.guest.call("PUT", path, [self.ids.get(name, name) for name in names])

    async def held(self, name: str) -> set[tuple[str, str]]:
        """What somebody holds directly, by names."""
        names = {key: name for name, key in self.ids.items()} | {"*": "*"}
        state = self.guest.sim.snapshot()
        return {
            (names[row["roleId"]], names[row["divisionId"]])
            for row in state["grants"]
            if row["subjectId"] == self.ids[name]
        }

    async def listed(self, role: str) -> list[str]:
        answer = await self.guest.get(f"{ROLES}/{self.ids[role]}/users")
        return [row["id"] for row in answer["entities"]]


async def place(**switches: str) -> Place:
    return Place(await open_door(parse_seed(SEED), switches=switches))


async def test_a_role_is_added_in_the_home_division_to_users_who_keep_what_they_hold() -> None:
    at = await place()
    assert await at.users("add", "Reader", "Ada", "Bob", "Bob") == (200, [at.ids["Ada"], at.ids["Bob"]])
    reader = {("Reader", "East"), ("Reader", "West"), ("Reader", "Home")}
    assert await at.held("Ada") == reader | {("Evaluator", "East")}
    assert await at.held("Bob") == {("Reader", "Home")}


async def test_a_role_is_taken_away_in_every_division_and_nothing_else_is() -> None:
    at = await place()
    assert await at.users("remove", "Reader", "Ada", "Bob") == (200, [at.ids["Ada"], at.ids["Bob"]])
    assert await at.held("Ada") == {("Evaluator", "East")}
    assert await at.held("Bob") == set()


@pytest.mark.parametrize("verb", ["add", "remove"])
async def test_all_users_or_none_are_changed(verb: str) -> None:
    at = await place()
    before = at.guest.sim.snapshot()
    for role, user in (("Reader", "nobody"), ("Reader", "Eve"), ("Reader", "Team"), ("nothing", "Bob")):
        assert (await at.users(verb, role, "Ada", "Bob", user))[0] == 404
    assert (await at.guest.call("PUT", f"{ROLES}/{at.ids['Reader']}/users/{verb}", {}))[0] == 400
    assert (await at.guest.call("PUT", f"{ROLES}/{at.ids['Reader']}/users/{verb}", [1]))[0] == 400
    assert at.guest.sim.snapshot() == before
    assert await at.users(verb, "Reader") == (200, [])
    assert at.guest.sim.snapshot() == before


async def test_who_may_grant_in_one_division_only_adds_nobody_in_another() -> None:
    at = await place()
    settings = {"authorizationGrantDivisionAware": True}
    assert at.guest.sim.edit("PUT", f"/api/v2/{ROLES}/settings", settings)[0] == 200
    rights = ("authorization:grant:add", "authorization:grant:delete")
    granter = await at.guest.role("granter", *rights)
    confined = await at.guest.as_client(await at.guest.client("c", (granter, at.ids["East"])))
    before = at.guest.sim.snapshot()["grants"]
    for verb in ("add", "remove"):
        path = f"{ROLES}/{at.ids['Reader']}/users/{verb}"
        assert (await confined.call("PUT", path, [at.ids["Ada"]]))[0] == 403
    assert at.guest.sim.snapshot()["grants"] == before
    path = f"{ROLES}/{at.ids['Evaluator']}/users/remove"
    assert (await confined.call("PUT", path, [at.ids["Ada"]]))[0] == 200
    assert ("Evaluator", "East") not in await at.held("Ada")


async def test_the_audits_tell_who_came_and_went() -> None:
    at = await place()
    await at.users("add", "Reader", "Bob")
    await at.users("remove", "Reader", "Ada", "Bob")
    told = [(row["action"], row["entity"]["name"].split("--")[0]) for row in await audits(at.guest)]
    ada, bob = at.ids["Ada"], at.ids["Bob"]
    assert told == [("MemberAdd", bob), ("MemberRemove", ada), ("MemberRemove", bob)]


async def test_the_users_of_a_role_are_those_who_hold_it_themselves_and_anybody_may_ask() -> None:
    at = await place()
    stranger = await at.guest.as_client(await at.guest.client("stranger"))
    path = f"{ROLES}/{at.ids['Reader']}/users"
    told = await stranger.get(path)
    assert (told["total"], told["entities"]) == (
        1, [{"id": at.ids["Ada"], "selfUri": f"/api/v2/users/{at.ids['Ada']}"}],
    )  # fmt: skip
    assert await at.listed("Employee") == []
    await at.users("add", "Reader", "Bob")
    assert await at.listed("Reader") == [at.ids["Ada"], at.ids["Bob"]]
    second = await stranger.get(f"{path}?pageSize=1&pageNumber=2")
    assert ([row["id"] for row in second["entities"]], second["pageCount"]) == ([at.ids["Bob"]], 2)
    assert (await stranger.call("GET", f"{ROLES}/nothing/users"))[0] == 404
    assert (await stranger.call("GET", f"{path}?pageSize=0"))[0] == 400


async def test_roles_are_counted_once_however_many_divisions_they_are_held_in() -> None:
    at = await place()
    ids = [at.ids[name] for name in ("Ada", "Bob", "Team")] + ["operator", "nobody"]
    counted = await at.guest.get(
        f"authorization/subjects/rolecounts?id={','.join(ids[:2])}&id={','.join(ids[2:])}"
    )
    assert list(counted.values()) == [2, 0, 1, 1, 0]
    assert list(counted) == ids
    assert await at.guest.get("authorization/subjects/rolecounts") == {}


async def test_a_user_has_the_roles_and_permissions_of_itself_and_of_its_groups() -> None:
    at = await place()
    told = await at.guest.get(f"users/{at.ids['Ada']}/roles")
    assert [row["name"] for row in told["roles"]] == ["Reader", "Evaluator", "Employee"]
    assert told["permissions"] == [
        "admin", "routing:queue:view", "quality:evaluation:view", "directory:user:view",
    ]  # fmt: skip
    queue = at.guest.find("queues", "Q")["id"]
    nodes = {row["domain"]: row.get("resourceConditionNode") for row in told["permissionPolicies"]}
    assert nodes["quality"]["terms"][0]["operands"] == [{"type": "QUEUE", "value": queue}]
    assert nodes["quality"]["terms"][1]["operands"] == [{"type": "SCALAR", "value": "x"}]
    assert nodes["routing"] is None
    assert [row["name"] for row in (await at.guest.get(f"users/{at.ids['Bob']}/roles"))["roles"]] == [
        "Employee"
    ]
    for somebody in ("nobody", "operator", at.ids["Team"]):
        assert (await at.guest.call("GET", f"users/{somebody}/roles"))[0] == 404


async def test_a_condition_that_names_nothing_is_shown_without_it() -> None:
    at = await place()
    node = {"operands": [{}, {"queue": {}}, {"user": {"id": "u"}}]}
    policy = policies("routing:queue:view")[0] | {"resourceConditionNode": node}
    role = await at.guest.make(ROLES, {"name": "odd", "permissionPolicies": [policy, {}]})
    assert (await at.users("add", role["id"], "Bob"))[0] == 200
    told = (await at.guest.get(f"users/{at.ids['Bob']}/roles"))["permissionPolicies"]
    assert told[0]["resourceConditionNode"] == {"operands": [{}, {}, {"value": "u"}]}
    assert told[1] == {"actionSet": [], "allowConditions": False}


async def test_a_role_whose_deletion_is_seen_before_that_of_its_grants_gives_nothing() -> None:
    at = await place()
    at.guest.sim.org.live.put("roles", at.ids["Reader"], None)
    told = await at.guest.get(f"users/{at.ids['Ada']}/roles")
    assert [row["name"] for row in told["roles"]] == ["Evaluator", "Employee"]
