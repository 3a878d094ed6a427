"""A successor takes the sink of a client that works, and is usable a moment later, whatever happens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.engine.test_recovery import APP, APP_PLACE, app
from tests.engine.test_rotation import ACME, PLACE, WANTED, client, killed, rotate, signs_in
from tests.engine.world import CLIENTS, ROLES, World, manifests, owner, results, tenant, world
from tests.support.clock import run

LATENCY = 0.2
"""Seconds that each request takes."""
A_MOMENT = 2.0
"""Seconds for which a sink may point to a client that is of no use yet, as docs/rotation.md says."""
LOOK = 0.1


@asynccontextmanager
async def watching(here: World) -> AsyncIterator[Callable[[], float]]:
    """Meanwhile how long, in all, the sink has pointed to a client that is not active with grants."""
    lost = 0.0

    async def look() -> None:
        nonlocal lost
        while True:
            await asyncio.sleep(LOOK)
            row = here.sim.org.live.clients.rows[here.sink.held[PLACE]["id"]]
            lost += 0 if row["state"] == "active" and here.sim.org.live.pairs(row["id"]) else LOOK

    eyes = asyncio.create_task(look())
    try:
        yield lambda: lost
    finally:
        eyes.cancel()


@asynccontextmanager
async def applied() -> AsyncIterator[World]:
    """An organisation in which a client works."""
    async with world(latency=LATENCY) as here:
        await here.reconcile(WANTED)
        yield here


LINES = 12
"""Journal and progress are told so often while a successor is born."""


def moments(lines: int = LINES, default: Any = (3, 5)) -> list[Any]:
    """Each of them; by default while our client's grants settle, and once the secret is in hand."""
    return [pytest.param(at, marks=() if at in default else pytest.mark.full) for at in range(lines)]


def test_the_sink_points_to_a_client_of_no_use_for_a_moment_only() -> None:
    async def scenario() -> None:
        async with applied() as here, watching(here) as lost:
            first = dict(here.sink.held[PLACE])
            before = len(here.diary.lines)
            await rotate(here, {ACME: "succeed"})
            assert len(here.diary.lines) == before + LINES
            assert 0 < lost() <= A_MOMENT
            assert here.sink.held[PLACE] != first and await signs_in(here, here.sink.held[PLACE])

    run(scenario())


@pytest.mark.parametrize("moment", moments())
def test_interrupted_at_any_moment_the_sink_points_to_a_client_that_works(moment: int) -> None:
    async def scenario() -> None:
        async with applied() as here, watching(here) as lost:
            before = len(here.diary.lines)
            here.diary.on = lambda line: here.stop.set() if len(here.diary.lines) > before + moment else None
            await rotate(here, {ACME: "succeed"})
            assert here.stop.is_set()
            await asyncio.sleep(60)
            assert lost() <= A_MOMENT
            assert await signs_in(here, here.sink.held[PLACE])
            here.stop.clear()
            here.diary.on = lambda line: None
            await here.reconcile(WANTED)
            assert (await here.plan(WANTED)).operations == ()

    run(scenario())


@pytest.mark.full
def test_where_borrowing_is_refused_nothing_is_born_and_the_sink_keeps_what_it_has() -> None:
    async def scenario() -> None:
        async with applied() as here:
            first, clients = dict(here.sink.held[PLACE]), here.rows(CLIENTS)
            refusal = {"kind": "status", "status": 403, "method": "POST", "path": "*/bulkadd", "times": None}
            here.sim.faults([refusal])
            report = await rotate(here, {ACME: "succeed"})
            assert results(report) == {f"{ACME}~next": "skipped"}
            assert here.sink.held[PLACE] == first and here.rows(CLIENTS) == clients

    run(scenario())


@pytest.mark.full
def test_a_half_born_successor_takes_over_once_a_role_has_settled_that_changes_in_the_same_run() -> None:
    role = {"key": "queue-metrics", "name": "Tenant Queue Metrics", "permissions": ["routing:queue:search"]}
    changed = manifests(tenant("acme"), shared=owner("org", role=[role]))

    async def scenario() -> None:
        async with applied() as here, watching(here) as lost:
            first = dict(here.sink.held[PLACE])
            assert await killed(here, 2, True, "succeed") == 2
            assert here.sink.held[PLACE] == first
            await here.reconcile(changed)
            assert here.sink.held[PLACE] != first and await signs_in(here, here.sink.held[PLACE])
            assert 0 < lost() <= A_MOMENT
            assert (await here.plan(changed)).operations == ()

    run(scenario())


@pytest.mark.parametrize("moment", [pytest.param(None, marks=pytest.mark.full), *moments(9, (6,))])
def test_what_a_half_born_successor_loses_has_settled_before_its_secret_is_made(moment: int | None) -> None:
    """By hand it got its role in the home division; `moment` is when the run is stopped.

    Our client holds what it hands on: what it would borrow settles after that anyway.
    """
    held = manifests(tenant("acme"), hand_on="held")

    async def scenario() -> None:
        async with applied() as here, watching(here) as lost:
            assert await killed(here, 2, True, "succeed") == 2
            first, before = dict(here.sink.held[PLACE]), len(here.diary.lines)
            role = here.rows(ROLES)["Tenant Queue Metrics"]["id"]
            here.grant_by_hand("operator", role, "*")
            here.grant_by_hand(client(here, "acme-metrics (next)")["id"], role, here.home())
            if moment is not None:
                here.diary.on = lambda line: (
                    here.stop.set() if len(here.diary.lines) > before + moment else None
                )
            await here.reconcile(held)
            assert len(here.diary.lines) == before + 9 if moment is None else here.stop.is_set()
            await asyncio.sleep(60)
            assert lost() <= A_MOMENT and await signs_in(here, here.sink.held[PLACE])
            here.stop.clear()
            here.diary.on = lambda line: None
            await here.reconcile(held)
            assert here.sink.held[PLACE] != first and 0 < lost() <= A_MOMENT
            assert (await here.plan(held)).operations == ()

    run(scenario())


def test_stopped_while_the_switch_on_is_not_taken_yet_the_run_goes_on_for_what_the_sink_points_to() -> None:
    """What was just born may be seen late: the request is repeated at its pace, a halt or not."""

    async def scenario() -> None:
        async with applied() as here, watching(here) as lost:
            path = f"{CLIENTS}/*"
            here.sim.faults([{"kind": "status", "status": 404, "method": "PUT", "path": path, "times": 3}])
            here.diary.on = lambda line: here.stop.set() if line == f"conclude {ACME}~next:create" else None
            report = await rotate(here, {ACME: "succeed"})
            assert report.interrupted and await signs_in(here, here.sink.held[PLACE])
            assert 7 <= lost() <= 7 + A_MOMENT

    run(scenario())


def test_stopped_while_a_cache_does_not_know_it_yet_the_second_look_waits_for_what_the_sink_points_to() -> (
    None
):
    """Held up for long, the write that switches it on follows a look; a look that differs, another one."""
    held_up, behind = 100, 103

    async def scenario() -> None:
        async with applied() as here:
            one = f"{CLIENTS}/*"
            limit = {"kind": "status", "status": 429, "retryAfter": held_up, "method": "PUT", "path": one}
            cache = {"kind": "stale", "seconds": behind, "method": "GET", "path": one, "times": 2}
            here.sim.faults([limit, cache])
            here.diary.on = lambda line: here.stop.set() if line == f"conclude {ACME}~next:create" else None
            report = await rotate(here, {ACME: "succeed"})
            looks = [each.status for each in here.sim.requests if each.path == _of_what_is_held(here)]
            assert 404 in looks and report.interrupted
            assert await signs_in(here, here.sink.held[PLACE])

    run(scenario())


def _of_what_is_held(here: World) -> str:
    return f"{CLIENTS}/{here.sink.held[PLACE]['id']}"


def test_stopped_while_it_is_delivered_an_apps_successor_is_switched_on_too() -> None:
    """No token can prove the secret of an app that people sign in with: its delivery is not its last use."""

    async def scenario() -> None:
        async with world(latency=LATENCY) as here:
            await here.reconcile(app())
            here.sink.before = here.stop.set
            report = await rotate(here, {APP: "succeed"}, app())
            born = here.sim.org.live.clients.rows[here.sink.held[APP_PLACE]["id"]]
            assert report.interrupted
            assert (born["name"], born["state"]) == ("acme-app (next)", "active")
            here.stop.clear()
            assert (await here.plan(app())).operations == ()

    run(scenario())
