"""A matrix ready for a page: heads, names and the words of each cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from reconciler.model.access import EVERYWHERE, ORG_WIDE
from reconciler.model.picture import Matrix, Picture, Row, Square, Way
from reconciler.model.proof import Proof, Standing
from reconciler.reports.lines import folded

_MOST_WAYS, _MOST_PERMISSIONS, _MOST_PEOPLE = 2, 8, 4
STANDINGS: Mapping[Standing, str] = {
    Standing.OPERATOR: "operator: keeps all this as declared",
    Standing.DECLARED: "declared",
    Standing.ORGANISATION: "the organisation's own",
    Standing.OWN_PEOPLE: "the tenant's own people",
    Standing.STAFF: "staff of the organisation",
    Standing.EXCEPTED: "excepted for a while",
    Standing.FOREIGN: "another tenant's",
    Standing.UNOWNED: "nobody answers for it",
}
"""Standing → what people read."""


class Head(NamedTuple):
    """A column: its name, and what it is where that is not plain."""

    name: str
    note: str = ""


class Cell(NamedTuple):
    """`words` is the level; `ways` say how, `more` how many further ways there are, `title` with what."""

    words: str
    kind: str
    foreign: bool
    leak: bool
    ways: tuple[str, ...] = ()
    title: str = ""


class Line(NamedTuple):
    """A row: who, what they are, and a cell for each head."""

    name: str
    note: str
    cells: tuple[Cell, ...]
    foreign: bool
    operator: bool


class View(NamedTuple):
    """A matrix as a page shows it; `foreign` says whether any cell is."""

    heads: tuple[Head, ...]
    lines: tuple[Line, ...]
    foreign: bool


_NOTHING = Cell("none", "none", foreign=False, leak=False)


def view(matrix: Matrix, picture: Picture, proof: Proof) -> View:
    """Put a matrix into words."""
    heads = tuple(_head(place, matrix, picture, proof) for place in matrix.places)
    lines = tuple(_line(row, matrix.places, proof) for row in matrix.rows)
    return View(heads, lines, any(line.foreign for line in lines))


def _head(place: str, matrix: Matrix, picture: Picture, proof: Proof) -> Head:
    if place == ORG_WIDE:
        return Head("Whole organisation", "no division confines it")
    if place == EVERYWHERE:
        return Head("*", "every division")
    if place == picture.home:
        name = proof.names.get(place, "Home")
        return Head(name, "no tenant's" if name == "Home" else "Home, no tenant's")
    return Head(proof.names.get(place, place), "" if place in matrix.walls else "beyond its own")


def _line(row: Row, places: tuple[str, ...], proof: Proof) -> Line:
    cells = tuple(_cell(row.squares.get(each), each, proof) for each in places)
    names = [proof.subjects.get(each, each) for each in row.subjects]
    note = STANDINGS[row.standing] if row.standing else "its own"
    note += "; acts with the access of whoever signs in" if row.acts_for_users else ""
    return Line(
        name=folded(names, _MOST_PEOPLE),
        note=f"{len(names):,} of {note}" if len(names) > 1 else note,
        cells=cells,
        foreign=any(cell.foreign for cell in cells),
        operator=row.standing is Standing.OPERATOR,
    )


def _cell(square: Square | None, place: str, proof: Proof) -> Cell:
    if square is None:
        return _NOTHING
    ways = tuple(_way(way, place, proof) for way in square.ways)
    if len(ways) > _MOST_WAYS + 1:
        ways = (*ways[:_MOST_WAYS], f"and {len(ways) - _MOST_WAYS:,} more ways")
    level = square.level.name.lower()
    title = "; ".join(_with(square.ways, proof))
    return Cell(level, level, square.foreign, square.leak, ways, title)


def _way(way: Way, place: str, proof: Proof) -> str:
    """`Tenant Queue Metrics, direct`; through which group, or granted where, if that is another place."""
    path = f"group {proof.names.get(way.group, way.group)}" if way.group else "direct"
    granted = f", granted in {proof.names.get(way.division, way.division)}"
    return f"{proof.names.get(way.role, way.role)}, {path}{granted if way.division != place else ''}"


def _with(ways: tuple[Way, ...], proof: Proof) -> Iterator[str]:
    for way in ways[: _MOST_WAYS + 1]:
        yield f"{proof.names.get(way.role, way.role)}: {folded(way.permissions, _MOST_PERMISSIONS)}"
