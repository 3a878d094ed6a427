"""Decisions are pure: no waiting, no clock, no dice, no file, no log. And they name no kind."""

from __future__ import annotations

import ast
import sys

import pytest

from tests.architecture.source import PURE, STANDALONE, imports, place, product_files, tree

PURE_FILES = [path for path in product_files(*PURE) if path != STANDALONE]
IMPURE = {
    *(
        "asyncio",
        "logging",
        "structlog",
        "time",
        "random",
        "secrets",
        "uuid",
        "os",
        "pathlib",
        "io",
        "shutil",
    ),
    *("socket", "subprocess", "tempfile", "threading", "concurrent", "httpx", "sqlite3", "sqlalchemy"),
}
WAITS = (ast.AsyncFunctionDef, ast.AsyncFor, ast.AsyncWith, ast.Await)
READS = {"open", "print", "input"}
CLOCKS = {"now", "utcnow", "today"}

KINDS = {"division", "role", "client", "grant"}


def test_decisions_import_nothing_impure() -> None:
    found = [
        f"{place(path, node)} {name}"
        for path in PURE_FILES
        for name, node in imports(path)
        if name.partition(".")[0] in IMPURE
    ]
    assert found == []


def test_decisions_do_not_wait() -> None:
    waits = [
        place(path, node) for path in PURE_FILES for node in ast.walk(tree(path)) if isinstance(node, WAITS)
    ]
    assert waits == []


def test_decisions_read_neither_files_nor_clocks() -> None:
    found = [
        f"{place(path, node)} {ast.unparse(node.func)}"
        for path in PURE_FILES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and is_impure(node.func)
    ]
    assert found == []


def is_impure(called: ast.expr) -> bool:
    """Whether a call reads a file or a clock, as far as its name tells."""
    if isinstance(called, ast.Attribute):
        return called.attr in CLOCKS and ast.unparse(called.value).rpartition(".")[2] in {"date", "datetime"}
    return isinstance(called, ast.Name) and called.id in READS


@pytest.mark.parametrize("package", ["planning", "isolation", "engine"])
def test_only_a_kind_names_itself(package: str) -> None:
    """What asks for a kind by name has to be edited for the next one."""
    found = [
        f"{place(path, node)} {node.value!r}"
        for path in product_files(package)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in KINDS
    ]
    assert found == []


@pytest.mark.skipif(not STANDALONE.exists(), reason="there is no certificate yet")
def test_the_certificate_is_checked_with_the_standard_library_alone() -> None:
    assert {name.partition(".")[0] for name, _ in imports(STANDALONE)} <= sys.stdlib_module_names
