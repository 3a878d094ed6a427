"""The page about reviews, done as a reader does it."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from reconciler.model.consent import GRAVITY
from tests.docs.reading import ROOT, blocks, commands
from tests.journeys.world import NORTHWIND, World
from tests.loading.test_revision import git

PAGE = ROOT / "docs/review.md"


def _typed(world: World, line: str) -> int:
    """What a shell does with it: a file behind `>`, git's own commands, and variables."""
    words, _, target = line.partition(" > ")
    if words.startswith("git "):
        git(world.place, *shlex.split(words)[1:])
        return 0
    if words.startswith("export "):
        name, _, value = words.removeprefix("export ").partition("=")
        world.patch.setenv(name, value.strip('"').replace("$(openssl rand -hex 32)", "5e" * 32))
        return 0
    ran = world.run(*shlex.split(words)[1:])
    if target:
        (world.place / target).write_text(ran.out, "utf-8")
    return ran.code


def test_the_page_does_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(tmp_path / "here", monkeypatch, manifests=NORTHWIND)
    (world.place / ".gitignore").write_text("secrets/\n", "utf-8")  # a secret never goes into a work tree
    for words in (("init", "-q", "-b", "main"), ("add", "manifests", ".gitignore"), ("commit", "-qm", "one")):
        git(world.place, *words)
    git(tmp_path, "clone", "-q", "--bare", "here", "there")
    git(world.place, "remote", "add", "origin", str(tmp_path / "there"))
    lines = [line for block in blocks(PAGE) if block.language == "console" for line in commands(block)]
    assert len(lines) == 14 and [_typed(world, line) for line in lines] == [0] * 14
    first = (world.place / "comment.md").read_text("utf-8").splitlines()[0]
    assert first == "<!-- reconciler plan northwind -->" and (world.place / "plan.json").exists()


def test_the_page_names_every_class_in_order_of_gravity() -> None:
    assert tuple(re.findall(r"^\| `([a-z-]+)` \|", PAGE.read_text("utf-8"), re.MULTILINE)) == GRAVITY
