"""`prove --objects` tells what lies in a wrong place, what it could not look at, and what that costs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from math import ceil
from typing import Any

import pytest

from reconciler.model.shelves import SHELVES
from reconciler.simulator import find_seed
from reconciler.simulator.seed import parse_seed
from tests.journeys.test_findings import about
from tests.journeys.test_prove import inhabited as inhabited
from tests.journeys.test_prove import proof
from tests.journeys.tokens import Token
from tests.journeys.world import World
from tests.reports.golden import check
from tests.simulator.misconfigurations import PLANTED
from tests.support.clock import START

READS = (*(shelf.sight.permission for shelf in SHELVES), "wfm:agent:view")
"""What looking at objects takes; deleted divisions and use our own client may see anyway."""

NAMED: dict[str, tuple[str, ...]] = {
    "objects/misplaced": ("misplaced-object", "misplaced-flow"),
    "objects/left-in-home": ("left-in-home",),
    "objects/starred": ("starred-object",),
    "wfm/unit-misplaced": ("unit-in-home",),
    "wfm/split-unit": ("split-unit",),
    "wfm/foreign-agent": ("foreign-agent",),
    "groups/hidden-holder": ("hidden-holder",),
    "groups/roles-disabled": ("roles-disabled",),
    "clients/unused": ("unused-client",),
    "divisions/deleted": ("deleted-division",),
}
"""Rule → the plants that it claims, where the finding is about the planted object itself."""


def may_look(world: World, reads: Iterable[str] = READS, where: str = "*") -> World:
    """A colleague lets our own client see objects."""
    policies = [
        {"domain": domain, "entityName": entity, "actionSet": [action]}
        for domain, entity, action in (said.split(":") for said in reads)
    ]
    role = world.drift(
        "POST", "authorization/roles", {"name": "Object Reader", "permissionPolicies": policies}
    )
    place = where if where == "*" else world.row("divisions", where)["id"]
    grants = {"grants": [{"roleId": role["id"], "divisionId": place}]}
    world.drift("POST", "authorization/subjects/operator/bulkadd?subjectType=PC_OAUTH_CLIENT", grants)
    return world


def put_into(world: World, kind: str, identity: str, division: str) -> None:
    """A colleague moves something; `kind` is the vendor's word."""
    where = world.row("divisions", division)["id"]
    world.drift("POST", f"authorization/divisions/{where}/objects/{kind}", [identity])


def looked(world: World) -> dict[str, Any]:
    ran, writes = world.wrote("prove", "--objects", "-o", "json")
    assert (ran.code, writes) == (0, []), ran.err
    return dict(ran.json)


@pytest.fixture
def settled(make_world: Callable[..., World]) -> World:
    """Northwind after its first apply, on one day for the organisation and for us."""
    world = make_world()
    world.sim.clock.advance((START - datetime.fromisoformat(world.sim.clock.stamp())).total_seconds())
    world.settle()
    return world


@pytest.fixture
def broken(make_world: Callable[..., World]) -> World:
    """Northwind with one of each misconfiguration, for somebody who may see it."""
    return may_look(make_world(seed=find_seed("northwind-broken")))


def test_every_plant_is_found_on_the_object_it_was_planted_on(broken: World) -> None:
    found = looked(broken)["findings"]
    claimed = {rule: set().union(*(PLANTED[each] for each in plants)) for rule, plants in NAMED.items()}
    assert {rule: about(found, rule) for rule in NAMED} == claimed
    through_group = {"ACME US Callback"}  # the group of PLANTED["foreign-member"] serves it
    assert about(found, "queues/foreign-member") == PLANTED["foreign-queue-member"] | through_group
    (shared,) = (each for each in found if each["rule"] == "objects/everywhere")
    assert shared["witness"] == ["Callback Promised", "Resolved", "Wrong Number"]


def test_the_witness_leads_from_the_person_to_the_wrong_place(broken: World) -> None:
    found = {(each["rule"], each["address"]): each["witness"] for each in looked(broken)["findings"]}
    assert found["queues/foreign-member", "queue:Globex Onboarding"] == [
        "Ben Carter", "lies in ACME-US", "Globex Onboarding in GLOBEX",
    ]  # fmt: skip
    assert found["wfm/foreign-agent", "management unit:Initech Chat Floor"] == [
        "Ravi Menon", "lies in GLOBEX", "Initech Chat Floor in INITECH",
    ]  # fmt: skip
    assert found["wfm/split-unit", "management unit:ACME Holiday Floor"] == [
        "ACME Holiday Floor in ACME-US", "Globex Campaigns in GLOBEX",
    ]  # fmt: skip
    assert found["wfm/unit-misplaced", "management unit:Initech Night Floor"] == [
        "Initech Night Floor", "in Home", "1 agent of initech-saas in it",
    ]  # fmt: skip


def test_it_reads_as_last_approved(broken: World) -> None:
    ran = broken.run("prove", "--objects")
    assert ran.code == 0 and ran.last.endswith("0 leaks · exit 0")
    check("tests/golden/reports/prove_objects_80.txt", ran.out.partition("Findings")[2])


def test_nothing_about_objects_is_found_where_nobody_looked(broken: World) -> None:
    ran = broken.run("prove", "-o", "json")
    assert ran.json["objects"] == {"looked": False, "seen": [], "unseen": []}
    assert not {each["rule"] for each in ran.json["findings"]} & {*NAMED, "objects/everywhere"}
    assert "where objects lie was not looked at: `--objects` does" in ran.json["outside"]


def test_verdicts_and_exit_code_are_those_of_a_proof_without(inhabited: World) -> None:
    without = proof(inhabited, 0)
    with_objects = looked(may_look(inhabited))
    assert with_objects["tenants"] == without["tenants"]
    assert with_objects["gaps"] == without["gaps"] == []


@pytest.mark.parametrize("inside", [False, True])
def test_a_settled_organisation_has_nothing_but_what_is_everybodys(
    settled: World, inside: bool, request: pytest.FixtureRequest
) -> None:
    if inside:
        request.getfixturevalue("inhabited")
    found = looked(may_look(settled))
    assert [(each["severity"], each["rule"]) for each in found["findings"]] == [
        ("info", "objects/everywhere")
    ]
    assert found["objects"]["unseen"] == []
    assert {each["sort"]: each["number"] for each in found["objects"]["seen"]} == {
        "business unit": 1, "data table": 1, "flow": 1, "management unit": 1, "queue": 3, "wrap-up code": 3,
    }  # fmt: skip


def test_an_organisation_set_up_by_hand_has_everything_in_its_place(make_world: Callable[..., World]) -> None:
    found = looked(may_look(make_world(seed=find_seed("northwind"))))
    assert {each["rule"] for each in found["findings"]} == {"clients/undeclared", "objects/everywhere"}


def test_whose_something_is_can_be_told_before_its_tenant_has_a_division(
    make_world: Callable[..., World],
) -> None:
    world = may_look(make_world(seed=parse_seed("base: northwind-new\nqueues: [{name: Globex Beta}]")))
    assert about(looked(world)["findings"], "objects/left-in-home") == {"Globex Beta"}


def test_what_may_not_be_read_is_said_and_is_neither_found_nor_a_gap(settled: World) -> None:
    found = looked(settled)
    unseen = found["objects"]["unseen"]
    assert found["objects"]["looked"] and found["objects"]["seen"] == [] and found["findings"] == []
    assert unseen == [
        f"{shelf.sight.type}: our own credentials do not hold {shelf.sight.permission}" for shelf in SHELVES
    ]
    assert found["gaps"] == []
    assert [f"not looked at: {each}" for each in unseen] == found["outside"][-len(unseen) :]


def test_a_list_that_is_cut_to_where_we_may_look_is_said_to_be(settled: World) -> None:
    found = looked(may_look(settled, where="Home"))
    assert len(found["objects"]["unseen"]) == len(SHELVES)
    assert "some queues: routing:queue:view is not held in every division" in found["objects"]["unseen"]
    assert {"sort": "queue", "number": 3} in found["objects"]["seen"]


def test_agents_that_may_not_be_read_are_said(settled: World) -> None:
    found = looked(may_look(settled, [each for each in READS if each != "wfm:agent:view"]))
    assert found["objects"]["unseen"] == ["who is in 1 management unit: may not be read"]


def test_objects_that_do_not_say_where_they_lie_are_said(make_world: Callable[..., World]) -> None:
    found = looked(may_look(make_world(switches={"starred-shown": "absent"})))
    assert found["objects"]["unseen"] == ["where 3 wrap-up codes lie: the organisation does not say"]
    assert found["findings"] == []


def test_a_group_that_no_list_shows_us_is_found_by_what_it_holds(make_world: Callable[..., World]) -> None:
    world = may_look(make_world(seed=find_seed("northwind-broken"), switches={"hidden-groups": "hidden"}))
    (found,) = (each for each in looked(world)["findings"] if each["rule"] == "groups/hidden-holder")
    assert found["witness"] == ["Night Crew", "is in no list of groups", "Supervisor in INITECH"]


def test_it_costs_what_the_page_says(broken: World) -> None:
    state = broken.sim.snapshot()
    _, without = broken.counted("prove")
    _, asked = broken.counted("prove", "--objects")
    sorts = ("queues", "wrapupCodes", "flows", "dataTables")
    pages = sum(ceil(len(state[sort]) / 100) for sort in sorts) + 2  # units have none
    old = [
        row for row in state["clients"] if row["dateCreated"][:10] < "2026-08-22" and row["state"] == "active"
    ]  # our own among them
    expected = {
        "permitted": len(SHELVES),
        "lists": pages + 1 + 1,  # of groups, and of deleted divisions
        "members": len(state["queues"]),
        "agents": len(state["managementUnits"]),
        "usage": 2 * len(old),
    }
    more = len(asked) - len(without)
    assert more == sum(expected.values()), expected


def test_members_beyond_the_first_page_are_read(make_world: Callable[..., World]) -> None:
    people = [f"p{number}" for number in range(101)]
    users = "".join(f"  - {{name: {each}, email: {each}@northwind.example}}\n" for each in people)
    members = ", ".join(f"{each}@northwind.example" for each in people)
    seed = f"base: northwind-new\nusers:\n{users}queues:\n  - {{name: Large, members: [{members}]}}\n"
    world = make_world(seed=parse_seed(seed))
    world.settle()
    last = world.row("queues", "Large")["members"][-1]
    put_into(world, "QUEUE", world.row("queues", "Large")["id"], "ACME-US")
    put_into(world, "USER", last, "GLOBEX")
    assert about(looked(may_look(world))["findings"], "queues/foreign-member") == {"Large"}


def test_a_program_is_unused_once_it_is_old_and_nobody_has_used_it_since(settled: World) -> None:
    settled.let_pass(80)
    Token(settled, "globex-bank/client/metrics").get("routing/queues")
    settled.let_pass(11)
    found = {each["address"] for each in looked(settled)["findings"] if each["rule"] == "clients/unused"}
    assert {"acme-retail/client/metrics", "initech-saas/client/desk"} < found
    assert "globex-bank/client/metrics" not in found
