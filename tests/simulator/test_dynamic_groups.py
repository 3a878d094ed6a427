"""A rule brings people into a group; only those whom somebody added are told as individuals."""

from __future__ import annotations

import pytest

from reconciler.simulator import Simulator
from reconciler.simulator.seed import parse_seed
from tests.simulator.guest import Guest, open_door
from tests.simulator.things import names

SEED = """
base: bare
organisation: {id: 99999999-9999-9999-9999-999999999999, name: Groups}
users: [{name: Ada, email: ada@own.example}, {name: Bob, email: bob@own.example}]
groups:
  - name: Spanish
    members: [ada@own.example]
    grants: [{role: Employee, divisions: ["*"]}]
    dynamic:
      members: [ada@own.example, bob@own.example]
      conditions:
        - {operation: And, routingSkillConditions: [
            {routingSkill: Spanish, comparator: GreaterThanOrEqualTo, proficiency: 3}]}
  - {name: Plain, members: [bob@own.example]}
  - {name: Quiet, visibility: owners, dynamic: {conditions: [{operation: Not}]}}
"""


async def groups(**switches: str) -> Guest:
    return await open_door(parse_seed(SEED), switches=switches)


async def reader(guest: Guest) -> Guest:
    """The operator, who may also see groups."""
    await guest.grant("operator", (await guest.role("r", "directory:group:view"), "*"))
    return guest


def path(guest: Guest, name: str) -> str:
    return f"groups/{guest.find('groups', name)['id']}"


async def test_members_are_all_of_them_and_individuals_those_who_were_added() -> None:
    guest = await groups()
    stranger = await guest.as_client(await guest.client("stranger"))
    spanish, plain = path(guest, "Spanish"), path(guest, "Plain")
    assert names(await stranger.get(f"{spanish}/members")) == ["Ada", "Bob"]
    individuals = await stranger.get(f"{spanish}/individuals")
    assert (names(individuals), individuals["total"], individuals["pageCount"]) == (["Ada"], 1, 1)
    assert names(await stranger.get(f"{plain}/individuals")) == ["Bob"]
    assert (await stranger.get(spanish))["memberCount"] == 2
    assert "dynamic" not in await stranger.get(spanish)
    assert (await stranger.call("GET", "groups/nobody/individuals"))[0] == 404


async def test_who_came_by_a_rule_holds_what_the_group_holds() -> None:
    guest = await groups()
    bob = guest.find("users", "Bob")["id"]
    assert await guest.subject_pairs(bob) == {(guest.find("roles", "Employee")["id"], "*")}


async def test_a_dynamic_group_tells_its_rule_in_the_words_of_the_contract() -> None:
    guest = await reader(await groups())
    told = await guest.get(f"{path(guest, 'Spanish')}/dynamicsettings")
    skill = {"routingSkill": "Spanish", "comparator": "GreaterThanOrEqualTo", "proficiency": 3}
    assert told["query"]["skillConditions"] == [
        {"operation": "And", "routingSkillConditions": [skill], "languageSkillConditions": []}
    ]
    assert told["group"]["id"] == guest.find("groups", "Spanish")["id"]
    for nothing in (path(guest, "Plain"), "groups/nobody"):
        assert (await guest.call("GET", f"{nothing}/dynamicsettings"))[0] == 404


@pytest.mark.parametrize(("value", "status"), [("shown", 200), ("hidden", 404)])
async def test_a_hidden_group_hides_its_rule_and_its_people(value: str, status: int) -> None:
    guest = await reader(await groups(**{"hidden-groups": value}))
    for what in ("dynamicsettings", "individuals"):
        assert (await guest.call("GET", f"{path(guest, 'Quiet')}/{what}"))[0] == status


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        ("operation: And", "operation: Xor", r"groups\[0\] \(Spanish\): dynamic: conditions\[0\]: operation"),
        ("proficiency: 3", "proficiency: 9", "proficiency: expected a whole number from 0 to 5"),
        ("comparator: GreaterThanOrEqualTo, ", "", "'comparator' is missing"),
        ("[ada@own.example, bob@", "[ada@own.example, rob@", r"groups \(Spanish\).*rob@own.example"),
    ],
)
def test_a_mistake_in_a_rule_is_told_with_its_place(wrong: str, right: str, said: str) -> None:
    assert SEED.count(wrong) == 1
    with pytest.raises(ValueError, match=said):
        Simulator(parse_seed(SEED.replace(wrong, right), "own.yaml"))
