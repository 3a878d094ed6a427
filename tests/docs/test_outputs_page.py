"""The page about ids: its commands run, and its names are those that are printed."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.docs.reading import ROOT, blocks, commands
from tests.journeys.world import Ran, World

PAGE = ROOT / "docs/outputs.md"
_NAME = re.compile(r"^(\w+)=", re.MULTILINE)


def test_the_page_does_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(tmp_path, monkeypatch)
    world.change("tenants/acme-retail.yaml", "divisions: [us]}", "divisions: [us, org/shared]}")
    world.settle()
    typed, shown, kept = blocks(PAGE)
    ran = [world.run(*shlex.split(line)[1:]) for line in commands(typed)]
    assert [each.code for each in ran] == [0, 0, 0, 0]
    assert _NAME.findall(ran[0].out) == _NAME.findall(shown.text)
    keep, check = commands(kept)
    words, _, file = keep.partition(" > ")
    (world.place / file).write_text(world.run(*shlex.split(words)[1:]).out, "utf-8")
    assert world.run(*shlex.split(check)[1:]) == Ran(0, "", "")
    assert ran[0].out.startswith(shown.text.splitlines()[0])
    assert set(re.findall(r"\bgenesyscloud_\w+", PAGE.read_text("utf-8"))) == set(
        re.findall(r"^genesyscloud_\w+", ran[3].out, re.MULTILINE)
    )
