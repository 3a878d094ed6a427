"""Every rule about manifests has an example that shows it, at its place, in its words."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from reconciler.isolation.myths import MYTHS, Where
from tests.architecture.source import product_files, tree
from tests.loading.diagnose import ORG, report, write
from tests.loading.rule_examples import ELSEWHERE, EXAMPLES

RULE = re.compile(r"(manifest|myth)/[a-z-]+")


def rules() -> set[str]:
    """Every rule id that stands in the source, whole or as the first word of `mistake`."""
    nodes = [node for path in product_files("loading", "kinds", "planning") for node in ast.walk(tree(path))]
    whole = {
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and RULE.fullmatch(node.value)
    }
    slugs = {
        f"manifest/{node.args[0].value!s}"
        for node in nodes
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "mistake"
        and isinstance(node.args[0], ast.Constant)
    }
    recipes = {myth.id for myth in MYTHS if any(sign.where is Where.MANIFEST for sign in myth.signs)}
    return whole | slugs | recipes


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
