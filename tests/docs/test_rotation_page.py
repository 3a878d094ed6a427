"""The page about replacing secrets, done as a reader does it."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import get_args

import pytest

from reconciler.model.rotation import QUIET_DAYS, USE_DAYS, State
from tests.docs.reading import ROOT, blocks, commands
from tests.journeys.world import World
from tests.support.clock import START

PAGE = ROOT / "docs/rotation.md"


def test_the_page_does_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(tmp_path, monkeypatch, start=START)
    world.settle()
    world.let_pass(95)
    (typed,) = [commands(block) for block in blocks(PAGE) if block.language == "console"]
    status, rotate, recover = [world.run(*shlex.split(line)[1:]) for line in typed]
    assert (status.code, rotate.code, recover.code) == (2, 1, 0)
    (shown,) = [block.text.splitlines() for block in blocks(PAGE) if block.language == "text"]
    printed = status.out.splitlines()
    assert [line for line in shown[1:-1] if line not in printed] == []
    assert "nobody is there to approve" in rotate.err and "gets a successor" not in rotate.err


def test_states_and_figures_are_those_of_the_code() -> None:
    page = PAGE.read_text("utf-8")
    assert [state for state in get_args(State) if f"`{state}`" not in page] == []
    assert f"for {QUIET_DAYS} days" in page and f"in {USE_DAYS} days" in page
