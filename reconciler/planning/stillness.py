"""Stillness: whether an organisation stood still while it was read. What moved meanwhile proves nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from reconciler.model.kind import Holding, Registry
from reconciler.model.state import LiveState, Reading

Readings = Mapping[str, Reading]


def moved(first: Readings, again: Readings) -> Iterator[str]:
    """What two readings of the same lists tell differently, in words."""
    for kind in first.keys() & again.keys():
        before = {item.id: item.fields for item in first[kind].objects}
        after = {item.id: item.fields for item in again[kind].objects}
        changed = sorted(each for each in before.keys() | after.keys() if before.get(each) != after.get(each))
        if changed:
            yield f"{kind}s changed while they were read: {', '.join(changed[:3])}{_more(changed)}"


def unsettled(
    live: LiveState, holders: Mapping[str, tuple[Holding, ...]], registry: Registry
) -> Iterator[str]:
    """Whose own access says something else than the views of the roles: it changed between both readings."""
    seen: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for role, rows in holders.items():
        for row in rows:
            seen[row.id].update((role, division) for division in row.divisions)
    for kind in registry:
        view = kind.collection.second
        for item in live.of(kind.name) if view and kind.collection.subjects is None else ():
            assert view is not None  # asked just above
            held = {(role, division) for role, division in item.fields[view.field] if role in holders}
            if held != seen.get(item.id, set()):
                yield f"the access of {item.name} reads differently in two places: it changed meanwhile"


def _more(changed: list[str]) -> str:
    return f" and {len(changed) - 3:,} more" if len(changed) > 3 else ""
