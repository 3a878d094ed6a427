"""The page of guarantees names every monitor, and no monitor and no test that is not there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.faults.monitors import COMMITS, ENDS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "guarantees.md"
ELSEWHERE = {
    "I1 comes to rest",
    "I17 one writer",
    "I19 stale plan",
    "I26 Retry-After",
    "S done",
    "S seen",
    "S returned",
    "S handed over",
}
"""Judged where runs are driven: not a function of one commit or of the end."""


def told() -> set[str]:
    table = PAGE.read_text("utf-8").partition("## ")[0]
    rows = re.findall(r"^\| .* \| (.*) \|$", table, re.MULTILINE)
    return {name for row in rows for name in row.split(", ")} - {"monitor"}


def test_the_page_and_the_monitors_are_one_list() -> None:
    assert told() == COMMITS.keys() | ENDS.keys() | ELSEWHERE


def named() -> list[tuple[str, str]]:
    """File and function of every test that the page names."""
    table = PAGE.read_text("utf-8").partition("## What tests prove")[2].partition("## ")[0]
    rows = re.findall(r"^\| .* \| (.*) \|$", table, re.MULTILINE)[1:]
    tests = [re.fullmatch(r"`(tests/\w+/\w+\.py)::(test_\w+)`", row) for row in rows]
    assert all(tests), rows
    return [(test[1], test[2]) for test in tests if test]


def test_each_test_that_the_page_names_is_there() -> None:
    assert len(named()) > 40
    for file, name in named():
        module = ast.parse((PAGE.parents[1] / file).read_text("utf-8"))
        functions = [each for each in module.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]
        assert name in {each.name for each in functions}, f"{file}::{name}"


def test_those_judged_elsewhere_are_judged() -> None:
    code = "\n".join(each.read_text("utf-8") for each in PAGE.parents[1].glob("tests/faults/**/*.py"))
    assert all(f'"{name}"' in code for name in ELSEWHERE)


def test_the_figures_say_when_and_how() -> None:
    last = PAGE.read_text("utf-8").partition("## Last run")[2]
    assert re.search(r"\d{4}-\d\d-\d\d", last) and "python -m tests.faults" in last
