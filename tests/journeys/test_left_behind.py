"""What the system sees of a run: files, programs that it starts, arguments, a crash; and no secret in any."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from reconciler.cli import main as entrance
from tests.journeys.canaries import Canaries, audit, watched
from tests.journeys.everything import commands
from tests.journeys.world import APPLY, World
from tests.support.canary import finds


@pytest.fixture
def store() -> str:
    """With a journal: it is searched too."""
    return "kept"


@pytest.fixture
def settled_canaries(make_world: Callable[..., World], monkeypatch: pytest.MonkeyPatch) -> Canaries:
    canaries = Canaries(make_world, monkeypatch)
    assert canaries.run(*APPLY).code == 0
    return canaries


WRITTEN = ("state/", "records/", "new-", ".new-", ".new.other.json", "/dev/")
"""Where anything may be written: the journal, what somebody asked for by name, and the sink's file, which is
made beside its place, by a name relative to its directory."""


def _another_client(world: World) -> None:
    world.change("tenants/acme-retail.yaml", "key: adherence", "key: other")
    world.change("tenants/acme-retail.yaml", "name: acme-adherence", "name: acme-other")


def _relative(place: Path, name: Any) -> str:
    text = os.fsdecode(name) if isinstance(name, str | bytes | os.PathLike) else str(name)
    return os.path.relpath(text, place) if os.path.isabs(text) and text.startswith(str(place)) else text


def _opened(notes: list[tuple[str, Any]]) -> Iterator[tuple[Any, Any]]:
    writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
    for event, given in notes:
        if event == "open" and given[2] & writing and not isinstance(given[0], int):
            yield given[0], given[1]


def test_files_are_written_where_it_is_said_and_nowhere_else(settled_canaries: Canaries) -> None:
    """No temporary file, no crash dump, no cache: what a secret might end up in."""
    notes: list[tuple[str, Any]] = []
    _another_client(settled_canaries.world)
    sys.addaudithook(audit)
    with watched(notes):
        settled_canaries.run("plan", "--out", "new-plan.json")
        settled_canaries.run(*APPLY, "--record", "records")
        settled_canaries.run("export", "--out", "new-export")
    names = {_relative(settled_canaries.world.place, name) for name, _ in _opened(notes)}
    names = {name for name in names if "__pycache__" not in name and not name.isidentifier()}
    assert ".new.other.json" in names and any(name.startswith("records/") for name in names)
    assert {name for name in names if not name.startswith(WRITTEN)} == set()
    assert not [given for event, given in notes if event == "tempfile.mkstemp"]


def test_no_program_that_is_started_is_handed_a_secret(settled_canaries: Canaries) -> None:
    """Git is asked whether a place is ignored, and is told nothing else."""
    world, notes = settled_canaries.world, list[tuple[str, Any]]()
    if not shutil.which("git"):
        pytest.skip("there is no git")
    subprocess.run(["git", "init", "-q", str(world.place)], check=True)
    (world.place / ".gitignore").write_text("*", "utf-8")
    shutil.rmtree(world.secrets)
    _another_client(world)
    sys.addaudithook(audit)
    with watched(notes):
        assert settled_canaries.run(*APPLY).code == 0
    started = [given for event, given in notes if event == "subprocess.Popen"]
    assert [given[1][0] for given in started].count("git") >= 1
    assert finds(repr(started), settled_canaries.secrets) == []
    assert {name for *_, given in started for name in given} <= {"PATH", "HOME", "LANG", "TMPDIR"}


def test_no_option_takes_a_secret() -> None:
    """Whoever lists processes reads arguments; the simulated organisation's own is none."""
    words = ("secret", "token", "password", "credential")
    options = {
        (*name, option)
        for name, command in commands().items()
        for parameter in (*command.params, *entrance.cli.params)
        if isinstance(parameter, click.Option)
        for option in parameter.opts
        if any(word in option for word in words)
    }
    assert options == {("simulate", "--client-secret")}


def test_a_crash_leaves_no_core() -> None:
    """One byte at most, which the system takes for none, and tells collectors of cores to keep out."""
    asked = "import resource, sys; from reconciler.cli import main; main.run = lambda _: 0\n"
    asked += "try: main.main()\nexcept SystemExit: print(resource.getrlimit(resource.RLIMIT_CORE))"
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout
    assert said.strip() in ("(1, 1)", "(0, 0)")


@pytest.mark.parametrize("verbose", ["-v", "-vv"])
def test_what_somebody_types_is_repeated_without_acting(world: World, verbose: str) -> None:
    evil = "x\x1b[2J\n::add-mask::y ##[error]z"
    for line in (
        ("plan", "--only", evil),
        (evil,),
        ("outputs", evil),
        ("plan", f"--{evil}"),
        ("validate", evil),
    ):
        ran = world.run(verbose, *line)
        assert ran.code in (1, 3)
        assert "\x1b" not in ran.err and "\n::" not in ran.err and "##[" not in ran.err
