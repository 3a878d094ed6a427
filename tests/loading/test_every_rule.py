"""Every rule about manifests has an example that shows it, at its place, in its words."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler import wiring
from reconciler.isolation.myths import MYTHS, Where
from tests.loading.diagnose import ORG, report, write
from tests.loading.rule_examples import ELSEWHERE, EXAMPLES


def rules() -> set[str]:
    """Every rule about manifests, the wrong recipes that they are judged by included."""
    recipes = {myth.id for myth in MYTHS if any(sign.where is Where.MANIFEST for sign in myth.signs)}
    return {rule for rule in wiring.rules() if rule.startswith("manifest/")} | recipes


def test_every_rule_has_an_example() -> None:
    assert rules() - set(EXAMPLES) - set(ELSEWHERE) == set()


def test_every_example_is_of_a_rule_that_is() -> None:
    assert (set(EXAMPLES) | set(ELSEWHERE)) - rules() == set()


@pytest.mark.parametrize("rule", ELSEWHERE)
def test_rules_shown_elsewhere_are(rule: str) -> None:
    assert rule in (Path(__file__).parent / "test_files.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("rule", EXAMPLES)
def test_an_example_is_found_where_it_is(rule: str, tmp_path: Path) -> None:
    example = EXAMPLES[rule]
    files = {"org.yaml": ORG, **example.files} if example.org else example.files

    found = report(write(tmp_path, files))

    start = f"{example.at} {rule} ".lstrip()
    assert any(line.startswith(start) and example.says in line for line in found), (start, found)


def test_a_manifest_without_mistakes_has_no_findings(tmp_path: Path) -> None:
    assert report(write(tmp_path, {"org.yaml": ORG})) == []
