"""YAML documents as plain values, built from the events of PyYAML's C parser.

Half the time of PyYAML's own loader, and stricter: YAML 1.2 scalars, no duplicate keys, nulls, aliases,
anchors, tags, merge keys or directives, and bounds that a bomb runs into at once. Here without
positions: what is not plain stops the building, and `yaml_survey` then says everything that is wrong.
"""

from __future__ import annotations

from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from reconciler.loading.mistakes import Mistake, Unreadable
from reconciler.loading.scalars import plain
from reconciler.loading.text import UNWANTED
from reconciler.model.rule import Rule

TOO_DEEP = Rule(
    "manifest/too-deep",
    "Nothing in a manifest is nested like this; such files are made to exhaust whoever reads them.",
    "Look at who made the file.",
)
TOO_MANY = Rule(
    "manifest/too-many",
    "A file with so many values cannot be reviewed, and is made to exhaust whoever reads it.",
    "Split the file: one tenant per file is usual.",
)

PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Only its events are used. Without libyaml the same, slower."""

DEEPEST = 20
"""Levels of nesting; the schema needs seven, a vendor's condition a few more."""

MOST_NODES = 20_000
"""Documents, fields and elements in one file."""

EMPTY = object()
"""A document that says nothing, as after a last `---`."""

MERGE = "<<"


class Flawed(Exception):
    """There is something in the file that a manifest may not hold; a survey says what and where."""


def build(text: str) -> list[Any]:
    """The documents of a file.

    Raises `Flawed`, `Unreadable` where a bound is passed, and `yaml.YAMLError` where it is not YAML.
    """
    return _Builder(text).documents()


class _Builder:
    """One pass over the events. A class, not closures: those would be cycles for the collector."""

    def __init__(self, text: str) -> None:
        self._next = PARSER(text).get_event
        self._room = MOST_NODES

    def documents(self) -> list[Any]:
        found = []
        self._next()  # the stream starts
        while (start := self._next()).__class__ is not StreamEndEvent:
            self._room -= 1
            if self._room < 0:
                raise Unreadable(too_many(start))
            if has_directive(start):
                raise Flawed
            first = self._next()
            found.append(EMPTY if is_empty(first) else self._node(first, 0))
            self._next()  # the document ends
        return found

    def _node(self, event: Any, depth: int) -> Any:
        if event.__class__ is ScalarEvent:
            return self._scalar(event)
        if event.__class__ is AliasEvent or event.anchor is not None or event.tag is not None:
            raise Flawed
        if depth == DEEPEST:
            raise Unreadable(too_deep(event))
        if event.__class__ is MappingStartEvent:
            return self._mapping(depth + 1)
        return self._sequence(depth + 1)

    def _scalar(self, event: Any) -> Any:
        if event.anchor is not None or event.tag is not None:
            raise Flawed
        text = event.value
        if event.implicit[0]:
            value = plain(text)
            if value is None:
                raise Flawed
            return value
        if not text.isprintable() and UNWANTED.search(text):
            raise Flawed
        return text

    def _mapping(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        scalar, following = self._scalar, self._next
        while (event := following()).__class__ is not MappingEndEvent:
            self._room -= 1
            if self._room < 0:
                raise Unreadable(too_many(event))
            if event.__class__ is not ScalarEvent:
                raise Flawed
            key = scalar(event)
            if key.__class__ is not str or key in found or (key == MERGE and event.implicit[0]):
                raise Flawed
            event = following()
            found[key] = scalar(event) if event.__class__ is ScalarEvent else self._node(event, depth)
        return found

    def _sequence(self, depth: int) -> list[Any]:
        found = []
        scalar, following = self._scalar, self._next
        while (event := following()).__class__ is not SequenceEndEvent:
            self._room -= 1
            if self._room < 0:
                raise Unreadable(too_many(event))
            found.append(scalar(event) if event.__class__ is ScalarEvent else self._node(event, depth))
        return found


def has_directive(event: Event) -> bool:
    """Whether a document starts with `%YAML` or `%TAG`."""
    return isinstance(event, DocumentStartEvent) and bool(event.version or event.tags)


def is_empty(event: Event) -> bool:
    """Whether a document consists of nothing at all."""
    return (
        isinstance(event, ScalarEvent)
        and not event.value
        and event.implicit[0]
        and event.anchor is None
        and event.tag is None
    )


def too_deep(event: Any) -> Mistake:
    """The mistake of a collection inside too many others."""
    message = f"nested more than {DEEPEST} levels deep"
    return _bound(event, TOO_DEEP, message, "nothing in a manifest is nested like this")


def too_many(event: Any) -> Mistake:
    """The mistake of a file that holds too much."""
    message = f"more than {MOST_NODES:,} values in one file"
    return _bound(event, TOO_MANY, message, "split the file: one tenant per file is usual")


def _bound(event: Any, rule: str, message: str, remedy: str) -> Mistake:
    mark = event.start_mark
    return Mistake(rule, message, remedy, mark.line + 1, mark.column + 1)
