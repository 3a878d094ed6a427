"""What was written counts once the organisation shows it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from reconciler.planning.settle import SETTLE_SECONDS
from tests.engine.test_failures import shorter_tokens
from tests.engine.world import (
    CLIENTS,
    DIVISIONS,
    ROLES,
    SUBJECTS,
    World,
    manifests,
    owner,
    results,
    tenant,
    world,
)
from tests.support.clock import run

ACME = manifests(tenant("acme"))


async def drifted(here: World) -> Any:
    """A plan that puts right what somebody changed by hand: one PUT."""
    await here.reconcile(ACME)
    shorter_tokens(here)
    return await here.plan(ACME)


def reads(here: World, since: int) -> int:
    return sum(each.method == "GET" and "/clients/" in each.path for each in here.sim.requests[since:])


def test_a_change_costs_one_write_and_one_look() -> None:
    async def scenario() -> None:
        async with world() as here:
            plan = await drifted(here)
            before = len(here.sim.requests)
            report = await here.apply(plan)
            sent = here.asked(before)
        assert sent == ["PUT", "GET"]
        assert report.outcomes[0].requests == 2

    run(scenario())


def test_an_old_answer_is_not_believed_and_a_new_one_only_when_seen_twice() -> None:
    async def scenario() -> None:
        async with world() as here:
            plan = await drifted(here)
            before = len(here.sim.requests)
            here.sim.faults([{"kind": "stale", "path": f"{CLIENTS}/*", "method": "GET", "times": 2}])
            report = await here.apply(plan)
            assert reads(here, before) == 4
        assert results(report) == {"acme/client/metrics": "done"}

    run(scenario())


def test_what_is_never_seen_stays_unconfirmed_and_says_what_differs() -> None:
    async def scenario() -> None:
        async with world() as here:
            plan = await drifted(here)
            here.sim.faults(
                [{"kind": "stale", "seconds": 3600, "path": f"{CLIENTS}/*", "method": "GET", "times": None}]
            )
            report = await here.apply(plan)
        outcome = report.outcomes[0]
        assert (outcome.result, 120 <= outcome.seconds < 130) == ("unconfirmed", True)
        assert outcome.error.startswith("written, but not seen within 120 s: ")

    run(scenario())


def test_a_look_that_fails_is_not_the_last_one() -> None:
    async def scenario() -> None:
        async with world() as here:
            plan = await drifted(here)
            here.sim.faults([{"kind": "status", "status": 409, "path": f"{CLIENTS}/*", "method": "GET"}])
            report = await here.apply(plan)
        assert results(report) == {"acme/client/metrics": "done"}

    run(scenario())


@pytest.mark.parametrize("lag", [5.0, 30.0])
def test_a_slow_organisation_is_waited_for(lag: float) -> None:
    async def scenario() -> None:
        async with world(lag=lag) as here:
            report = await here.reconcile(ACME)
        assert set(results(report).values()) == {"done"}

    run(scenario())


def test_what_waits_for_an_unconfirmed_birth_is_skipped() -> None:
    async def scenario() -> None:
        async with world() as here:
            here.sim.faults(
                [
                    {
                        "kind": "status",
                        "status": 404,
                        "path": f"{DIVISIONS}/*-*",
                        "method": "GET",
                        "times": None,
                    }
                ]
            )
            report = await here.reconcile(ACME)
            assert here.rows(CLIENTS)["acme-metrics"]["roleDivisions"] == []
        assert results(report)["acme/division/main"] == "unconfirmed"
        skipped = report.results("skipped")[0]
        assert skipped.error.startswith("acme/division/main was not confirmed (")

    run(scenario())


def test_looks_at_different_objects_overlap() -> None:
    async def scenario() -> None:
        async with world() as here:
            before = len(here.sim.requests)
            began = here.sim.clock.now()
            await here.reconcile(manifests(*(tenant(f"t{number}") for number in range(8))))
            took, asked = here.sim.clock.now() - began, len(here.sim.requests) - before
        assert took < asked * 0.21 + 8 + SETTLE_SECONDS

    run(scenario())


def test_access_taken_away_elsewhere_is_looked_at_in_both_views() -> None:
    async def scenario() -> None:
        async with world({"bulkadd-visible": "no", "editor-must-hold": "off"}) as here:
            both = manifests(tenant("acme"), tenant("globex"))
            await here.reconcile(both)
            client = here.rows(CLIENTS)["acme-metrics"]["id"]
            role, foreign = (
                here.rows(ROLES)["Tenant Queue Metrics"]["id"],
                here.rows(DIVISIONS)["GLOBEX"]["id"],
            )
            here.grant_by_hand(client, role, foreign)
            plan = await here.plan(both, "acme/client/metrics")
            again = {"method": "POST", "path": f"{SUBJECTS}/{client}/bulkadd?subjectType=PC_OAUTH_CLIENT"}
            edits = [{**again, "body": {"grants": [{"roleId": role, "divisionId": foreign}]}}]
            here.sim.faults([{"kind": "edit", "method": "PUT", "path": f"{CLIENTS}/*", "edits": edits}])
            report = await here.apply(plan)
        assert report.outcomes[0].result == "unconfirmed"
        assert report.outcomes[0].error.endswith("other grants")

    run(scenario())


def test_a_marker_counts_as_written_once_it_is_seen() -> None:
    """Taking an object over changes nothing but its marker."""

    async def scenario() -> None:
        async with world() as here:
            here.sim.edit("POST", DIVISIONS, {"name": "OLD"})
            await asyncio.sleep(100)
            mine = owner("acme", division=[{"key": "old", "name": "OLD", "adopt": True}])
            plan = await here.plan(manifests(mine, shared=owner("org")))
            here.sim.faults([{"kind": "stale", "path": f"{DIVISIONS}/*", "method": "GET"}])
            before = len(here.sim.requests)
            report = await here.apply(plan)
            sent = [each.method for each in here.sim.requests[before:]]
        assert results(report) == {"acme/division/old": "done"}
        assert sent == ["PUT", "GET", "GET", "GET"]

    run(scenario())
