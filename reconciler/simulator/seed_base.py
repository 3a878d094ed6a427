"""A seed that goes on from another: the two put together, and what only the whole can show to be wrong."""

from collections.abc import Iterator
from typing import Any

from reconciler.simulator.seed_format import SECTIONS, Entry

_FACTS = ("organisation", "limits", "settings")
_FOUND_BY_NAME = ("divisions", "roles")
"""Sections whose entries others refer to by name."""


def on_top(base: Entry, own: Entry) -> Entry:
    """The base with what goes beyond it."""
    facts = {name: base.get(name, {}) | own.get(name, {}) for name in _FACTS}
    return facts | {name: _changed(base.get(name, []), own.get(name, [])) for name in SECTIONS}


def _changed(base: list[Entry], own: list[Entry]) -> list[Entry]:
    entries = {_key(entry): entry for entry in base}
    for entry in own:
        entries[_key(entry)] = entries.get(_key(entry), {}) | entry
    return list(entries.values())


def _key(entry: Entry) -> tuple[str, str]:
    """What makes an entry the same as one of the base."""
    if entry.get("operator"):
        return "operator", ""
    return ("id", entry["id"]) if "id" in entry else ("name", entry["name"])


def mistakes(data: Entry, origin: str) -> Iterator[str]:
    """Mistakes that no entry makes alone."""
    if sum(bool(entry.get("home")) for entry in data.get("divisions", [])) != 1:
        yield f"{origin}: exactly one division must say home: true"
    if sum(bool(entry.get("operator")) for entry in data.get("clients", [])) > 1:
        yield f"{origin}: only one client may say operator: true"
    for section in SECTIONS:
        seen: set[Any] = set()
        for entry in data.get(section, []):
            for mark in _marks(section, entry):
                if mark in seen:
                    yield f"{origin}: {section} ({entry['name']}): {_twice(section, mark)}"
                seen.add(mark)


def _marks(section: str, entry: Entry) -> Iterator[tuple[str, str]]:
    """What two entries of a section must not share."""
    yield _key(entry)
    if section in _FOUND_BY_NAME and not entry.get("deleted"):
        yield "name", entry["name"].casefold()
    if "email" in entry:
        yield "email", entry["email"]


def _twice(section: str, mark: tuple[str, str]) -> str:
    if mark[0] == "name" and section not in _FOUND_BY_NAME:
        return f"another of the {section} has this name; give one of them an id"
    return f"another of the {section} has the {mark[0]} {mark[1]!r}"
