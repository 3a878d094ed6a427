"""A failure ends what depends on it, says so, and stops nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reconciler.errors import UsageError
from reconciler.model.address import OPERATOR, Address
from reconciler.model.plan import Change, Edge, Operation, Plan
from reconciler.planning.settle import SETTLE_SECONDS
from tests.engine.world import (
    CLIENTS,
    DIVISIONS,
    ROLES,
    SUBJECTS,
    World,
    manifests,
    outcome,
    owner,
    results,
    tenant,
    world,
)
from tests.support.clock import run

BOTH = manifests(tenant("acme"), tenant("globex"))
ACME, GLOBEX = Address("acme", "client", "metrics"), Address("globex", "client", "metrics")


def only(plan: Plan, change: Change, *operations: Operation) -> Plan:
    """A plan of one change, made by hand."""
    return replace(plan, changes=(change,), operations=operations)


def shorter_tokens(here: World, name: str = "acme-metrics") -> None:
    """Somebody changes a client by hand."""
    row = here.rows(CLIENTS)[name]
    here.sim.edit("PUT", f"{CLIENTS}/{row['id']}", {**row, "accessTokenValiditySeconds": 600})


def test_a_failure_in_one_tenant_never_stops_another() -> None:
    async def scenario() -> None:
        async with world() as here:
            here.sim.faults([{"kind": "status", "status": 400, "method": "POST", "path": DIVISIONS}])
            report = await here.reconcile(BOTH)
            assert results(report) == {
                "acme/client/metrics": "skipped",
                "acme/division/main": "failed",
                "globex/client/metrics": "done",
                "globex/division/main": "done",
                "org/role/queue-metrics": "done",
            }
            acme = here.rows(CLIENTS)["acme-metrics"]
            assert (acme["state"], acme["roleDivisions"]) == ("inactive", [])
            again = await here.reconcile(BOTH)
        assert results(again) == {"acme/client/metrics": "done", "acme/division/main": "done"}

    run(scenario())


def test_what_is_skipped_names_the_first_cause() -> None:
    async def scenario() -> None:
        async with world() as here:
            here.sim.faults([{"kind": "status", "status": 400, "method": "POST", "path": ROLES}])
            report = await here.reconcile(BOTH)
        skipped = [item.error for item in report.results("skipped") if item.address != OPERATOR]
        steps = "(2 of 4 steps were carried out; the next run goes on from there)"
        assert len(skipped) == 2
        assert all(error.startswith("org/role/queue-metrics failed (") for error in skipped)
        assert all(error.endswith(steps) for error in skipped)
        assert "the simulator was told to answer this" in report.results("failed")[0].error

    run(scenario())


def test_something_born_a_moment_ago_may_be_unknown_for_a_while() -> None:
    async def scenario() -> None:
        async with world() as here:
            plan = await here.plan(manifests(tenant("acme")))
            here.sim.faults(
                [{"kind": "status", "status": 404, "method": "PUT", "path": f"{CLIENTS}/*", "times": 3}]
            )
            report = await here.apply(plan)
        assert results(report)["acme/client/metrics"] == "done"
        assert outcome(report, "acme/client/metrics").seconds > 1 + 2 + 4

    run(scenario())


def test_something_that_stays_unknown_fails_with_the_vendors_words() -> None:
    async def scenario() -> None:
        async with world() as here:
            here.sim.faults(
                [{"kind": "status", "status": 404, "method": "PUT", "path": f"{CLIENTS}/*", "times": None}]
            )
            report = await here.reconcile(manifests(tenant("acme")))
        failed = report.results("failed")[0]
        assert "the simulator was told to answer this" in failed.error
        assert 120 + SETTLE_SECONDS <= failed.seconds < 130 + SETTLE_SECONDS

    run(scenario())


def test_an_old_object_that_is_unknown_is_gone() -> None:
    async def scenario() -> None:
        async with world() as here:
            await here.reconcile(manifests(tenant("acme")))
            shorter_tokens(here)
            plan = await here.plan(manifests(tenant("acme")))
            before = len(here.written())
            here.sim.faults(
                [{"kind": "status", "status": 404, "method": "PUT", "path": f"{CLIENTS}/*", "times": None}]
            )
            report = await here.apply(plan)
            assert len(here.written()) == before + 1
        assert results(report) == {"acme/client/metrics": "failed"}

    run(scenario())


def test_taking_away_what_is_gone_is_done() -> None:
    async def scenario() -> None:
        async with world({"bulkadd-visible": "no"}) as here:
            await here.reconcile(BOTH)
            client = here.rows(CLIENTS)["acme-metrics"]["id"]
            role, foreign = (
                here.rows(ROLES)["Tenant Queue Metrics"]["id"],
                here.rows(DIVISIONS)["GLOBEX"]["id"],
            )
            here.grant_by_hand(client, role, foreign)
            plan = await here.plan(BOTH, "acme/client/metrics")
            here.sim.edit("DELETE", f"{SUBJECTS}/{client}/divisions/{foreign}/roles/{role}")
            report = await here.apply(plan)
        assert len(plan.operations) > 0
        assert results(report) == {"acme/client/metrics": "done"}

    run(scenario())


def test_an_object_is_gone_once_nobody_shows_it() -> None:
    async def scenario() -> None:
        async with world({"tombstones": "listed"}) as here:
            empty = await here.plan(manifests())
            made: dict[str, Any] = here.sim.edit(
                "POST", CLIENTS, {"name": "old", "authorizedGrantType": "CODE", "state": "inactive"}
            )[1]
            change = Change(ACME, "delete", "old", made["id"], "manifest", "no longer declared")
            delete = Operation("d", ACME, "request", "DELETE", f"{CLIENTS}/{made['id']}", None)
            report = await here.apply(only(empty, change, delete))
            assert here.rows(CLIENTS)["old"]["state"] == "deleted"
        assert (report.outcomes[0].result, report.count("delete")) == ("done", 1)

    run(scenario())


def test_gains_wait_until_a_changed_role_has_settled() -> None:
    async def scenario() -> None:
        wider = ["routing:queue:view", "routing:queue:search"]
        role = {"key": "queue-metrics", "name": "Tenant Queue Metrics", "permissions": wider}
        async with world() as here:
            await here.reconcile(manifests(tenant("acme")))
            report = await here.reconcile(
                manifests(tenant("acme"), tenant("globex"), shared=owner("org", role=[role]))
            )
        assert {item.result for item in report.outcomes} == {"done"}
        lines = here.diary.lines
        waiting = lines.index("waiting 10 s: a role changed, caches must agree on it")
        assert waiting < lines.index("intend globex/client/metrics:grant")
        assert waiting < next(index for index, line in enumerate(lines) if "finished globex/client" in line)

    run(scenario())


def test_operations_out_of_order_are_refused_before_anything_is_written() -> None:
    async def scenario() -> None:
        async with world() as here:
            plan = await here.plan(manifests(tenant("acme")))
            with pytest.raises(UsageError, match="does not stand before it"):
                await here.apply(replace(plan, operations=plan.operations[::-1]))
            assert here.written() == []

    run(scenario())


def test_a_reference_to_what_nobody_made_is_an_outcome() -> None:
    async def scenario() -> None:
        async with world() as here:
            empty = await here.plan(manifests())
            change = Change(ACME, "update", "x", "", "manifest", "by hand")
            broken = Operation("u", ACME, "request", "PUT", f"{CLIENTS}/{{{GLOBEX}}}", {})
            later = Operation("v", ACME, "wait", "", "", {"seconds": 5}, (Edge("u", "so it is"),))
            report = await here.apply(only(empty, change, broken, later))
            assert here.written() == []
        assert "globex/client/metrics is referred to, but has no id yet" in report.outcomes[0].error
        assert not any(line.startswith("waiting") for line in here.diary.lines)

    run(scenario())


def test_no_more_requests_are_under_way_than_allowed() -> None:
    async def scenario() -> None:
        async with world(latency=0.5) as here:
            names = [f"t{number}" for number in range(12)]
            plan = await here.plan(manifests(*map(tenant, names)))
            busy: list[int] = []
            write, under_way = here.api.write, 0

            async def counted(*given: Any, **named: Any) -> Any:
                nonlocal under_way
                under_way += 1
                busy.append(under_way)
                try:
                    return await write(*given, **named)
                finally:
                    under_way -= 1

            here.api.write = counted  # type: ignore[method-assign]
            report = await here.apply(plan)
        assert {item.result for item in report.outcomes} == {"done"}
        assert max(busy) == 6

    run(scenario())
