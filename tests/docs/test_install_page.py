"""The page about installing and upgrading: what it names is there, and what it says of versions is so."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from reconciler import __version__
from tests.docs.reading import ROOT, blocks
from tests.journeys.world import World

PAGE = ROOT / "docs/install.md"
TEXT = PAGE.read_text("utf-8")


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    return World(tmp_path, monkeypatch)


def test_the_files_that_it_names_are_there() -> None:
    named = set(re.findall(r"[\w.-]*requirements[\w.]*\.lock|\.ci/Containerfile", TEXT))
    assert named == {"requirements.lock", "requirements.extras.lock", ".ci/Containerfile"}
    assert all((ROOT / name).is_file() for name in named)


def test_the_image_is_built_as_its_file_says() -> None:
    (line,) = [
        row for block in blocks(PAGE) for row in block.text.splitlines() if row.startswith("docker build")
    ]
    words = shlex.split(line)
    assert words[words.index("--build-arg") + 1].startswith("BASE=python:") and words[-1] == "."
    assert line in (ROOT / ".ci/Containerfile").read_text("utf-8").replace("#   ", "")


def test_a_version_that_is_not_allowed_stops_before_anything_is_asked(world: World) -> None:
    (example,) = re.findall(r'requires: "(.+)"', TEXT)
    world.change("org.yaml", f'requires: "{example}"', 'requires: ">=99"')
    ran, asked = world.counted("plan")
    assert (ran.code, asked) == (3, []) and f"this is version {__version__}" in ran.err


def test_what_carries_a_marker_of_a_later_version_is_left_alone(world: World) -> None:
    world.settle()
    row = world.row("clients", "acme-adherence")
    later = row | {"description": row["description"].replace("]", "%]")}
    world.drift("PUT", f"oauth/clients/{row['id']}", later)
    before = world.row("clients", "acme-adherence")
    plan = world.run("plan", "-o", "json")
    (change,) = [each for each in plan.json["changes"] if each["address"] == "acme-retail/client/adherence"]
    assert plan.code == 4 and change["withheld"]["guard"] == "conflict"
    world.apply()
    assert world.row("clients", "acme-adherence") == before
