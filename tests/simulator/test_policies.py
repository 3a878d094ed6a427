"""Access policies are read by who may see them, wherever that is; and they stop nobody."""

from __future__ import annotations

import pytest

from reconciler.simulator import Simulator
from reconciler.simulator.seed import parse_seed
from tests.simulator.guest import Guest, open_door
from tests.simulator.things import names

SEED = """
base: bare
organisation: {id: 44444444-4444-4444-4444-444444444444, name: Policies}
divisions: [{name: East}]
users: [{name: Ada, email: ada@own.example}]
groups: [{name: Team, members: [ada@own.example]}]
clients: [{name: robot, id: robot}]
policies:
  - {name: No grants, target: "authorization:grant:add", effect: DENY, applyToClients: true,
     condition: {any: [{attribute: hour}]}, attributes: [{name: hour, type: TIME}, {name: day, type: DATE}],
     presets: [{name: night, type: TIME_RANGE, value: 22-06}], dateModified: 2024-05-31}
  - {name: Team grants, target: "authorization:grant:add", effect: ALLOW, subject: {group: Team},
     attributes: [{name: hour, type: NUMBER}]}
  - {name: Ada watches, target: "routing:queue:view", effect: ALLOW, subject: {user: ada@own.example},
     active: false}
  - {name: Robots, target: "routing:queue:view", effect: DENY, subject: {client: robot}}
"""
POLICIES = "authorization/policies"
VIEW = "authorization:policy:view"


async def auditor(text: str = SEED) -> Guest:
    """The operator, who may read policies in one division."""
    guest = await open_door(parse_seed(text))
    role = await guest.role("policy reader", VIEW)
    await guest.grant("operator", (role, guest.find("divisions", "East")["id"]))
    return guest


async def test_policies_are_org_wide_and_shown_as_the_seed_says_them() -> None:
    guest = await auditor()
    listed = (await guest.get(POLICIES))["entities"]
    assert [row["name"] for row in listed] == ["No grants", "Team grants", "Ada watches", "Robots"]
    first = await guest.get(f"{POLICIES}/{listed[0]['id']}")
    assert first == listed[0]
    assert (first["subject"], first["condition"]) == ({"type": "ALL"}, {"any": [{"attribute": "hour"}]})
    assert (first["effect"], first["active"], first["applyToClients"]) == ("DENY", True, True)
    assert first["dateModified"] == "2024-05-31T00:00:00.000Z"
    subjects = {row["name"]: (row["subject"]["type"], row["subject"]["id"]) for row in listed[1:]}
    assert subjects == {
        "Team grants": ("GROUP", guest.find("groups", "Team")["id"]),
        "Ada watches": ("USER", guest.find("users", "Ada")["id"]),
        "Robots": ("CLIENT", "robot"),
    }
    assert listed[2]["active"] is False


async def test_policies_go_on_by_cursor_and_only_forwards() -> None:
    guest = await auditor()
    first = await guest.get(f"{POLICIES}?pageSize=3")
    assert (len(first["entities"]), "previousUri" in first) == (3, False)
    second = await guest.get(first["nextUri"].removeprefix("/api/v2/"))
    assert (names(second), "nextUri" in second, "previousUri" in second) == (["Robots"], False, False)
    for wrong in ("pageSize=201", "pageSize=0", "after=nobody"):
        assert (await guest.call("GET", f"{POLICIES}?{wrong}"))[0] == 400


async def test_a_policy_is_found_by_whom_it_names_and_not_through_groups() -> None:
    guest = await auditor()
    ada, team = guest.find("users", "Ada")["id"], guest.find("groups", "Team")["id"]
    assert names(await guest.get(f"{POLICIES}/subject/{ada}")) == ["Ada watches"]
    assert names(await guest.get(f"{POLICIES}/subject/{team}")) == ["Team grants"]
    assert names(await guest.get(f"{POLICIES}/subject/operator")) == []
    assert (await guest.call("GET", f"{POLICIES}/subject/nobody"))[0] == 404


async def test_a_policy_is_found_by_its_target_and_subject() -> None:
    guest = await auditor()
    target, team = f"{POLICIES}/targets/authorization:grant:add", guest.find("groups", "Team")["id"]
    assert names(await guest.get(target)) == ["No grants", "Team grants"]
    assert names(await guest.get(f"{target}?pageSize=1")) == ["No grants"]
    assert (await guest.get(f"{target}/subject/{team}"))["name"] == "Team grants"
    for nothing in (f"{target}/subject/operator", f"{POLICIES}/targets/no:such:thing/subject/{team}"):
        assert (await guest.call("GET", nothing))[0] == 404
    assert (await guest.call("GET", f"{POLICIES}/targets/no:such:thing"))[0] == 404


async def test_a_target_takes_the_attributes_its_policies_look_at() -> None:
    guest = await auditor()
    targets = (await guest.get(f"{POLICIES}/targets"))["targetAttributes"]
    hour, day = {"name": "hour", "type": "TIME"}, {"name": "day", "type": "DATE"}
    assert {name: each["policyAttributes"] for name, each in targets.items()} == {
        "authorization:grant:add": [hour, day], "routing:queue:view": [],
    }  # fmt: skip
    policy = (await guest.get(POLICIES))["entities"][0]["id"]
    told = await guest.get(f"{POLICIES}/{policy}/attributes")
    assert (told["id"], told["name"], told["policyAttributes"]) == (policy, "No grants", [hour, day])
    assert told["presetAttributes"] == {"night": {"type": "TIME_RANGE", "value": "22-06"}}


async def test_a_policy_that_is_not_there_is_not_found() -> None:
    guest = await auditor()
    for path in (f"{POLICIES}/nobody", f"{POLICIES}/nobody/attributes"):
        assert (await guest.call("GET", path))[0] == 404


async def test_a_policy_that_denies_everybody_stops_nobody() -> None:
    guest = await auditor()
    role = guest.find("roles", "Supervisor")["id"]
    assert (await guest.grant("robot", (role, "*")))[0] == 204


async def test_an_organisation_without_policies_has_none() -> None:
    guest = await auditor(SEED.partition("policies:")[0])
    assert (await guest.get(POLICIES))["entities"] == []
    assert await guest.get(f"{POLICIES}/targets") == {"baseAttributes": [], "targetAttributes": {}}


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        ("{group: Team}", "{group: Tame}", r"policies \(Team grants\).*Tame"),
        ("{client: robot}", "{client: robot, group: Team}", r"policies \(Robots\): subject: name one"),
        ("{client: robot}", "{team: robot}", r"policies\[3\] \(Robots\): subject: unknown 'team'"),
        ('"routing:queue:view", effect: DENY', "queues, effect: DENY", r"\(Robots\): target.*'queues'"),
        ("type: DATE", "type: SOON", r"attributes\[1\] \(day\): type.*'SOON'"),
        ("value: 22-06", "valu: 22-06", r"presets\[0\] \(night\): unknown 'valu'"),
        ("{user: ada@own.example}", "{user: bob@own.example}", r"Ada watches.*bob@own.example"),
    ],
)
def test_a_mistake_in_a_policy_is_told_with_its_place(wrong: str, right: str, said: str) -> None:
    assert SEED.count(wrong) == 1
    with pytest.raises(ValueError, match=said):
        Simulator(parse_seed(SEED.replace(wrong, right), "own.yaml"))
