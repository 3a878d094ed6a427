"""The product's source as the architecture tests see it: files, syntax trees and what is in them."""

from __future__ import annotations

import ast
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
PURE = ("model", "kinds", "isolation", "planning")
STANDALONE = ROOT / "reconciler/isolation/check_certificate.py"
"""Handed to auditors on its own: it reads the file that it judges, with the standard library alone."""

LONG = 40
TOO_LONG = 60

Function = ast.FunctionDef | ast.AsyncFunctionDef


def product_files(*packages: str) -> list[Path]:
    """Python files of the product, or of some of its packages, in a fixed order."""
    roots = [ROOT / "reconciler" / package for package in packages] or [ROOT / "reconciler"]
    return sorted(path for root in roots for path in root.rglob("*.py"))


def place(path: Path, node: ast.AST | None = None) -> str:
    """Where something is, as an editor can open it."""
    line = f":{node.lineno}" if isinstance(node, ast.stmt | ast.expr) else ""
    return f"{path.relative_to(ROOT)}{line}"


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def long_functions(over: int) -> Iterator[tuple[str, int]]:
    """Place and length of every function of the product that has more than `over` lines."""
    for path in product_files():
        for node in ast.walk(tree(path)):
            if isinstance(node, Function) and (lines := (node.end_lineno or 0) - node.lineno + 1) > over:
                yield f"{place(path, node)} {node.name}", lines


def imports(path: Path) -> Iterator[tuple[str, ast.stmt]]:
    """Every module that a file imports by its absolute name, wherever the import stands."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module, node


def committed_files() -> list[Path]:
    """Files that git knows, as they are in the checkout. Skips the test where there is no git."""
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]
