"""The difference of two matrices: access that only one of them has, the gravest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple

from reconciler.model.access import EVERYWHERE, ORG_WIDE
from reconciler.model.address import ORG

Row = Mapping[str, str]
"""One row of a matrix, as its document has it."""


class Risk(StrEnum):
    """How far a cell reaches; the order is that of gravity."""

    WALL = "wall"
    EVERYWHERE = "everywhere"
    HOME = "home"
    ORG_WIDE = "org-wide"
    WITHIN = "within"


class Differing(NamedTuple):
    """A row that only one of two matrices has, or has a wider one of."""

    risk: Risk
    row: Row


class Difference(NamedTuple):
    """What was gained and what was lost, each the gravest first, else in the order of its matrix."""

    gained: tuple[Differing, ...]
    lost: tuple[Differing, ...]


def difference(before: Iterable[Row], after: Iterable[Row], home: str) -> Difference:
    """Access by another grant than before is no difference; `home` is the Home division's id."""
    old, new = tuple(before), tuple(after)
    return Difference(_graded(_beyond(new, old), home), _graded(_beyond(old, new), home))


def _beyond(rows: Iterable[Row], other: Iterable[Row]) -> Iterator[Row]:
    """The rows that `other` does not cover; what reaches everywhere covers every division."""
    cells = {_cell(row, row["placeId"]) for row in other}
    for row in rows:
        if not any(_cell(row, place) in cells for place in (row["placeId"], EVERYWHERE, ORG_WIDE)):
            yield row


def _cell(row: Row, place: str) -> tuple[str, str, str]:
    return row["subjectId"], row["permission"], place


def _graded(rows: Iterable[Row], home: str) -> tuple[Differing, ...]:
    order = list(Risk)
    found = (Differing(_risk(row, home), row) for row in rows)
    return tuple(sorted(found, key=lambda each: order.index(each.risk)))


def _risk(row: Row, home: str) -> Risk:
    if row["placeId"] == EVERYWHERE:
        return Risk.EVERYWHERE
    if row["placeId"] == ORG_WIDE:
        return Risk.ORG_WIDE
    if row["placeOwner"] not in ("", ORG, row["owner"]):
        return Risk.WALL
    return Risk.HOME if row["placeId"] == home else Risk.WITHIN
