"""Interrupted anywhere, nothing new starts, no secret is lost, and the next run finishes."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from reconciler.model.marker import split
from tests.engine.test_departure import now, ready
from tests.engine.world import CLIENTS, World, manifests, results, tenant, world
from tests.support.clock import run

BOTH = manifests(tenant("acme"), tenant("globex"))
MOMENTS = range(29)
"""Every line that the journal and the progress of this apply are told, and one beyond."""


def assert_safe(here: World) -> None:
    """Whoever was born has delivered its secret before anybody could use it, and no secret is lost."""
    for name, row in here.rows(CLIENTS).items():
        if name == "nw-reconciler":
            continue
        held = here.sink.held[f"{name.removesuffix('-metrics')}/metrics.json"]
        assert (held["id"], held["secret"]) == (row["id"], here.sim.org.secrets[row["id"]])
        marker = split(row["description"])[1]
        assert marker is not None
        assert row["roleDivisions"] == [] or marker.nonce == ""


async def assert_finishes(here: World) -> None:
    """The next run makes everything as declared, and one of each."""
    here.stop.clear()
    here.diary.on = lambda line: None
    await here.reconcile(BOTH)
    assert (await here.plan(BOTH)).operations == ()
    rows = here.sim.edit("GET", CLIENTS)[1]["entities"]
    assert sorted(row["name"] for row in rows) == ["acme-metrics", "globex-metrics", "nw-reconciler"]
    assert {row["state"] for row in rows} == {"active"}
    assert_safe(here)


@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: f"after-line-{moment}")
def test_an_interrupted_apply_loses_nothing_and_is_finished_by_the_next(moment: int) -> None:
    async def scenario() -> None:
        async with world() as here:

            def at_the_moment(line: str) -> None:
                if len(here.diary.lines) > moment:
                    here.stop.set()

            here.diary.on = at_the_moment
            report = await here.reconcile(BOTH)
            told = len(here.diary.lines)
            assert report.interrupted == (told > moment)
            assert all("interrupted" in item.error for item in report.results("skipped"))
            assert_safe(here)
            await assert_finishes(here)

    run(scenario())


def test_the_moments_cover_a_whole_apply() -> None:
    async def scenario() -> None:
        async with world() as here:
            report = await here.reconcile(BOTH)
            assert set(results(report).values()) == {"done"}
            assert len(here.diary.lines) == MOMENTS[-1]

    run(scenario())


@pytest.mark.parametrize("moment", MOMENTS[1:-1], ids=lambda moment: f"at-line-{moment}")
def test_a_bug_anywhere_loses_no_secret_and_is_not_hidden(moment: int) -> None:
    async def scenario() -> None:
        async with world() as here:

            def at_the_moment(line: str) -> None:
                if len(here.diary.lines) == moment + 1:
                    raise RuntimeError("the disk is full")

            here.diary.on = at_the_moment
            with pytest.raises(RuntimeError, match="the disk is full"):
                await here.reconcile(BOTH)
            await asyncio.sleep(0)
            assert asyncio.all_tasks() == {asyncio.current_task()}
            assert_safe(here)
            await assert_finishes(here)

    run(scenario())


def test_a_cancelled_apply_delivers_what_it_has_in_hand() -> None:
    async def scenario() -> None:
        async with world() as here:
            plan = await here.plan(BOTH)
            task = asyncio.ensure_future(here.apply(plan))

            def at_birth(line: str) -> None:
                if line.startswith("conclude acme/client"):
                    task.cancel()

            here.diary.on = at_birth
            with pytest.raises(asyncio.CancelledError):
                await task
            assert "acme/metrics.json" in here.sink.held
            assert_safe(here)
            await assert_finishes(here)

    run(scenario())


def test_a_pause_ends_when_the_user_wants_to_stop() -> None:
    async def scenario() -> None:
        async with world() as here:
            plan = await here.plan(BOTH)
            here.sim.faults(
                [{"kind": "status", "status": 404, "method": "PUT", "path": f"{CLIENTS}/*", "times": None}]
            )
            loop = asyncio.get_running_loop()
            loop.call_later(20, here.stop.set)
            report = await here.apply(plan)
            assert loop.time() < 30
        assert report.interrupted
        assert results(report)["acme/client/metrics"] == "skipped"

    run(scenario())


@pytest.mark.parametrize(
    ("trouble", "ended"),
    [
        ({"kind": "status", "status": 429, "retryAfter": "20"}, "skipped"),
        ({"kind": "status", "status": 503, "retryAfter": "20"}, "failed"),
    ],
    ids=["refused", "perhaps carried out"],
)
def test_a_write_that_waits_to_be_repeated_is_not_sent_after_a_stop(
    trouble: dict[str, Any], ended: str
) -> None:
    async def scenario() -> None:
        async with ready(1) as here:
            here.fault(**trouble)
            asyncio.get_running_loop().call_later(10, here.world.stop.set)
            report = await here.apply()
            assert len(here.sent()) == 1
            ((said, heard),) = here.diary.heard
            assert heard == (ended == "skipped") and "interrupted" in said
        assert report.interrupted and [item.result for item in report.outcomes] == [ended]

    run(scenario())


def test_writes_that_wait_for_their_turn_do_not_leave_after_a_stop() -> None:
    async def scenario() -> None:
        async with ready(20, rate_limit="30/60") as here:
            asyncio.get_running_loop().call_at(stopped := now() + 20, here.world.stop.set)
            await here.apply()
            assert max(here.sent()) <= stopped and len(here.sent()) == len(here.diary.intended)

    run(scenario())


def test_what_was_written_but_not_seen_when_the_user_stopped_is_unconfirmed() -> None:
    async def scenario() -> None:
        async with world() as here:
            plan = await here.plan(BOTH)
            here.sim.faults(
                [{"kind": "status", "status": 404, "method": "GET", "path": "*/divisions/*", "times": None}]
            )
            asyncio.get_running_loop().call_later(20, here.stop.set)
            report = await here.apply(plan)
        assert results(report)["acme/division/main"] == "unconfirmed"
        assert "interrupted before it was seen: it is not there" in report.results("unconfirmed")[0].error

    run(scenario())
