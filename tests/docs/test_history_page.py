"""The page about past runs, done as a reader does it."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from reconciler.store.opening import PATIENCE
from reconciler.store.tables import METADATA
from tests.docs.reading import ROOT, blocks, commands
from tests.journeys.world import Ran, World

PAGE = ROOT / "docs/history.md"


def test_the_page_does_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(tmp_path, monkeypatch)

    def typed(block: list[str], run: str = "") -> list[Ran]:
        lines = [line.replace("RUN", run) for line in block]
        return [world.run(*shlex.split(line)[1:]) for line in lines]

    listing, one, recording = [commands(block) for block in blocks(PAGE) if block.language == "console"]
    assert [ran.code for ran in typed(recording)] == [0]
    listed = typed(listing)
    assert [ran.code for ran in listed] == [0, 0] and "history: 1 run of northwind" in listed[0].out
    identity = listed[1].json["runs"][0]["runId"]
    for run in (identity, identity[:16], identity.rpartition("-")[2]):
        text, document = typed(one, run)
        assert text.code == document.code == 0 and "✓" in text.out
        assert (world.place / "records" / f"{identity.replace(':', '')}.json").read_text() == document.out


def test_the_example_is_as_the_command_prints_it() -> None:
    (shown,) = [block.text.splitlines() for block in blocks(PAGE) if block.language == "text"]
    line = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ-[0-9a-f]{6}  northwind  apply  (exit \d · )?\d .+")
    assert all(line.fullmatch(each) for each in shown[:-1]) and shown[-1].startswith("history: 2 runs of")


def test_figures_and_names_are_those_of_the_code() -> None:
    page = PAGE.read_text("utf-8")
    assert f"for {PATIENCE} s" in page
    assert all(f"`{name}`" in page for name in METADATA.tables)
