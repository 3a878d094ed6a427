"""The page about the controller: its table is the code's, and its commands run."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from reconciler.cli.controller_options import USUAL
from reconciler.engine.watching import Watching
from reconciler.planning.schedule import JITTER
from reconciler.reports.controller_page import REFRESH
from tests.controller.fleet import Fleet, site_of
from tests.docs.controller_page import PAGE, renewed
from tests.docs.reading import blocks, commands

TEXT = PAGE.read_text("utf-8")


def test_the_table_is_what_the_code_has() -> None:
    """Red: make it anew with `python -m tests.docs.controller_page` and read it."""
    assert renewed(TEXT) == TEXT


def test_figures_are_those_of_the_code() -> None:
    assert (USUAL, JITTER, REFRESH) == (900, 0.1, 15)
    assert "At most four" in TEXT and "up to a tenth of it" in TEXT and "every 15 seconds" in TEXT


def test_the_way_to_pause_one_works_as_it_is_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fleet = Fleet(tmp_path, monkeypatch, "detect")
    make, write, remove = commands(blocks(PAGE)[2])
    assert shlex.split(make) == ["mkdir", "-p", "paused"] and write.startswith("echo ")
    name = fleet.sites[0].name
    said, file = write.removeprefix("echo ").replace("northwind", name).split(" > ")
    (tmp_path / "paused").mkdir()
    (tmp_path / file).write_text(f"{shlex.split(said)[0]}\n", "utf-8")
    assert shlex.split(remove) == ["rm", "paused/northwind"]

    async def story(made: Watching) -> None:
        assert [each.paused for each in made.watched] == ["change freeze until Monday, dana"]

    made = fleet.play(900, story)
    assert site_of(fleet, made).last is None


def test_every_variable_and_path_it_names_is_there() -> None:
    assert set(re.findall(r"`(/\w+)`", TEXT)) == {"/healthz", "/readyz", "/metrics"}
