"""The page about proofs: its commands run, and its words are those on the page."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from reconciler.isolation.levels import level
from reconciler.model.proof import Verdict
from reconciler.reports.proof_page import WORDS
from tests.docs.reading import ROOT, blocks, commands
from tests.journeys.world import Ran, World

PAGE = ROOT / "docs/proof.md"


def typed(world: World, line: str) -> Ran:
    """What a shell does with one line: `>` writes to a file."""
    command, _, file = line.partition(" > ")
    ran = world.run(*shlex.split(command)[1:])
    if file:
        (world.place / file).write_text(ran.out, encoding="utf-8")
    return ran


def test_the_page_does_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(tmp_path, monkeypatch)
    world.settle()
    lines = [line for block in blocks(PAGE) if block.language == "console" for line in commands(block)]
    for line in lines:
        ran = typed(world, line)
        assert ran.code == 0, (line, ran.err)
    assert (world.place / "proof.html").read_text("utf-8").startswith("<!doctype html>")


def test_the_words_on_the_cards_are_those_of_the_page() -> None:
    rows = re.findall(r"^  \| ([^|]+) \| ([A-Z]+) \|", PAGE.read_text("utf-8"), re.MULTILINE)
    assert {Verdict(verdict): words for words, verdict in rows} == WORDS


def test_the_levels_are_those_that_it_tells() -> None:
    rows = re.findall(r"^\| (read|admin) \| ([^|]+) \|", PAGE.read_text("utf-8"), re.MULTILINE)
    for name, words in rows:
        for action in re.findall(r"`([^`]+)`", words):
            assert level(f"routing:queue:{action.replace('…', 'Own')}").name.lower() == name, action
