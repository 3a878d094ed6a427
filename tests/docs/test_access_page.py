"""The page about access: its commands run, and its tables name every column."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from reconciler.model.proof import Standing
from reconciler.reports.access_json import COLUMNS
from reconciler.reports.population_json import POPULATION_COLUMNS
from tests.docs.reading import ROOT, blocks, commands
from tests.journeys.world import World

PAGE = ROOT / "docs/access.md"
_FIRST_CELL = re.compile(r"^\| (`.*?) \|", re.MULTILINE)


def typed(world: World, line: str) -> int:
    """Run a command as a shell would, its output into a file where it says so."""
    words, _, file = line.partition(" > ")
    ran = world.run(*shlex.split(words)[1:])
    if file:
        (world.place / file).write_text(ran.out, "utf-8")
    return ran.code


def test_the_page_does_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(tmp_path, monkeypatch)
    world.settle()
    lines = [line for block in blocks(PAGE) if block.language == "console" for line in commands(block)]
    assert len(lines) >= 10 and {line: typed(world, line) for line in lines} == dict.fromkeys(lines, 0)


def named(section: str) -> list[str]:
    """The columns that the table of a section explains, in its order."""
    text = PAGE.read_text("utf-8").partition(f"## {section}\n")[2].partition("\n## ")[0]
    return [name for cell in _FIRST_CELL.findall(text) for name in re.findall(r"`(\w+)`", cell)]


def test_every_column_of_the_matrix_is_explained() -> None:
    assert sorted(named("The matrix as a table")) == sorted(COLUMNS)


def test_every_column_of_the_population_is_explained_and_every_standing() -> None:
    section = "Everybody, for an auditor"
    assert named(section) == list(POPULATION_COLUMNS)
    text = PAGE.read_text("utf-8")
    assert all(f"`{each}`" in text for each in Standing)
