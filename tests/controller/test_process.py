"""The controller as a process: served on loopback, stopped in the middle of a correction."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from reconciler.simulator import Simulator, serve
from reconciler.simulator.exchange import Request
from reconciler.simulator.faults import Outcome
from tests.controller.fleet import Site
from tests.journeys.world import REPO, Time

CONTROLLER = [sys.executable, "-m", "reconciler", "-vv", "controller"]


def site(place: Path) -> Site:
    return Site(place, 0, Time(), "downwards")


def environment(place: Path, url: str) -> dict[str, str]:
    left = {name: value for name, value in os.environ.items() if name != "CI"}
    return left | {
        "PYTHONPATH": str(REPO),
        "RECONCILER_ENDPOINT": url,
        "RECONCILER_SECRETS": str(place / "secrets"),
        "RECONCILER_STATE": str(place / "history.sqlite"),
        "RECONCILER_CREDENTIALS": str(place / "keys"),
        "GENESYSCLOUD_OAUTHCLIENT_ID": "operator-0",
        "GENESYSCLOUD_OAUTHCLIENT_SECRET": (place / "keys/site-0/client-secret").read_text("utf-8").strip(),
    }


async def ran(place: Path, url: str, *words: str) -> int:
    command = [sys.executable, "-m", "reconciler", *words]
    process = await asyncio.create_subprocess_exec(
        *command, cwd=place, env=environment(place, url), stdout=-3, stderr=-3
    )
    return await asyncio.wait_for(process.wait(), 40)


class Running:
    """A controller, where it serves, and what it said."""

    def __init__(self, process: asyncio.subprocess.Process, url: str) -> None:
        self.process, self.url, self.said = process, url, ""

    async def get(self, path: str, host: str = "") -> tuple[int, str]:
        return await asyncio.to_thread(self._get, path, host)

    def _get(self, path: str, host: str) -> tuple[int, str]:
        with closing(HTTPConnection(urlsplit(self.url).netloc, timeout=10)) as connection:
            connection.request("GET", path, headers={"Host": host} if host else {})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    async def until(self, path: str, wanted: str) -> str:
        """Ask until the answer has it."""
        for _ in range(200):
            if wanted in (text := (await self.get(path))[1]):
                return text
            await asyncio.sleep(0.1)
        raise AssertionError(text)

    async def end(self) -> int:
        """Wait for its end; its exit code."""
        assert self.process.stderr
        self.said += (await asyncio.wait_for(self.process.stderr.read(), 30)).decode()
        return await self.process.wait()


@asynccontextmanager
async def controller(place: Path, url: str, *words: str) -> AsyncIterator[Running]:
    process = await asyncio.create_subprocess_exec(
        *CONTROLLER, "site-0", "--listen", "0", *words, cwd=place, env=environment(place, url), stderr=-1
    )
    assert process.stderr
    line = (await asyncio.wait_for(process.stderr.readline(), 30)).decode()
    found = re.search(r"http://127\.0\.0\.1:\d+/", line)
    assert found, line + (await process.stderr.read()).decode()
    try:
        yield Running(process, found[0])
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def on_first(simulator: Simulator, method: str, deed: object) -> None:
    """Call `deed` when the organisation has carried out the first such request, before it answers."""
    respond, done = simulator.respond, False

    def watching(request: Request) -> Outcome:
        nonlocal done
        outcome = respond(request)
        if (
            request.method == method
            and not done
            and request.path.startswith("/api/v2/authorization/subjects/")
        ):
            done = True
            deed()  # type: ignore[operator]
        return outcome

    simulator.respond = watching  # type: ignore[method-assign]


@pytest.fixture
def heeded() -> Iterator[None]:
    """A process that is begun here heeds a terminal that closes, even where the tests run under `nohup`."""
    before = signal.signal(signal.SIGHUP, lambda *_: None)  # a handler of ours does not outlive `exec`
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.full
@pytest.mark.usefixtures("heeded")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
async def test_who_ends_it_in_a_correction_gets_what_is_in_flight_finished_and_the_lease_back(
    tmp_path: Path, number: signal.Signals
) -> None:
    found = site(tmp_path)
    async with serve(found.sim) as url:
        assert await ran(tmp_path, url, "apply", "site-0", "--auto-approve") == 0
        found.leak()
        found.leak_more()
        before = len(found.sim.writes())
        async with controller(tmp_path, url) as running:
            on_first(found.sim, "DELETE", lambda: running.process.send_signal(number))
            assert await running.end() == 0, running.said
        del found.sim.respond
        wrote = found.sim.writes()[before:]
        newest = json.loads(await output(tmp_path, url, "history", "--root", "site-0", "-o", "json"))["runs"][
            0
        ]
    assert "stopping: what is being written is finished" in running.said and "Traceback" not in running.said
    assert wrote and {each.method for each in wrote} == {"DELETE"}  # what was to follow was not begun
    assert (newest["command"], newest["exitCode"], newest["unresolved"]) == ("controller", 130, 0)
    assert newest["summary"]["skipped"] > 0  # it came to its report, and was not merely cut off
    with closing(sqlite3.connect(tmp_path / "history.sqlite")) as connection:
        ask = "SELECT released IS NOT NULL FROM reconciler_leases"
        assert connection.execute(ask).fetchall() == [(1,)]
        ask = "SELECT method, error, concluded != '' FROM reconciler_operations WHERE run = ?"
        assert connection.execute(ask, (newest["runId"],)).fetchall() == [("DELETE", "", 1)] * len(wrote)


async def output(place: Path, url: str, *words: str) -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "reconciler", *words, cwd=place, env=environment(place, url), stdout=-1
    )
    out, _ = await asyncio.wait_for(process.communicate(), 40)
    return out.decode()


@pytest.mark.full
async def test_its_page_metrics_and_health_are_served_and_it_ends_while_it_waits(tmp_path: Path) -> None:
    found = site(tmp_path)
    async with serve(found.sim) as url:
        assert await ran(tmp_path, url, "apply", "site-0", "--auto-approve") == 0
        found.rename()
        async with controller(tmp_path, url, "--every", "1h") as running:
            page = await running.until("/", "drifted")
            assert "site-0" in page and "acme" in page and "<script" not in page
            assert await running.get("/healthz") == (200, "ok\n")
            assert await running.get("/readyz") == (200, "ok\n")
            metrics = (await running.get("/metrics"))[1]
            assert 'reconciler_drift_objects{organisation="site-0",tenant="acme"} 1.0' in metrics
            assert 'reconciler_controller_last_look{ending="drifted",organisation="site-0"} 1.0' in metrics
            assert (await running.get("/", host="evil.example"))[0] == 400
            assert (await running.get("/nowhere"))[0] == 404
            running.process.send_signal(signal.SIGINT)
            assert await running.end() == 130
        assert '"event": "look ended"' in running.said and "operator-secret" not in running.said
