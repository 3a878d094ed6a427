"""What a run logs can be filtered by run, organisation, tenant and operation, and quoted to the vendor."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.journeys.world import Ran, World


def events(ran: Ran) -> list[dict[str, Any]]:
    """The log, which stands on stderr among what is said to people."""
    return [json.loads(line) for line in ran.err.splitlines() if line.startswith("{")]


def test_every_event_says_which_run_of_which_command_on_which_organisation(world: World) -> None:
    log = events(world.run("-vv", "apply", "--auto-approve"))
    newest = world.run("history", "-o", "json").json["runs"][0]["runId"]
    assert {(each["run"], each["command"], each["organisation"]) for each in log} == {
        (newest, "apply", "northwind")
    }


def test_every_write_says_for_which_operation_of_which_tenant_and_what_the_vendor_calls_it(
    world: World,
) -> None:
    ran = world.run("plan", "-o", "json")
    planned = {each["id"]: each["address"] for each in ran.json["operations"] if each["does"] == "request"}
    log = events(world.run("-vv", "apply", "--auto-approve"))
    writes = [each for each in log if each.get("method") in ("POST", "PUT", "DELETE") and "operation" in each]
    written = {each["operation"]: each["address"] for each in writes if each["operation"] in planned}
    assert written == planned
    assert all(each["tenant"] == each["address"].partition("/")[0] for each in writes)
    answered = [each for each in log if each["event"] == "request answered"]
    assert len(answered) == len(world.sim.requests) - len(planned_reads(world))
    assert len({each["correlation"] for each in answered}) == len(answered) and "" not in {
        each["correlation"] for each in answered
    }


def planned_reads(world: World) -> list[Any]:
    """What the plan before the apply asked: everything up to the second token."""
    tokens = [n for n, each in enumerate(world.sim.requests) if each.path == "/oauth/token"]
    return list(world.sim.requests[: tokens[1]])


@pytest.mark.full
def test_each_operation_is_told_with_what_became_of_it(world: World) -> None:
    world.sim.edit("POST", "/api/v2/authorization/divisions", {"name": "ACME-US"})
    log = events(world.run("-v", "apply", "--auto-approve"))
    assert not [each for each in log if each["event"] == "request answered"]
    ended = [each for each in log if each["event"] == "operation ended"]
    assert {each["result"] for each in ended} == {"done"} and len(
        {each["operation"] for each in ended}
    ) == len(ended)
    assert "globex-bank" in {each["tenant"] for each in ended}


@pytest.mark.full
def test_nothing_of_one_run_is_left_for_the_next(world: World) -> None:
    world.run("-v", "plan")
    first = {each["run"] for each in events(world.run("-vv", "plan"))}
    second = {each["run"] for each in events(world.run("-vv", "drift"))}
    assert len(first) == len(second) == 1 and first != second
