"""Rows of a matrix folded into who holds what where: a square for each place, with the grants behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from reconciler.isolation.levels import level
from reconciler.model.access import EVERYWHERE, ORG_WIDE
from reconciler.model.address import ORG
from reconciler.model.picture import Level
from reconciler.reports.lines import folded

WIDE = (EVERYWHERE, ORG_WIDE)
"""The places that are no division."""

_MOST_WAYS, _MOST_GRANTED = 4, 3

Row = Mapping[str, str]
"""One row of a matrix, as its document has it."""


class Square(NamedTuple):
    """What somebody can do in a place; `name` and `owner` are the place's, `ways` the grants in words."""

    name: str
    owner: str
    level: Level
    permissions: int
    ways: tuple[str, ...]


class Holder(NamedTuple):
    """Somebody who holds access; `squares` by the place's id, `areas` the divisions among them by tenant.

    Of the organisation's divisions and nobody's the tenant is "".
    """

    id: str
    subject: str
    name: str
    sort: str
    owner: str
    operator: bool
    squares: Mapping[str, Square]
    areas: Mapping[str, Sequence[str]]

    def foreign(self, place: str) -> bool:
        """Whether a square lies behind somebody else's wall, or beyond its holder's own."""
        return place in WIDE or side(self.squares[place].owner) != side(self.owner)


def side(owner: str) -> str:
    """The tenant whose something is; "" for the organisation's and for nobody's."""
    return "" if owner == ORG else owner


def holders(rows: Iterable[Row], operator: str) -> Iterator[Holder]:
    """Everybody, in the order of the rows, which are sorted by subject; `operator` is the id of ours."""
    return (_holder(list(several), operator) for _, several in groupby(rows, itemgetter("subjectId")))


def _holder(rows: Sequence[Row], operator: str) -> Holder:
    places: dict[str, list[Row]] = {}
    for row in rows:
        places.setdefault(row["placeId"], []).append(row)
    first, squares = rows[0], {place: _square(several) for place, several in places.items()}
    return Holder(
        id=first["subjectId"],
        subject=first["subject"],
        name=first["name"],
        sort=first["sort"],
        owner=first["owner"],
        operator=first["subjectId"] == operator,
        squares=squares,
        areas=_areas(squares),
    )


def _areas(squares: Mapping[str, Square]) -> Mapping[str, Sequence[str]]:
    areas: dict[str, list[str]] = {}
    for place, each in squares.items():
        if place not in WIDE:
            areas.setdefault(side(each.owner), []).append(place)
    return areas


def _square(rows: Sequence[Row]) -> Square:
    first, permissions = rows[0], {row["permission"] for row in rows}
    most = max(map(level, permissions))
    return Square(first["place"], first["placeOwner"], most, len(permissions), ways(rows))


def ways(rows: Iterable[Row]) -> tuple[str, ...]:
    """`Tenant Queue Metrics, direct, tenants/acme.yaml:12`; granted where, if that is another place."""
    granted: dict[tuple[str, str, str], dict[str, None]] = {}
    for row in rows:
        elsewhere = [row["grantedIn"]] if row["grantedIn"] != row["place"] else []
        granted.setdefault((row["role"], row["through"], row["declared"]), {}).update(
            dict.fromkeys(elsewhere)
        )
    found = tuple(_way(*key, list(places)) for key, places in granted.items())
    if len(found) > _MOST_WAYS + 1:
        return (*found[:_MOST_WAYS], f"and {len(found) - _MOST_WAYS:,} more ways")
    return found


def _way(role: str, through: str, declared: str, places: Sequence[str]) -> str:
    path = f"group {through}" if through else "direct"
    elsewhere = f", granted in {folded(places, _MOST_GRANTED)}" if places else ""
    return f"{role}, {path}{elsewhere}, {declared or 'not in the manifests'}"
