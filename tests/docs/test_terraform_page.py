"""The page about Terraform, done as a reader does it; its tables are those of the code."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from reconciler import wiring
from tests.docs.reading import ROOT, blocks, commands
from tests.journeys.exporting import Hands, essence
from tests.journeys.world import World
from tests.support import terraform

PAGE = ROOT / "docs/terraform.md"


@pytest.fixture
def acme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """An organisation with one customer, whom Terraform has set up, and no manifests."""
    world = World(tmp_path, monkeypatch)
    hands = Hands(world)
    wall, role = hands.wall("ACME"), hands.role("Queue Reader", "routing:queue:view")
    hands.client("acme-metrics", (role, wall))
    state = terraform.whole(world.sim.snapshot(), without=["operator"])
    (world.place / "state.json").write_text(json.dumps(state), "utf-8")
    world.root.rename(world.place / "forgotten")
    return world


def test_the_page_does_what_it_says(acme: World) -> None:
    moving, linting = [commands(block) for block in blocks(PAGE) if block.language == "console"]
    before = essence(acme)
    assert [acme.run(*shlex.split(line)[1:]).code for line in moving] == [0, 0, 0, 0, 0]
    assert essence(acme) == before and "nothing to do" in acme.run("plan", "manifests").out
    (acme.place / "terraform").mkdir()
    code = 'resource "genesyscloud_user_roles" "dana" {\n  user_id = "x"\n}\n'
    (acme.place / "terraform/main.tf").write_text(code, "utf-8")
    ran = acme.run(*shlex.split(linting[0])[1:])
    assert ran.code == 0 and "myth/authoritative-roles" in ran.out


def test_the_block_on_the_page_is_as_removed_tf_has_it(acme: World) -> None:
    (shown,) = [block.text for block in blocks(PAGE) if block.language == "hcl"]
    assert acme.run(*shlex.split(commands(blocks(PAGE)[1])[0])[1:]).code == 0
    text = (acme.place / "manifests/removed.tf").read_text("utf-8")
    assert shown.replace("auth_division.acme", "auth_division.this") in text


def test_the_page_explains_every_finding() -> None:
    rules = {rule for rule in wiring.rules() if rule.startswith("convert/")}
    page = set(re.findall(r"`(convert/[a-z-]+)`", PAGE.read_text("utf-8")))
    assert len(rules) > 7 and rules == page
