"""Paths into answers, and the "$name" that stands for what an earlier answer said."""

from __future__ import annotations

from typing import Any


def found(value: Any, path: str) -> Any:
    """What stands at `entities.0.name` of an answer; `#` counts. None where nothing stands."""
    for part in path.split("."):
        if part == "#":
            value = len(value) if isinstance(value, list) else None
        elif isinstance(value, list):
            value = value[int(part)] if int(part) < len(value) else None
        else:
            value = value.get(part) if isinstance(value, dict) else None
    return value


def filled(value: Any, kept: dict[str, Any]) -> Any:
    """`value` with what was kept in place of every "$name". Raises KeyError for a name nobody kept."""
    if isinstance(value, dict):
        return {name: filled(each, kept) for name, each in value.items()}
    if isinstance(value, list):
        return [filled(each, kept) for each in value]
    return kept[value[1:]] if isinstance(value, str) and value.startswith("$") else value
