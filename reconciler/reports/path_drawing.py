"""A witness as a drawn path: who, through what, to where; one station below the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rich.cells import cell_len, chop_cells

from reconciler.model.finding import Bond, Link
from reconciler.reports.lines import visible

WIDTH = 300
"""Units of the drawing; one is a pixel on a small telephone."""
_CELLS, _MOST_ROWS = 26, 4
_ROW, _GAP = 17, 15
_SAID = {
    Bond.SUBJECT: "who",
    Bond.BECOMES: "becomes",
    Bond.GROUP: "member of",
    Bond.ROLE: "role",
    Bond.PATTERN: "allows",
    Bond.PERMISSION: "permission",
}


class Station(NamedTuple):
    """One station of the path: what it is, its text in rows, and where the first of them stands."""

    label: str
    rows: tuple[tuple[int, str], ...]
    y: int
    last: bool


class Drawing(NamedTuple):
    """A path ready to be drawn: `said` tells it in one line, to those who do not see it."""

    said: str
    stations: tuple[Station, ...]
    height: int


def drawing(links: Iterable[Link]) -> Drawing:
    """Draw a path; a grant stands before its role, a place behind what reaches it."""
    named = list(_named(links))
    stations: list[Station] = []
    y = _ROW
    for number, (label, text) in enumerate(named, 1):
        rows = _rows(text)
        lines = tuple((y + _ROW * index, row) for index, row in enumerate(rows))
        stations.append(Station(label, lines, y, number == len(named)))
        y += _ROW * len(rows) + _GAP
    return Drawing(" → ".join(f"{label} {text}" for label, text in named), tuple(stations), y - _GAP)


def _named(links: Iterable[Link]) -> Iterator[tuple[str, str]]:
    for link in links:
        if link.bond is Bond.ROLE:
            yield "granted in", link.place
        yield _SAID[link.bond], link.text
        if link.bond is Bond.PERMISSION:
            yield "reaches", link.place


def _rows(text: str) -> list[str]:
    """Rows that fit; broken at spaces and behind colons where there are any, anywhere else where not."""
    rows = [""]
    for word in visible(text).replace(":", ":\0").replace(" ", " \0").split("\0"):
        if rows[-1] and cell_len(rows[-1] + word.rstrip()) > _CELLS:
            rows.append("")
        pieces = chop_cells(word, _CELLS) or [""]
        rows[-1] += pieces[0]
        rows += pieces[1:]
    if len(rows) > _MOST_ROWS:
        rows = [*rows[: _MOST_ROWS - 1], f"{rows[_MOST_ROWS - 1][: _CELLS // 2]}…"]
    return rows
