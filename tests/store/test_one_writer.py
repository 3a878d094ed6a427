"""One run at a time, with a lease that several machines share: death, pauses and a server that goes away."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import literal

from reconciler.errors import JournalError
from reconciler.model.history import moment
from reconciler.planning import lease as rules
from reconciler.simulator.exchange import Request
from reconciler.simulator.faults import Outcome
from reconciler.store import clocks, lease_server
from reconciler.store.lease_server import ServerLease
from tests.journeys.test_faults import _converges
from tests.journeys.test_one_writer import play_two_processes
from tests.journeys.world import APPLY, StoryClock, World

LIFE = 300.0
"""Seconds of a token of the operator, in these stories."""


@pytest.fixture
def rate() -> str:
    """Requests per seconds."""
    return "300/60"


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str, rate: str) -> World:
    """Northwind with a database; its server's clock is the story's."""
    made = World(tmp_path, monkeypatch, rate_limit=rate)
    monkeypatch.setenv("RECONCILER_STATE", database)
    clock = StoryClock(made.time)
    monkeypatch.setattr(lease_server, "server_time", lambda connection: clock.now().timestamp())
    monkeypatch.setattr(clocks, "server_moment", lambda: literal(moment(clock.now())))
    made.sim.org.live.clients.rows["operator"]["accessTokenValiditySeconds"] = round(LIFE)
    return made


class Killed(BaseException):
    """The process is no more: what would have been done at its end is not."""


def before_write(world: World, number: int, deed: Callable[[], None]) -> None:
    """Once, when the organisation gets that many writes."""
    respond, seen = world.sim.respond, 0

    def watching(request: Request) -> Outcome:
        nonlocal seen
        seen += request.method != "GET" and request.path != "/oauth/token"
        if seen == number:
            seen += 1
            deed()
        return respond(request)

    world.patch.setattr(world.sim, "respond", watching)


def kill(world: World, monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """Run an apply whose process dies at that write: no answer, and nothing is given back."""

    def die() -> None:
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(ServerLease, "release", lambda lease: None)
        before_write(world, after, die)
        with pytest.raises(BaseException) as ended:
            world.apply()
        assert (
            ended.group_contains(Killed)
            if isinstance(ended.value, BaseExceptionGroup)
            else ended.type is Killed
        )


def first_write(world: World, since: int) -> float:
    return world.sim.writes()[since].at


def test_a_run_whose_predecessor_died_waits_until_that_ones_token_has_ended(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    kill(world, monkeypatch, after=7)
    (token,) = [each.at for each in world.sim.requests if each.path == "/oauth/token"]
    before = len(world.sim.writes())
    ran = world.apply()
    assert ran.code == 0, ran
    assert "waiting: the lease of northwind was left behind by run " in ran.err
    assert "planning again" in ran.err
    assert first_write(world, before) >= token + LIFE + rules.SKEW_SECONDS
    _converges(world)


def test_who_has_no_time_to_wait_is_told_from_when_on_it_may_be_taken_over(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    kill(world, monkeypatch, after=7)
    ran, writes = world.wrote(*APPLY, "--wait", "5")
    assert (ran.code, writes) == (9, [])
    assert "may be taken over from 2026-11-20T14:05:1" in ran.err


def test_a_run_that_ended_as_it_should_keeps_nobody_waiting(world: World) -> None:
    world.settle("--only", "org")
    before = world.time.reached
    world.settle("--only", "globex-bank")
    assert world.time.reached - before < 60
    assert world.asked().count("DELETE /api/v2/tokens/me") == 2, "and its token opens nothing any more"


def test_a_run_that_is_paused_for_longer_than_its_lease_sends_nothing_any_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between gate and socket: what had passed the gate is refused, as its token has ended."""
    paused: list[int] = []

    def pause() -> None:
        world.sim.clock.advance(LIFE + rules.SKEW_SECONDS + 1)  # the organisation's time, not ours
        paused.append(len(world.sim.requests))
        _taken_over(world)

    before_write(world, 9, pause)
    ran = world.apply()
    assert ran.code == 5 and "no longer ours" in ran.err, ran
    later = world.sim.requests[paused[0] :]
    assert {each.status for each in later if each.method != "GET"} <= {401}, later
    assert [each for each in later if each.path == "/oauth/token"] == []


def _taken_over(world: World) -> None:
    """By a run that waited as it has to: the row is another's."""
    with psycopg.connect(os.environ["RECONCILER_STATE"]) as connection:
        connection.execute("UPDATE reconciler_leases SET epoch = epoch + 1, run = 'another'")


def test_doctor_demands_short_tokens_where_others_wait_for_them_to_end(world: World) -> None:
    operator = world.sim.org.live.clients.rows["operator"]
    for seconds, code in ((900, 0), (901, 7)):
        operator["accessTokenValiditySeconds"] = seconds
        ran = world.run("doctor")
        assert ran.code == code and "one run at a time, by postgresql://" in " ".join(ran.out.split()), ran
    assert "keeps every other one from writing until its token has ended" in " ".join(ran.out.split())


@pytest.mark.full
async def test_of_two_processes_one_writes_and_the_other_names_it(tmp_path: Path, database: str) -> None:
    await play_two_processes(tmp_path, database)


def test_a_token_that_cannot_be_ended_holds_the_end_of_a_run_up_for_a_moment_only(world: World) -> None:
    fault = {"kind": "timeout-before", "method": "DELETE", "path": "/api/v2/tokens/me", "times": None}
    world.settle("--only", "org/division")
    world.sim.faults([fault])
    before = world.time.reached
    world.settle("--only", "globex-bank/division")
    assert world.time.reached - before < 10 + 20
    world.sim.faults([])
    assert world.apply().code == 0, "and nobody waits: the lease itself was given back"


def test_when_its_session_is_ended_a_run_stops_and_the_next_one_finishes_at_once(world: World) -> None:
    before_write(world, 12, _end_sessions)
    ran = world.apply()
    assert ran.code == 5, ran
    assert "no heartbeat gets through" in ran.err and "Traceback" not in ran.err
    ended = world.time.reached
    _converges(world)
    assert world.time.reached - ended < LIFE, "it gave the lease back by another connection"


@pytest.mark.parametrize("rate", ["10/60"])
def test_a_heartbeat_later_nothing_is_sent_any_more(world: World) -> None:
    """At ten requests a minute the run would go on for minutes, with a token that is good all the time."""
    before_write(world, 5, _end_sessions)
    ran = world.apply()
    ended = world.sim.writes()[4].at
    assert ran.code == 5 and world.sim.writes()[-1].at <= ended + rules.BEAT_SECONDS, ran


def _end_sessions() -> None:
    """As an administrator of the server does, or a failover."""
    with psycopg.connect(os.environ["RECONCILER_STATE"]) as connection:
        connection.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory'")


def test_when_the_server_goes_away_for_good_nothing_new_is_sent_and_the_next_run_waits(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as gone:

        def go() -> None:
            for deed in ("beat", "release"):
                gone.setattr(ServerLease, deed, _unreachable)

        before_write(world, 12, go)
        ran = world.apply()
    assert ran.code == 5 and "was not given back" in ran.err, ran
    ended = world.time.reached
    _converges(world)
    assert world.time.reached - ended > LIFE - 60


def _unreachable(lease: ServerLease, *arguments: Any) -> Any:
    raise JournalError("the lease postgresql:///postgres cannot be used: server closed the connection")
