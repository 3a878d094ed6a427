"""The page about the lease, done as a reader does it; its figures are those of the code."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from reconciler.cli.leasing import PARTING_SECONDS
from reconciler.engine.keeper import held_by_another
from reconciler.model.lease import Claim, Held, Lease
from reconciler.planning import fresh, lease, settle
from reconciler.planning.checks.operator import LONGEST_TOKEN
from tests.docs.reading import ROOT, blocks, commands
from tests.journeys.world import World

PAGE = ROOT / "docs/one-writer.md"


def test_the_page_does_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(tmp_path, monkeypatch)
    (block,) = [block for block in blocks(PAGE) if block.language == "console"]
    assert [world.run(*shlex.split(line)[1:]).code for line in commands(block)] == [0]


def test_the_example_is_as_the_command_prints_it() -> None:
    (shown,) = [block.text for block in blocks(PAGE) if block.language == "text"]
    since = 1_795_183_514.0  # 2026-11-20T14:05:14Z
    holder = Lease(41, "2026-11-20T14:05:12Z-7f3a21", "dana@laptop", "laptop", since)
    refused = held_by_another(Claim("", "northwind", "", "", ""), Held(holder, alive=True), since)
    assert shown == f"error  {refused.message}\n       {refused.remedy}\n"


def test_figures_are_those_of_the_code() -> None:
    page = " ".join(PAGE.read_text("utf-8").split())
    for said in (
        f"for {lease.REQUEST_SECONDS:.0f} s more",
        f"a heartbeat every {lease.BEAT_SECONDS:.0f} s prolongs it to {lease.LEASE_SECONDS:.0f} s",
        f"{lease.SKEW_SECONDS:.0f} s more for clocks",
        f"at most {LONGEST_TOKEN} s",
        f"up to {lease.PATIENCE:.0f} s",
        f"more than {fresh.KNOWN_FOR:.0f} s ago",
        f"a second look {settle.SECOND_LOOK:.0f} s later",
        f"at most {PARTING_SECONDS:.0f} s",
    ):
        assert said in page, said
