"""From an origin to file, line and column: the file is read again when somebody is shown one.

The last few files are kept, so that who tells of all of them holds no more than who tells of some.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from reconciler.loading.mistakes import TEXT, Unreadable
from reconciler.loading.secrecy import redacted
from reconciler.loading.text import MOST_BYTES, decode
from reconciler.loading.yaml_survey import Place, Survey
from reconciler.model.origin import Origin, Position

LONGEST_LINE = 400
"""Characters; a longer line is not shown."""

MOST_FILES = 64
"""How many are kept."""


@dataclass
class _Source:
    """One file as it is shown."""

    text: str

    @cached_property
    def places(self) -> dict[tuple[int, tuple[str | int, ...]], Place]:
        return Survey(self.text).places

    @cached_property
    def lines(self) -> list[str]:
        return redacted(self.text).split("\n")

    def line(self, number: int) -> str:
        if not 1 <= number <= len(self.lines) or len(self.lines[number - 1]) > LONGEST_LINE:
            return ""
        line = self.lines[number - 1].rstrip("\r")
        return "".join([character if character.isprintable() else "·" for character in line])

    def place(self, origin: Origin) -> Place:
        """Of the node, or of the nearest node above it that is there."""
        path = origin.path
        while (found := self.places.get((origin.document, path))) is None:
            if not path:
                return (1, 1, 1)
            path = path[:-1]
        return found


class FileLocator:
    """A `ports.Locator` over the files below one root. Lines that hold a secret are shown without it."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._source = lru_cache(maxsize=MOST_FILES)(self._source_of)

    def locate(self, origin: Origin) -> Position | None:
        """The position of that node; None where the file is gone."""
        source = self._source(origin.file)
        if source is None:
            return None
        if origin.document == TEXT:
            line, column, width = (int(step) for step in origin.path)
        else:
            line, column, width = source.place(origin)
        return Position(origin.file, line, column, source.line(line), width)

    def _source_of(self, file: str) -> _Source | None:
        return _read(self._root / file, self._root.resolve())


def _read(path: Path, inside: Path) -> _Source | None:
    """What is refused when manifests are loaded is not shown either: a link may lead to any file."""
    if not os.path.lexists(path):
        return None
    try:
        if not path.is_file() or not path.resolve().is_relative_to(inside):
            return _Source("")
        with path.open("rb") as stream:
            return _Source(decode(stream.read(MOST_BYTES + 1)))
    except (Unreadable, OSError):
        return _Source("")
