"""The page of questions: every command runs, and what the page shows is what comes out."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import pytest

from tests.docs.reading import ROOT, blocks, commands
from tests.journeys.world import NORTHWIND, World

PAGE = ROOT / "docs/questions.md"
SHOWN = ("access", "explain")
"""Commands whose words depend on nothing but the organisation."""


def played(world: World, text: str) -> str:
    """A console block as it comes out; of what tells times only the command."""
    lines = []
    for command in (line[2:] for line in text.splitlines() if line.startswith("$ ")):
        arguments = shlex.split(command)[1:]
        ran = world.run(*arguments)
        assert ran.code in (0, 7), (command, ran.err)
        lines.append(f"$ {command}\n")
        lines.append(ran.out if arguments[0] in SHOWN else "")
    return "".join(lines)


def test_the_page_shows_what_comes_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(tmp_path, monkeypatch, manifests=NORTHWIND)
    world.settle()
    page = PAGE.read_text("utf-8")
    for block in (each for each in blocks(PAGE) if each.language == "console"):
        page = page.replace(f"```console\n{block.text}```", f"```console\n{played(world, block.text)}```")
    if os.environ.get("UPDATE_GOLDEN"):
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.read_text("utf-8") == page


def test_every_question_has_a_command_that_answers_it() -> None:
    asked = PAGE.read_text("utf-8").split("\n## ")[1:]
    assert len(asked) == 6 and all("```console\n$ reconciler " in each for each in asked)
    assert len([line for block in blocks(PAGE) for line in commands(block)]) >= 9
