"""The mappings of a YAML file as regions: there, indentation is the bracket."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml

from reconciler.loading.lint.regions import MOST, Field, Region, value
from reconciler.loading.yaml_events import PARSER

_ABOVE = 3
"""Levels above a text whose fields count it among theirs."""


class Placed(NamedTuple):
    """A region and the fields above it, the document's first; `ours`: the document is a manifest."""

    region: Region
    path: tuple[str, ...]
    ours: bool


def yaml_regions(text: str) -> list[Placed]:
    """Every mapping, as far as the text is YAML; templates and mistakes end it."""
    walk = _Walk(text)
    try:
        for event in yaml.parse(text, Loader=PARSER):
            walk.take(event)
    except yaml.YAMLError:
        pass  # what was read so far is right, and brackets tell the rest
    return list(walk.placed())


def _index(event: Any) -> int:
    return int(event.start_mark.index)


class _Walk:
    """The events of a YAML text, taken one by one: no depth of nesting can exhaust the stack."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._open: list[Region] = []
        self._path: list[Field | None] = []
        self._found: list[tuple[Region, tuple[str, ...], int]] = []
        self._documents: list[Region | None] = []

    def take(self, event: yaml.Event) -> None:
        """One event."""
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents.append(None)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._begin(event)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._finish(_index(event))
        elif isinstance(event, yaml.ScalarEvent | yaml.AliasEvent):
            self._scalar(event)

    def placed(self) -> Iterator[Placed]:
        """What was found."""
        for region, path, document in self._found:
            root = self._documents[document]
            version = root.first("apiversion") if root is not None else None
            ours = version is not None and version.texts()[:1] == ("reconciler/v1",)
            yield Placed(region, path, ours)

    def _begin(self, event: Any) -> None:
        start = event.start_mark.index
        above = self._open[-1] if self._open else None
        mapping = isinstance(event, yaml.MappingStartEvent)
        region = Region("{" if mapping else "[", start, self._text, above, len(self._text))
        if self._documents[-1] is None:
            self._documents[-1] = region
        if mapping:
            path = tuple(each.name for each in self._path if each is not None)
            self._found.append((region, path, len(self._documents) - 1))
        self._open.append(region)
        self._path.append(None)

    def _finish(self, end: int) -> None:
        region = self._open.pop()
        region.end = end
        self._path.pop()
        self._valued(end)

    def _scalar(self, event: Any) -> None:
        said = getattr(event, "value", "")
        if self._open and self._open[-1].bracket == "{" and self._path[-1] is None:
            start, end = event.start_mark.index, event.end_mark.index
            start += said != "" and self._text[start : start + 1] in "\"'"
            each = Field(said, start, end, items=[])
            self._open[-1].fields.append(each)
            self._path[-1] = each
            return
        for above in self._path[-_ABOVE:]:
            if above is not None and above.items is not None:
                above.items.append(said)
        self._valued(event.end_mark.index)

    def _valued(self, end: int) -> None:
        """A value is complete: the next scalar of its mapping is a name again."""
        if self._open and self._open[-1].bracket == "{" and (each := self._path[-1]) is not None:
            each.value = value(self._text[each.end : min(end, each.end + MOST)])
            self._path[-1] = None
