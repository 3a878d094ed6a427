"""The page about reviews, done as a reader does it."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from reconciler.model.approval import GRAVITY
from tests.docs.reading import ROOT, blocks, commands
from tests.journeys.world import NORTHWIND, World

PAGE = ROOT / "docs/review.md"


def test_the_page_does_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(tmp_path, monkeypatch, manifests=NORTHWIND)
    lines = [line for block in blocks(PAGE) if block.language == "console" for line in commands(block)]
    codes = [world.run(*shlex.split(line.partition(" > ")[0])[1:]).code for line in lines]
    assert codes == [0, 0] and (world.place / "plan.json").exists()


def test_the_page_names_every_class_in_order_of_gravity() -> None:
    assert tuple(re.findall(r"^\| `([a-z-]+)` \|", PAGE.read_text("utf-8"), re.MULTILINE)) == GRAVITY
