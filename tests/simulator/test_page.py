"""docs/simulator.md says what the simulator does today."""

from __future__ import annotations

import re

import pytest

from reconciler.cli.main import run
from reconciler.simulator import SWITCHES, Simulator, bundled, find_seed
from reconciler.simulator.seed import parse_seed
from tests.docs.blocks import names
from tests.simulator import page

TEXT = page.PAGE.read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^### (.+?)\n(.*?)(?=^##)", TEXT, re.MULTILINE | re.DOTALL))


def test_the_page_is_what_the_code_says() -> None:
    """Red: make it anew with `python -m tests.simulator.page` and read it."""
    assert page.renewed(TEXT) == TEXT


def test_every_part_and_every_group_of_operations_has_its_place_once() -> None:
    groups = [f"operations {group}" for group in page.groups()]
    assert sorted(names(TEXT)) == sorted([*page.PARTS, *groups])


def test_every_switch_every_organisation_and_every_operation_stand_on_it() -> None:
    for name in [*SWITCHES, *bundled()]:
        assert f"| `{name}` |" in TEXT
    calls = re.findall(r"^\| `[A-Z]+ /(?!_simulator)", TEXT, re.MULTILINE)
    assert len(calls) == len(Simulator().exchange.handlers)


@pytest.mark.parametrize("section", SECTIONS)
def test_each_group_says_what_is_documented_what_was_seen_and_what_is_a_guess(section: str) -> None:
    for confidence in ("Documented", "Seen", "Inferred"):
        assert f"- **{confidence}**: " in SECTIONS[section]


def test_every_switch_that_the_text_names_exists() -> None:
    """In brackets stand switches, and what the rest of the page says of the vendor stands in lists."""
    named = set(re.findall(r"\(`([a-z][a-z-]+)`", TEXT)) | set(re.findall(r", `([a-z]+-[a-z-]+)`\)", TEXT))
    assert named and named <= set(SWITCHES)


def test_the_example_of_a_file_is_one() -> None:
    example = TEXT.split("```yaml\n")[-1].partition("```")[0]
    made = Simulator(parse_seed(example.replace("<uuid>", "00000000-0000-4000-8000-000000000000"), "page"))
    names = {row["name"] for row in made.snapshot()["clients"]}
    assert {"viewer", "desk", find_seed("bare").clients[0]["name"]} == names


def test_help_points_to_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["simulate", "--help"]) == 0
    assert "docs/simulator.md" in capsys.readouterr().out
