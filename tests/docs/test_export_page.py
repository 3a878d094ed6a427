"""The page about organisations that are there already, done as a reader does it."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from reconciler import wiring
from tests.docs.reading import ROOT, blocks, commands
from tests.journeys.exporting import essence, strip
from tests.journeys.world import NORTHWIND, World

PAGE = ROOT / "docs/export.md"


def test_the_page_does_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(tmp_path, monkeypatch, manifests=NORTHWIND)
    world.settle()
    strip(world)
    world.root.rename(world.place / "forgotten")
    before = essence(world)
    first, baseline, again = [commands(block) for block in blocks(PAGE) if block.language == "console"]
    codes = [world.run(*shlex.split(line)[1:]).code for line in first]
    assert codes == [0, 0, 0, 0, 0] and essence(world) == before
    assert "nothing to do" in world.run("plan", "manifests").out
    assert [world.run(*shlex.split(line)[1:]).code for line in again] == [0]
    assert [world.run(*shlex.split(line)[1:]).code for line in baseline] == [0]
    assert (world.place / "another-look/org.yaml").read_text("utf-8") == (
        world.place / "manifests/org.yaml"
    ).read_text("utf-8")


def test_the_page_explains_every_finding() -> None:
    rules = {rule for rule in wiring.rules() if rule.startswith("export/")}
    page = set(re.findall(r"`(export/[a-z-]+)`", PAGE.read_text("utf-8")))
    told_in_the_text = {"export/share", "export/org-wide"}
    assert len(rules) > 10 and rules - told_in_the_text == page
