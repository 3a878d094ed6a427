"""The stand-in reads expressions as GitHub documents them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.pipeline.expressions import evaluated, filled, holds

WELL = {"always": True, "success": True, "failure": False, "cancelled": False}
ILL = {"always": True, "success": False, "failure": True, "cancelled": False}
CONTEXT: dict[str, Any] = {
    "github": {"event": {"number": 7}, "ref": "refs/heads/main"},
    "inputs": {"root": "", "flag": False},
    "status": WELL,
}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("github.event.number", 7),
        ("github.event.nothing.at.all", None),
        ("inputs.root || 'manifests'", "manifests"),
        ("github.ref == 'REFS/heads/main'", True),
        ("github.event.number == '7' && 'a' || 'b'", "a"),
        ("inputs.root != '' && 'a' || 'b'", "b"),
        ("!(inputs.root == '')", False),
        ("'it''s'", "it's"),
        ("always() && inputs.root == ''", True),
        ("inputs.flag", False),
    ],
)
def test_an_expression_comes_to_its_value(expression: str, value: object) -> None:
    assert evaluated(expression, CONTEXT) == value


def test_what_it_does_not_know_is_an_error() -> None:
    for unknown in ("github.ref ~ 'a'", "fromJSON('1')", "github.ref 'a'", "strategy.index"):
        with pytest.raises((ValueError, KeyError)):
            evaluated(unknown, CONTEXT)


def test_a_condition_asks_for_success_unless_it_asks_for_a_status() -> None:
    ill = {**CONTEXT, "status": ILL}
    assert holds(None, CONTEXT) and holds("${{ inputs.root == '' }}", CONTEXT)
    assert not holds(None, ill) and not holds("inputs.root == ''", ill)
    assert holds("always()", ill) and holds("failure()", ill) and not holds("success()", ill)


def test_null_and_booleans_are_filled_in_as_github_does() -> None:
    assert (
        filled("a${{ github.none }}b ${{ inputs.flag }} ${{ github.event.number }}", CONTEXT) == "ab false 7"
    )
