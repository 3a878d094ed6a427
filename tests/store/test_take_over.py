"""Real processes on a real PostgreSQL: one dies as it writes, the next waits for its end and finishes."""

from __future__ import annotations

import asyncio
import shutil
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from reconciler.planning.lease import SKEW_SECONDS
from reconciler.simulator import Settings, Simulator, serve
from reconciler.simulator.exchange import Answer, Request
from reconciler.simulator.faults import Lost, Outcome
from tests.journeys.test_interrupt import COMMAND, Organisation
from tests.journeys.world import NORTHWIND

pytestmark = [pytest.mark.full, pytest.mark.timeout(240)]
LIFE = 300
"""Seconds of a token of the first run; the second one's has an hour, as time is moved on under it."""
NEAR = 5.0
"""Seconds of the wait that really pass."""
BIRTHS = "/api/v2/oauth/clients"


class Story:
    """An organisation with its manifests, runs of it in processes of their own, and their database."""

    def __init__(self, place: Path, url: str, simulator: Simulator, database: str) -> None:
        shutil.copytree(NORTHWIND, place / "manifests")
        self.sim, self.database = simulator, database
        self.own = Organisation(place, url, simulator, "kept")
        self.own.state = database

    def tokens_last(self, seconds: int) -> None:
        self.sim.org.live.clients.rows["operator"]["accessTokenValiditySeconds"] = seconds

    @asynccontextmanager
    async def run(self, *words: str) -> AsyncIterator[asyncio.subprocess.Process]:
        """One apply."""
        command = (sys.executable, *COMMAND[1:], *words)
        process = await asyncio.create_subprocess_exec(
            *command, cwd=self.own.place, env=self.own._environment(), stdout=-1, stderr=-2
        )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()

    def die_at(self, process: asyncio.subprocess.Process, path: str, number: int) -> list[str]:
        """Killed when so many such writes were carried out, before it hears; the tokens that it had."""
        seen, tokens = 0, list[str]()

        def watching(request: Request) -> Outcome:
            nonlocal seen
            outcome = Simulator.respond(self.sim, request)
            seen += request.method == "POST" and request.path.startswith(path)
            if seen == number and process.returncode is None:
                tokens.append(request.headers["authorization"])
                process.kill()
                return Outcome(Answer(0), Lost(0.0))
            return outcome

        self.sim.respond = watching  # type: ignore[method-assign]
        return tokens

    def row(self, what: str) -> Any:
        """Of the one lease."""
        with psycopg.connect(self.database) as connection:
            (found,) = connection.execute(f"SELECT {what} FROM reconciler_leases".encode()).fetchall()
        return found[0]

    def let_pass(self) -> None:
        """Almost all of the wait: on the clock of the database and on the organisation's."""
        left = self.row("greatest(expires, token_until) - extract(epoch FROM clock_timestamp())")
        seconds = float(left) + SKEW_SECONDS - NEAR
        with psycopg.connect(self.database) as connection:
            ask = "UPDATE reconciler_leases SET expires = expires - %s, token_until = token_until - %s"
            connection.execute(ask, (seconds, seconds))
        self.sim.clock.advance(seconds)

    def markers(self) -> Counter[str]:
        """How many living clients each address of ours has."""
        told = (row["description"] for row in self.sim.snapshot()["clients"] if row["state"] != "deleted")
        return Counter(
            each.partition("[reconciler:")[2].partition("@")[0] for each in told if "[reconciler:" in each
        )


async def until(process: asyncio.subprocess.Process, words: str) -> str:
    """What it says until it says that."""
    said = ""
    assert process.stdout
    async with asyncio.timeout(60):
        while words not in said:
            line = await process.stdout.readline()
            assert line, said
            said += line.decode()
    return said


@pytest.mark.parametrize(("path", "number"), [(BIRTHS, 2), ("/api/v2/authorization/subjects/", 2)])
async def test_who_takes_over_from_a_killed_holder_waits_and_finishes_and_nothing_is_there_twice(
    tmp_path: Path, database: str, path: str, number: int
) -> None:
    simulator = Simulator(settings=Settings(rate_limit="0"))
    async with serve(simulator) as url:
        story = Story(tmp_path, url, simulator, database)
        story.tokens_last(LIFE)
        async with story.run() as first:
            (token,) = await dead(story, first, path, number)
        before, holder = len(simulator.writes()), story.row("run")
        story.tokens_last(3_600)
        async with story.run() as second:
            said = await until(second, "waiting: the lease of northwind was left behind by run ")
            assert holder in said and len(simulator.writes()) == before
            story.let_pass()
            moved = simulator.clock.now()
            out, _ = await second.communicate()
        assert second.returncode == 0 and b"planning again" in out, out
        assert simulator.writes()[before].at >= moved + NEAR - 1, "not before its time had come"
        _finished(story, token)
        async with story.run() as third:
            out, _ = await third.communicate()
        assert third.returncode == 0 and b"nothing to do" in out, out


async def dead(story: Story, process: asyncio.subprocess.Process, path: str, number: int) -> list[str]:
    tokens = story.die_at(process, path, number)
    async with asyncio.timeout(60):
        assert await process.wait() == -signal.SIGKILL
    del story.sim.respond
    assert story.row("released") is None
    return tokens


def _finished(story: Story, token: str) -> None:
    markers = story.markers()
    assert len(markers) == 7 and set(markers.values()) == {1}, markers
    assert story.own.lost() == []
    assert (story.row("epoch"), story.row("run"), story.row("released IS NOT NULL")) == (2, "", True)
    state = story.sim.snapshot()
    for section in ("divisions", "roles"):
        assert set(Counter(row["name"] for row in state[section]).values()) == {1}
    late = Request("POST", BIRTHS, "", {"authorization": token}, b"{}")
    assert story.sim.exchange.answer(late).status == 401, "what the dead one might still have sent is refused"
    with psycopg.connect(story.database) as connection:
        ask = "SELECT code FROM reconciler_runs ORDER BY started"
        assert connection.execute(ask).fetchall() == [(None,), (0,)]
