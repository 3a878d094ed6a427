"""A stderr that takes nothing costs words and nothing else: no run, no secret, no signal, no exit code."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reconciler.cli.main import run
from reconciler.simulator import Settings, Simulator, serve
from reconciler.simulator.exchange import Request
from reconciler.simulator.faults import Outcome
from tests.journeys.test_interrupt import COMMAND, Organisation
from tests.journeys.test_unshown import Full
from tests.journeys.world import APPLY, NORTHWIND, World

BIRTH = ("POST", "/api/v2/oauth/clients")
LOOK = ("GET", "/api/v2/authorization/divisions")


def unheard(*command: str, out: io.StringIO | None = None) -> int:
    with contextlib.redirect_stdout(out or io.StringIO()), contextlib.redirect_stderr(Full()):
        return run(command)


def on_first(simulator: Simulator, wanted: tuple[str, str], deed: Callable[[], None]) -> None:
    """Call it when the organisation has carried out the first such request, before it answers.

    A birth is one of a client with a secret.
    """
    respond, waiting = simulator.respond, [deed]

    def watching(request: Request) -> Outcome:
        outcome = respond(request)
        is_meant = (request.method, request.path) == wanted
        if waiting and is_meant and (wanted != BIRTH or b"CLIENT-CREDENTIALS" in request.body):
            waiting.pop()()
        return outcome

    simulator.respond = watching  # type: ignore[method-assign]


@pytest.mark.parametrize(
    "command",
    [
        ("-vv", *APPLY),
        pytest.param(APPLY, marks=pytest.mark.full),
        pytest.param((*APPLY, "-o", "json"), marks=pytest.mark.full),
    ],
    ids=["every request", "progress", "outcomes"],
)
def test_a_run_whose_stderr_is_full_writes_all_and_ends_well(world: World, command: tuple[str, ...]) -> None:
    out = io.StringIO()
    assert unheard(*command, out=out) == 0
    assert "created" in out.getvalue()
    world.sim.clock.advance(60)
    assert world.run("plan", "--detailed-exitcode").code == 0
    assert len(list(world.secrets.rglob("*.json"))) > 2


def test_where_nothing_is_shown_at_all_the_record_and_the_metrics_say_the_same_code(world: World) -> None:
    records, metrics = world.place / "records", world.place / "run.prom"
    code = unheard(*APPLY, "-o", "json", "--record", str(records), "--metrics", str(metrics), out=Full())
    (record,) = records.iterdir()
    assert code == json.loads(record.read_text("utf-8"))["exitCode"] == 5
    (told,) = [line for line in metrics.read_text("utf-8").splitlines() if "exit_code{" in line]
    assert told.endswith(" 5.0")


@pytest.mark.parametrize("verbose", [(), ("-vv",)], ids=["quiet", "verbose"])
def test_who_is_interrupted_before_anything_began_and_hears_nothing_ends_with_130(
    world: World, verbose: tuple[str, ...]
) -> None:
    on_first(world.sim, LOOK, lambda: os.kill(os.getpid(), signal.SIGINT))
    assert unheard(*verbose, *APPLY) == 130
    assert world.sim.writes() == []


def test_an_interrupted_run_that_can_show_nothing_ends_with_130_and_no_secret_is_lost(world: World) -> None:
    on_first(world.sim, BIRTH, lambda: os.kill(os.getpid(), signal.SIGINT))
    records = world.place / "records"
    assert unheard(*APPLY, "-o", "json", "--record", str(records), out=Full()) == 130
    (record,) = records.iterdir()
    assert json.loads(record.read_text("utf-8"))["exitCode"] == 130
    assert undelivered(world.sim, world.secrets) == []


@pytest.mark.parametrize(("command", "code"), [(("nonsense",), 1), (("validate", "nowhere"), 3)])
def test_an_error_that_nobody_hears_has_its_exit_code(command: tuple[str, ...], code: int) -> None:
    assert unheard(*command) == code


def test_a_bug_that_nobody_hears_has_its_exit_code(world: World) -> None:
    def broken(request: Request) -> Outcome:
        raise ZeroDivisionError

    world.sim.respond = broken  # type: ignore[method-assign]
    assert unheard("-vv", *APPLY) == 1


def test_nobody_agrees_to_a_plan_that_was_not_shown(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    class Keen(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Keen("y\n"))
    assert unheard("apply", "-o", "json") == 1
    assert world.sim.writes() == []


def undelivered(simulator: Simulator, secrets: Path) -> list[str]:
    """Clients of ours whose secret is nowhere."""
    files = [json.loads(each.read_text("utf-8")) for each in secrets.rglob("*.json")]
    known = {each["clientId"]: each["clientSecret"] for each in files}
    return [
        row["name"]
        for row in simulator.snapshot()["clients"]
        if "[reconciler:" in row["description"]
        and row["authorizedGrantType"] == "CLIENT-CREDENTIALS"
        and known.get(row["id"]) != simulator.org.secrets[row["id"]]
    ]


class Reader:
    """What `2>&1 | tee` is: it holds the other end of a pipe, until it is gone."""

    def __init__(self) -> None:
        self._end, self.pipe = os.pipe()

    def leave(self) -> None:
        """Nobody reads from here on; what comes is refused."""
        os.close(self._end)

    def lines(self, number: int) -> None:
        """`| head`: so many lines, then it leaves."""
        with os.fdopen(self._end, "rb", buffering=0) as reader:
            for _ in range(number):
                reader.readline()


async def start(place: Organisation, reader: Reader, *more: str) -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(
        *COMMAND, *more, cwd=place.place, env=place._environment(), stdout=reader.pipe, stderr=reader.pipe
    )
    os.close(reader.pipe)
    return process


def take_away_for_a_second(secrets: Path) -> None:
    """Deliveries fail, and are tried again."""
    aside = secrets.with_name("aside")
    secrets.rename(aside)
    secrets.touch()

    def bring_back() -> None:
        secrets.unlink()
        aside.rename(secrets)

    asyncio.get_running_loop().call_later(1, bring_back)


@pytest.mark.full
@pytest.mark.parametrize("moment", [BIRTH, LOOK], ids=["a delivery", "nothing begun"])
async def test_ctrl_c_that_takes_the_reader_along_ends_the_process_with_130(
    tmp_path: Path, moment: tuple[str, str]
) -> None:
    shutil.copytree(NORTHWIND, tmp_path / "manifests")
    simulator = Simulator(settings=Settings(rate_limit="6000/60", latency=0.05))
    async with serve(simulator) as url:
        place, reader = Organisation(tmp_path, url, simulator, "kept"), Reader()
        process = await start(place, reader)

        def ctrl_c() -> None:
            if moment == BIRTH:
                take_away_for_a_second(tmp_path / "secrets")
            reader.leave()
            process.send_signal(signal.SIGINT)

        on_first(simulator, moment, ctrl_c)
        assert await asyncio.wait_for(process.wait(), 50) == 130
    assert bool(simulator.writes()) == (moment == BIRTH)
    assert undelivered(simulator, tmp_path / "secrets") == []


@pytest.mark.full
async def test_a_process_whose_reader_leaves_hands_over_its_record_and_ends_with_5(tmp_path: Path) -> None:
    shutil.copytree(NORTHWIND, tmp_path / "manifests")
    simulator = Simulator(settings=Settings(rate_limit="6000/60", latency=0.05))
    async with serve(simulator) as url:
        place, reader = Organisation(tmp_path, url, simulator, "kept"), Reader()
        process = await start(place, reader, "--record", "records")
        await asyncio.to_thread(reader.lines, 3)
        assert await asyncio.wait_for(process.wait(), 50) == 5
        (record,) = (tmp_path / "records").iterdir()
        told: dict[str, Any] = json.loads(record.read_text("utf-8"))
        assert told["exitCode"] == place.newest()["exitCode"] == 5
    assert simulator.writes() and undelivered(simulator, tmp_path / "secrets") == []


@pytest.mark.full
@pytest.mark.parametrize("stderr", ["2>&-", "2>/dev/full"])
async def test_a_process_without_a_stderr_does_what_it_is_for(tmp_path: Path, stderr: str) -> None:
    script = f'"$@" {stderr}'
    process = await asyncio.create_subprocess_exec(
        "sh", "-c", script, "sh", sys.executable, "-m", "reconciler", "validate", "nowhere", cwd=tmp_path
    )
    assert await process.wait() == 3
