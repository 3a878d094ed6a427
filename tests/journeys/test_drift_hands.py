"""When something drifted, and only then, the vendor's audits are asked whose hand it was; never a guess."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reconciler.engine.hands import DAYS
from reconciler.simulator import default_seed
from tests.journeys.test_drift_command import METRICS, QUEUES, ROLE, grant, put, quiet, widen
from tests.journeys.test_drift_policy import policy
from tests.journeys.world import World
from tests.support.clock import START

ASKED = "POST /api/v2/audits/query/realtime"


def seed() -> Any:
    """Northwind whose operator may read audits."""
    usual = default_seed()
    roles = [
        {**role, "permissions": [*role["permissions"], "audits:audit:view"]}
        if role["name"] == "Reconciler Operator"
        else role
        for role in usual.roles
    ]
    return replace(usual, roles=roles)


@pytest.fixture
def make(make_world: Callable[..., World]) -> Callable[..., World]:
    def made(**switches: str) -> World:
        world = make_world(seed=seed(), switches=switches, start=START)
        world.settle()
        world.wait(60)
        return world

    return made


def told(world: World) -> dict[str, Any]:
    """What the audits say, by address."""
    ran = world.run("drift", "-o", "json")
    Draft202012Validator(world.run("schema", "drift").json).validate(ran.json)
    return {each["address"]: each["audit"] for each in ran.json["objects"]}


def test_who_widened_a_role_and_who_granted_by_hand_are_named_with_their_time(
    make: Callable[..., World],
) -> None:
    world = make(**{"bulkadd-visible": "no"})
    grant(world, "globex-bank-metrics", QUEUES, "ACME-US")
    widen(world, "Tenant Adherence", "wfm:schedule:view")
    world.wait(5)
    found = told(world)
    assert {at: (each["by"], each["action"]) for at, each in found.items()} == {
        METRICS: ("Dana Keller", "MemberUpdate"),
        ROLE: ("Dana Keller", "Update"),
    }
    ran = world.run("drift")
    assert ran.out.count("by Dana Keller, 2026-11-20 14:0") == 2 and "in the audit log" in ran.out
    assert "by Dana Keller" in world.run("drift", "-o", "markdown").out


@pytest.mark.full
def test_what_was_taken_by_hand_is_asked_of_the_role(make: Callable[..., World]) -> None:
    world = make()
    client, role = world.row("clients", "acme-adherence")["id"], world.row("roles", "Tenant Adherence")["id"]
    division = world.row("divisions", "ACME-US")["id"]
    world.drift("DELETE", f"authorization/subjects/{client}/divisions/{division}/roles/{role}")
    world.wait(5)
    (found,) = told(world).values()
    assert found["by"] == "Dana Keller" and found["action"].startswith("Member")


def test_a_quiet_run_asks_nobody_and_a_client_that_says_it_itself_neither(make: Callable[..., World]) -> None:
    world = make()
    quiet(world)
    put(world, "acme-adherence", accessTokenValiditySeconds=86_400)
    ran, asked = world.counted("drift")
    assert "last written by Dana Keller" in ran.out
    assert [each for each in asked if "audits" in each.path] == []
    assert ASKED not in world.asked()


@pytest.mark.full
def test_what_is_acknowledged_is_not_asked_about(make: Callable[..., World]) -> None:
    world = make()
    widen(world, "Tenant Adherence", "wfm:schedule:view")
    line = "- {drift: org, reason: r, owner: o, expires: 2026-12-31}"
    policy(world, "acknowledged:", line)
    assert world.run("drift").code == 0 and ASKED not in world.asked()


@pytest.mark.parametrize(
    ("status", "says"),
    [(403, "grant audits:audit:view"), pytest.param(500, "did not answer", marks=pytest.mark.full)],
)
def test_audits_that_do_not_answer_are_said_and_never_an_error(
    make: Callable[..., World], status: int, says: str
) -> None:
    world = make()
    widen(world, "Tenant Adherence", "wfm:schedule:view")
    widen(world, QUEUES, "wfm:schedule:view")
    path = "/api/v2/audits/query/realtime"
    world.sim.faults([{"path": path, "kind": "status", "status": status, "times": 99}])
    ran, asked = world.counted("drift")
    assert ran.code == 2 and says in " ".join(ran.out.split()) and "by: the audit API would know" in ran.out
    assert len([each for each in asked if each.path == path]) <= (1 if status == 403 else 10)


def test_without_the_permission_the_role_to_grant_is_named(settled: World) -> None:
    widen(settled, "Tenant Adherence", "wfm:schedule:view")
    ran = settled.run("drift")
    assert (ran.code, "was not readable: grant audits:audit:view" in ran.out) == (2, True)
    assert settled.run("drift", "-o", "json").json["audits"]["unasked"] == 1
    assert "audits:audit:view lets drift" in " ".join(settled.run("doctor", "--bootstrap").out.split())


def test_a_renamed_division_leaves_no_trace_and_nobody_is_accused(make: Callable[..., World]) -> None:
    world = make()
    row = world.row("divisions", "ACME-CA")
    world.drift("PUT", f"authorization/divisions/{row['id']}", {**row, "name": "ACME-Canada"})
    world.wait(5)
    assert told(world) == {"acme-retail/division/ca": {"by": None, "at": None, "action": None}}
    assert "the audit log shows nobody else's change" in world.run("drift").out


@pytest.mark.full
def test_what_lies_further_back_than_audits_answer_is_not_found(make: Callable[..., World]) -> None:
    world = make()
    widen(world, "Tenant Adherence", "wfm:schedule:view")
    world.let_pass(DAYS + 1)
    assert told(world)[ROLE] == {"by": None, "at": None, "action": None}
