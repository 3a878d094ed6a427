"""A client whose secret never arrived goes on being one, whatever is done to it or a cache shows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import pytest

from reconciler.engine import cycle
from reconciler.engine.context import Basis
from reconciler.kinds import REGISTRY
from reconciler.model.plan import Plan
from reconciler.planning.options import PlanOptions
from tests.engine.test_births import CLIENT, WANTED, client, finished
from tests.engine.world import CLIENTS, World, outcome, results, world
from tests.support.clock import LoopClock, run


@asynccontextmanager
async def half_born() -> AsyncIterator[World]:
    """A client whose secret never arrived."""
    async with world() as here:
        here.sink.breaks = True
        await here.reconcile(WANTED)
        here.sink.breaks = False
        yield here


async def planned(here: World, **asked: Any) -> tuple[Plan, Basis]:
    options = PlanOptions(date(2026, 11, 20), "2026-11-20T14:00:00Z", "0.1.0", **asked)
    since = LoopClock().monotonic()
    plan, live = await cycle.look_and_plan(here.api, WANTED, options, REGISTRY)
    return plan, Basis(live, since)


async def suspended(here: World) -> tuple[Plan, Basis]:
    return await planned(here, suspend="acme")


async def switched_on_with_its_secret(here: World) -> bool:
    """Whether who ends the suspension delivers a secret first."""
    plan, basis = await planned(here, allow={"gains": 1})
    await here.apply(plan, basis=basis)
    return await finished(here)


@pytest.mark.parametrize("fault", ["status", "stale"])
def test_what_a_lagging_cache_does_not_show_still_has_no_secret(fault: str) -> None:
    async def scenario() -> None:
        async with half_born() as here:
            plan, basis = await suspended(here)
            look = {"method": "GET", "path": f"{CLIENTS}/{client(here)['id']}", "seconds": 600}
            here.sim.faults([{"kind": fault, "status": 404, **look}])
            report = await here.apply(plan, basis=basis)
            assert results(report)[CLIENT] == "done"
            assert await switched_on_with_its_secret(here)

    run(scenario())


def test_where_nobody_saw_that_a_secret_is_missing_nothing_is_written() -> None:
    async def scenario() -> None:
        async with half_born() as here:
            plan, _ = await suspended(here)
            before = here.sim.snapshot()
            here.sim.faults([{"kind": "status", "status": 404, "path": f"{CLIENTS}/{client(here)['id']}"}])
            report = await here.apply(plan)
            assert here.sim.snapshot()["clients"] == before["clients"]
        assert "plan again" in outcome(report, CLIENT).error

    run(scenario())
