"""What pydantic objects to, on the paths the author wrote; alternatives are joined into one objection.

pydantic reports every alternative of a union, with the alternative's name among the steps. Here the
steps are those of the document, and of several objections to one node the most telling stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any, NamedTuple

from pydantic import ValidationError

from reconciler.model.origin import Step

Path = tuple[Step, ...]


class Fault(NamedTuple):
    """One objection: where, which, to what input, with which limits. `name` is the missing field."""

    path: Path
    type: str
    value: Any
    context: dict[str, Any]
    name: str = ""
    others: tuple[Fault, ...] = ()
    """Objections of the other alternatives."""


class _Raw(NamedTuple):
    fault: Fault
    union: Path | None


_EXPECTATIONS = ("_type", "literal_error", "string_pattern_mismatch")


def faults(error: ValidationError, document: Any) -> list[Fault]:
    """The objections to a document, one per node."""
    raw = [_raw(item, document) for item in error.errors(include_url=False)]
    found: list[Fault] = []
    for union, group in groupby(raw, key=lambda item: item.union):
        objections = [item.fault for item in group]
        found.extend(objections if union is None else _joined(union, objections))
    return found


def _raw(item: Any, document: Any) -> _Raw:
    path: Path = ()
    union: Path | None = None
    node, steps = document, item["loc"]
    for index, step in enumerate(steps):
        if _has(node, step):
            node, path = node[step], (*path, step)
        elif item["type"] == "missing" and index == len(steps) - 1:
            fault = Fault(path, "missing", node, {}, str(step))
            return _Raw(fault, union)
        elif union is None and step != "[key]":
            union = path
    context = item.get("ctx") or {}
    if item["type"] == "union_tag_invalid":
        path = (*path, context["discriminator"].strip("'"))
    return _Raw(Fault(path, item["type"], item["input"], context), union)


def _has(node: Any, step: Step) -> bool:
    if isinstance(node, dict):
        return step in node
    return isinstance(node, list) and isinstance(step, int) and step < len(node)


def _joined(union: Path, objections: list[Fault]) -> Iterable[Fault]:
    """Inside the alternative that fits at all; else what is told most exactly; else all expectations."""
    inside = [fault for fault in objections if fault.path != union or fault.type == "missing"]
    if inside:
        return inside
    exact = [fault for fault in objections if not fault.type.endswith(_EXPECTATIONS)]
    if exact:
        return exact[:1]
    return [objections[0]._replace(others=tuple(objections[1:]))]
