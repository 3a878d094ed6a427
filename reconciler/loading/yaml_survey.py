"""The same files read slowly: where every node stands, and everything that a manifest may not hold.

Used when `yaml_events` met a flaw, and when somebody is shown a place. On a file without a flaw both
build the same values (a test says so).
"""

from __future__ import annotations

from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from reconciler.loading import yaml_events as events
from reconciler.loading import yaml_flaws as flaws
from reconciler.loading.mistakes import Mistake, Unreadable
from reconciler.loading.scalars import plain
from reconciler.loading.text import UNWANTED
from reconciler.model.origin import Step

Place = tuple[int, int, int]
"""Line and column from 1, width in characters."""

Path = tuple[Step, ...]

ENOUGH = 50
"""Mistakes after which a survey stops: nobody reads more, and a bomb has thousands."""


class _Enough(Exception):
    """There are mistakes enough."""


class Survey:
    """One reading of a file: `places` by (document, path), and `mistakes` in the order of the text.

    A field stands where its key stands, an element of a list where it begins.
    """

    def __init__(self, text: str) -> None:
        self.places: dict[tuple[int, Path], Place] = {}
        self.mistakes: list[Mistake] = []
        self.documents: list[Any] = []
        self._document = 0
        self._room = events.MOST_NODES
        try:
            self._next = events.PARSER(text).get_event
            self._read()
        except Unreadable as stopped:
            self.mistakes.append(stopped.mistake)
        except _Enough:
            pass
        except yaml.MarkedYAMLError as error:
            self.mistakes.append(flaws.syntax(error))

    def _read(self) -> None:
        self._next()  # the stream starts
        while (start := self._next()).__class__ is not StreamEndEvent:
            self._count(start)
            if events.has_directive(start):
                self.mistakes.append(flaws.directive(start))
            first = self._next()
            self.places[self._document, ()] = flaws.place(first)
            empty = events.is_empty(first)
            self.documents.append(events.EMPTY if empty else self._node(first, (), 0))
            self._next()  # the document ends
            self._document += 1

    def _node(self, event: Any, path: Path, depth: int) -> Any:
        self.mistakes.extend(flaws.decorations(event))
        if isinstance(event, ScalarEvent):
            return self._scalar(event)
        if isinstance(event, AliasEvent):
            return ""
        if depth == events.DEEPEST:
            raise Unreadable(events.too_deep(event))
        if isinstance(event, MappingStartEvent):
            return self._mapping(path, depth + 1)
        return self._sequence(path, depth + 1)

    def _scalar(self, event: ScalarEvent) -> Any:
        if not event.implicit[0] or event.tag:
            self.mistakes.extend(flaws.invisible(event) if UNWANTED.search(event.value) else ())
            return event.value
        value = plain(event.value)
        if value is None:
            self.mistakes.append(flaws.null(event))
            return ""
        return value

    def _mapping(self, path: Path, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while (event := self._next()).__class__ is not MappingEndEvent:
            self._count(event)
            key, place = self._key(event, path, depth), flaws.place(event)
            if key in found:
                self.mistakes.append(flaws.duplicate(event, self.places[self._document, (*path, key)]))
            self.places[self._document, (*path, key)] = place
            found[key] = self._node(self._next(), (*path, key), depth)
        return found

    def _key(self, event: Any, path: Path, depth: int) -> str:
        if not isinstance(event, ScalarEvent):
            self.mistakes.append(flaws.key_not_text(event))
            self._node(event, path, depth)
            return ""
        self.mistakes.extend(flaws.decorations(event))
        key = self._scalar(event) if event.value or not event.implicit[0] else None
        if not isinstance(key, str):
            self.mistakes.append(flaws.key_not_text(event))
        elif key == events.MERGE and event.implicit[0]:
            self.mistakes.append(flaws.merge_key(event))
        return str(key)

    def _sequence(self, path: Path, depth: int) -> list[Any]:
        found: list[Any] = []
        while (event := self._next()).__class__ is not SequenceEndEvent:
            self._count(event)
            at = (*path, len(found))
            self.places[self._document, at] = flaws.place(event)
            found.append(self._node(event, at, depth))
        return found

    def _count(self, event: Any) -> None:
        if len(self.mistakes) >= ENOUGH:
            raise _Enough
        self._room -= 1
        if self._room < 0:
            raise Unreadable(events.too_many(event))
