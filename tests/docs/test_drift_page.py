"""The page about drift, done as a reader does it."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import yaml

from reconciler.model.drift_policy import CORRECTS
from tests.docs.reading import ROOT, blocks, commands
from tests.journeys.test_drift_command import put
from tests.journeys.world import World

PAGE = ROOT / "docs/drift.md"


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    made = World(tmp_path, monkeypatch)
    made.settle()
    return made


def test_the_page_does_what_it_says(world: World) -> None:
    lines = [line for block in blocks(PAGE) if block.language == "console" for line in commands(block)]
    for line in lines:
        words, _, target = line.partition(" > ")
        ran = world.run(*shlex.split(words)[1:])
        assert ran.code == 0, (line, ran)
        if target:
            assert ran.out.startswith("<!-- reconciler drift northwind -->")
    assert len(lines) == 5 and (world.place / "issues").is_dir()
    assert world.run("validate", "accepted").code == 0


def test_the_policy_it_shows_covers_what_it_says(world: World) -> None:
    (text,) = [block.text for block in blocks(PAGE) if block.language == "yaml"]
    said = text.partition("spec:\n")[2]
    assert yaml.safe_load(text)["spec"]["drift"]["correct"] == "downwards"
    world.change("org.yaml", "  prune: false", f"{said}  prune: false")
    put(world, "acme-retail-metrics", accessTokenValiditySeconds=600)
    ran = world.run("drift", "-o", "json")
    assert (ran.code, ran.json["summary"]["acknowledged"], ran.json["notices"]) == (0, 1, [])


def test_the_page_names_every_policy() -> None:
    assert tuple(re.findall(r"^\| `([a-z]+)` \|", PAGE.read_text("utf-8"), re.MULTILINE)) == CORRECTS
