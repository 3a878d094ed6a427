"""Located: the edits of what an entry says, with the place where it says it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from reconciler.model.finding import Finding
from reconciler.model.patch import Edit
from reconciler.model.state import Resource


def placed(finding: Finding, entry: Resource | None) -> Finding:
    """The finding with the entry it is about, at the field that an edit would change."""
    if entry is None:
        return finding
    edits = located(finding.edits, entry)
    place = entry.origin.child(*edits[0].steps) if edits else entry.origin
    return replace(finding, location=place, edits=edits)


def located(edits: Iterable[Edit], entry: Resource) -> tuple[Edit, ...]:
    """The edits of what the entry says, with its place; what it says otherwise needs none."""
    mine = [each for each in edits if each.steps and _says(entry, each)]
    return tuple(each._replace(at=(entry.origin, *entry.related)) for each in mine)


def _says(entry: Resource, edit: Edit) -> bool:
    """Whether what the edit changes is what the manifest says."""
    value = entry.fields[str(edit.steps[0])]
    if edit.does == "put":
        return bool(value == edit.old)
    return any(edit.old in (each, *_parts(each)) for each in value)


def _parts(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else ()
