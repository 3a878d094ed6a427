"""Who can do what where, as tables for a page: a row for each holder, columns that do not grow in number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from reconciler.model.access import EVERYWHERE, ORG_WIDE
from reconciler.model.address import ORG
from reconciler.model.picture import Level
from reconciler.model.words import counted
from reconciler.reports.access_holders import Holder, Square, side
from reconciler.reports.lines import folded

_MOST_PEOPLE = 12
_PERSON = "user"


class Column(NamedTuple):
    """A column: its name, what it is where that is not plain, and which places of a holder stand in it.

    In a column of divisions each is `told` by name; where they are `mixed`, several tenants', with its owner.
    """

    name: str
    note: str
    places: Callable[[Holder], Iterable[str]]
    told: bool = False
    mixed: bool = False


class Part(NamedTuple):
    """What is the same in several places of one cell: how much, how, and where."""

    level: Level
    permissions: int
    foreign: bool
    ways: tuple[str, ...]
    places: tuple[str, ...] = ()


Cell = tuple[Part, ...]


class Line(NamedTuple):
    """A row: who, what they are, and the parts of each cell."""

    name: str
    note: str
    cells: tuple[Cell, ...]
    foreign: bool


class Table(NamedTuple):
    """A table as a page shows it, of so many `holders`; `foreign` says whether anything in it is."""

    caption: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    holders: int
    foreign: bool


def of_all(home: str) -> tuple[Column, ...]:
    """The columns that no table is without; `home` is "" where no organisation was asked."""
    note = "no tenant's" if home else "not told apart: no organisation was asked"
    return (
        _single("Home", note, home),
        _single("*", "every division", EVERYWHERE),
        _single("Whole organisation", "no division confines it", ORG_WIDE),
    )


def _single(name: str, note: str, place: str) -> Column:
    return Column(name, note, lambda holder: (place,) if place in holder.squares else ())


def inside(name: str, note: str, tenant: str, home: str) -> Column:
    """The divisions of a tenant ("": the organisation's and nobody's) but Home."""
    return Column(name, note, lambda holder: _but(home, holder.areas.get(tenant, ())), told=True)


def beyond(tenant: str, home: str) -> Column:
    """The divisions of everybody else but Home."""

    def places(holder: Holder) -> Iterator[str]:
        for area, several in holder.areas.items():
            yield from _but(home, several if area != tenant else ())

    return Column("Other divisions", "beyond its walls", places, told=True, mixed=True)


def _but(home: str, places: Iterable[str]) -> Iterator[str]:
    return (place for place in places if place != home)


def table(caption: str, columns: tuple[Column, ...], found: Iterable[Holder]) -> Table:
    """Tenants' own first, then nobody's, then the organisation's; people who can do the same share a row."""
    alike: dict[object, tuple[list[Holder], tuple[Cell, ...]]] = {}
    for holder in sorted(found, key=_gravity):
        cells = tuple(_cell(holder, column) for column in columns)
        key = (holder.owner, cells) if holder.sort == _PERSON else holder.id
        alike.setdefault(key, ([], cells))[0].append(holder)
    lines = tuple(_line(several, cells) for several, cells in alike.values())
    size = sum(len(several) for several, _ in alike.values())
    return Table(caption, columns, lines, size, any(line.foreign for line in lines))


def _gravity(holder: Holder) -> int:
    return 2 if holder.owner == ORG else 0 if holder.owner else 1


def _line(several: Sequence[Holder], cells: tuple[Cell, ...]) -> Line:
    first = several[0]
    name = folded([each.subject for each in several], _MOST_PEOPLE)
    what = first.sort if len(several) == 1 else f"{counted(len(several), first.sort)} alike"
    called = "" if first.name in name else f"{first.name} · "
    answers = "the operator" if first.operator else whose(first.owner)
    foreign = any(part.foreign for cell in cells for part in cell)
    return Line(name, f"{called}{what} · {answers}", cells, foreign)


def whose(owner: str) -> str:
    """An owner in words."""
    return {"": "nobody's", ORG: "the organisation's"}.get(owner, owner)


def _cell(holder: Holder, column: Column) -> Cell:
    """Its parts, the widest first."""
    same: dict[Part, list[str]] = {}
    for place in column.places(holder):
        each = holder.squares[place]
        part = Part(each.level, each.permissions, holder.foreign(place), each.ways)
        same.setdefault(part, []).append(_place(each, column))
    parts = (part._replace(places=tuple(sorted(places))) for part, places in same.items())
    return tuple(sorted(parts, key=lambda part: (-part.level, part.places)))


def _place(square: Square, column: Column) -> str:
    """A division, and whose it is where a column mixes them; nothing where the column's head says it."""
    if not column.told:
        return ""
    return f"{square.name} of {square.owner}" if column.mixed and side(square.owner) else square.name
