"""The matrix as a page for people: what reaches each tenant, who reaches everything, what is nobody's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from reconciler.model.access import EVERYWHERE, ORG_WIDE
from reconciler.model.words import counted
from reconciler.planning.picture import Picture, State
from reconciler.reports.access_holders import WIDE, Holder, Row, holders, side
from reconciler.reports.access_roles import Roles
from reconciler.reports.access_tables import Column, Table, beyond, inside, of_all, table
from reconciler.reports.page import moment, render

STATES: Mapping[State, str] = {
    "live": "as it is",
    "desired": "as the manifests alone say",
    "planned": "as the plan of that moment would leave it",
}
"""State → what people read."""

_MANY = 50


class Tenant(NamedTuple):
    """One tenant: its divisions, and who reaches what."""

    name: str
    said: str
    divisions: tuple[str, ...]
    own: Table
    guests: Table


class _Sorted(NamedTuple):
    """Who belongs to which tenant, who else reaches it, who reaches everything, and what is no tenant's."""

    own: Mapping[str, list[Holder]]
    guests: Mapping[str, list[Holder]]
    everywhere: list[Holder]
    unowned: list[Holder]


def matrix_page(picture: Picture, rows: Iterable[Row]) -> str:
    """The page of all `rows` of the matrix; one file, to be opened, printed or mailed."""
    roles, home = Roles(), picture.home
    found = list(holders(roles.heard(rows), picture.people.operator))
    places = _sorted(found)
    every = of_all(home)
    beside = inside("Divisions", "the organisation's and nobody's", "", home)
    tenants = tuple(_tenants(picture, places, every))
    return render(
        "access.html",
        picture=picture,
        state=STATES[picture.state],
        when=moment(picture.ended),
        size=f"{counted(len(found), 'subject')}, {counted(roles.rows, 'row')}",
        lead=tuple(_lead(found)),
        tenants=tenants,
        everywhere=table(
            "Who reaches every division, or what no division confines", every, places.everywhere
        ),
        unowned=table("Who reaches what is no tenant's", (beside, *every), places.unowned),
        roles=roles.told(),
        many=len(tenants) > _MANY,
    )


def _lead(found: Sequence[Holder]) -> Iterator[str]:
    """How many reach how far."""
    crossing = sum(bool(_walls(each)) for each in found)
    yield f"{counted(len(found), 'subject')} with access"
    yield f"{crossing:,} behind the wall of a tenant whose they are not"
    yield f"{sum(EVERYWHERE in each.squares for each in found):,} in every division"
    yield f"{sum(ORG_WIDE in each.squares for each in found):,} in the whole organisation"


def _walls(holder: Holder) -> list[str]:
    """The tenants whose the holder is not and whose divisions it reaches by a grant there."""
    return [tenant for tenant in holder.areas if tenant and tenant != holder.owner]


def _sorted(found: Iterable[Holder]) -> _Sorted:
    places = _Sorted(defaultdict(list), defaultdict(list), [], [])
    for each in found:
        if side(each.owner):
            places.own[each.owner].append(each)
        for tenant in _walls(each):
            places.guests[tenant].append(each)
        if any(place in WIDE for place in each.squares):
            places.everywhere.append(each)
        if "" in each.areas:
            places.unowned.append(each)
    return places


def _tenants(picture: Picture, places: _Sorted, every: tuple[Column, ...]) -> Iterator[Tenant]:
    people = picture.people
    walls: dict[str, list[str]] = defaultdict(list)
    for wall, owner in people.walls.items():
        walls[owner].append(people.name(wall))
    for name in sorted(filter(side, {*walls, *places.own})):
        own, guests = places.own.get(name, []), places.guests.get(name, [])
        said = f"{len(own):,} of its own with access, {counted(len(guests), 'other')} by a grant there"
        yield Tenant(name, said, tuple(sorted(walls[name])), *_tables(name, own, guests, picture.home, every))


def _tables(
    name: str, own: list[Holder], guests: list[Holder], home: str, every: tuple[Column, ...]
) -> tuple[Table, Table]:
    its = inside("Its divisions", "", name, home)
    return (
        table(f"What {name}'s own reach", (its, beyond(name, home), *every), own),
        table(f"Who else reaches {name}", (its, *every), guests),
    )
