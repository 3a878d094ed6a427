"""Where nobody can be shown what a run wrote, the exit code says that it wrote."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import io
import os
import shutil
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from reconciler.cli.main import run
from reconciler.simulator import Settings, Simulator, serve
from tests.journeys.test_interrupt import COMMAND, Organisation
from tests.journeys.test_journal import runs
from tests.journeys.world import APPLY, NORTHWIND, World

Way = Callable[[Organisation], Awaitable[tuple[int | None, str]]]


class Full(io.StringIO):
    """A file on a disk without room."""

    def write(self, text: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_what_came_of_a_run_and_cannot_be_shown_is_told_by_its_exit_code(world: World) -> None:
    err = io.StringIO()
    with contextlib.redirect_stdout(Full()), contextlib.redirect_stderr(err):
        code = run((*APPLY, "-o", "json"))
    assert world.sim.writes() and code == 5
    assert "what came of this run cannot be shown: No space left on device" in err.getvalue()
    assert "bug" not in err.getvalue()
    if world.store == "kept":
        assert runs(world)[0]["exitCode"] == 5 and runs(world)[0]["summary"]["created"] > 0


def test_who_cannot_be_shown_a_plan_writes_nothing(world: World) -> None:
    with contextlib.redirect_stdout(Full()), contextlib.redirect_stderr(io.StringIO()):
        assert run(APPLY) == 1
    assert world.sim.writes() == []


async def to_full(place: Organisation) -> tuple[int | None, str]:
    """A disk without room."""
    with open("/dev/full", "w") as nowhere:
        process = await asyncio.create_subprocess_exec(
            *COMMAND, "-o", "json", cwd=place.place, env=place._environment(),
            stdout=nowhere, stderr=subprocess.PIPE,
        )  # fmt: skip
    _, said = await process.communicate()
    return process.returncode, said.decode()


async def to_nobody(place: Organisation) -> tuple[int | None, str]:
    """A pipe that was closed before anything was said."""
    read, write = os.pipe()
    os.close(read)
    process = await asyncio.create_subprocess_exec(
        *COMMAND, "-o", "json", cwd=place.place, env=place._environment(),
        stdout=write, stderr=subprocess.PIPE,
    )  # fmt: skip
    os.close(write)
    _, said = await process.communicate()
    return process.returncode, said.decode()


async def to_head(place: Organisation) -> tuple[int | None, str]:
    """`| head -2`: a reader that leaves in the middle, when the first change is done."""
    read, write = os.pipe()
    process = await asyncio.create_subprocess_exec(
        *COMMAND, cwd=place.place, env=place._environment(), stdout=write, stderr=subprocess.PIPE
    )
    os.close(write)
    await asyncio.to_thread(_two_lines, read)
    _, said = await process.communicate()
    return process.returncode, said.decode()


def _two_lines(read: int) -> None:
    with os.fdopen(read) as reader:
        reader.readline()
        reader.readline()


@pytest.mark.full
@pytest.mark.parametrize("way", [to_full, to_nobody, to_head], ids=lambda way: way.__name__)
async def test_a_process_that_nobody_listens_to_ends_with_5(tmp_path: Path, way: Way) -> None:
    shutil.copytree(NORTHWIND, tmp_path / "manifests")
    simulator = Simulator(settings=Settings(rate_limit="6000/60", latency=0.05))
    async with serve(simulator) as url:
        place = Organisation(tmp_path, url, simulator, "kept")
        code, said = await way(place)
        assert code == 5, said
        assert simulator.writes() and place.newest()["exitCode"] == 5
    assert "what came of this run cannot be shown: " in said
    assert "bug" not in said and "Traceback" not in said and "Exception ignored" not in said
