"""Markdown in which nothing that stands in a name is markup, a link, or a call to somebody."""

from __future__ import annotations

import re
from collections.abc import Iterable

from reconciler.reports.lines import Line, visible

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~!&]|(?<=:)/(?=/)|(?<=www)\.)")
"""What is markup, and what makes a link of bare words."""

_MENTION = re.compile(r"(?<!\w)@(?=\w)")
"""Somebody is told of it wherever it is shown, escaped or not; an empty comment takes it apart."""

_TICKS = re.compile(r"`+")


def escaped(text: str) -> str:
    """Words of a sentence or of a cell."""
    return _MENTION.sub("@<!-- -->", _MARKS.sub(r"\\\1", visible(text)))


def fenced(lines: Iterable[Line]) -> list[str]:
    """Lines as they stand, between two fences that none of them can close."""
    shown = [line.shown for line in lines]
    longest = max((len(ticks) for line in shown for ticks in _TICKS.findall(line)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}text", *shown, fence]


def row(*cells: str) -> str:
    """One row of a table; cells are Markdown already."""
    return f"| {' | '.join(cells)} |"
