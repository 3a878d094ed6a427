"""Every public name says what it is."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tests.architecture.source import Function, place, product_files, tree

if TYPE_CHECKING:
    from collections.abc import Iterator

SAID_ELSEWHERE = {"overload", "override", "setter"}


def test_every_public_name_has_a_docstring() -> None:
    silent = [
        f"{place(path, node)} {getattr(node, 'name', '')}".strip()
        for path in product_files()
        for node in public(tree(path))
        if not ast.get_docstring(node)
    ]
    assert silent == []


def public(node: ast.Module | ast.ClassDef) -> Iterator[ast.Module | ast.ClassDef | Function]:
    """A module or class, and what is public in it. An empty file has nothing to say."""
    if node.body:
        yield node
    for child in node.body:
        if isinstance(child, Function) and not child.name.startswith("_"):
            if not any(decorator(each) in SAID_ELSEWHERE for each in child.decorator_list):
                yield child
        elif isinstance(child, ast.ClassDef) and not child.name.startswith("_"):
            yield from public(child)


def decorator(node: ast.expr) -> str:
    """The last part of a decorator's name."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
