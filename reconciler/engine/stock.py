"""Stock: where objects lie and who is inside them, read on demand; what may not be read is said.

Requests: one per sort of object for where we may list it, and the pages of its list; one per hundred members
of each queue, one per management unit; the pages of all groups and of deleted divisions; two for each program
that is older than the time it would have to be unused, and for our own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import count
from typing import TypeAlias

from reconciler.engine.examine import permitted
from reconciler.engine.lookup import listed
from reconciler.engine.tasks import tasks
from reconciler.engine.usage import all_used
from reconciler.errors import Refused, Rejected
from reconciler.model.access import EVERYWHERE
from reconciler.model.checkup import Permitted
from reconciler.model.shelves import (
    DELETED,
    DIVISION,
    GROUPS,
    SHELVES,
    Inside,
    Shelf,
    calls_since,
    gathering_of,
    item_of,
)
from reconciler.model.sight import Sight
from reconciler.model.stock import UNUSED_DAYS, Item, Stock
from reconciler.model.words import counted
from reconciler.ports import Clock, Listing, OrgApi

PAGE = 100
"""The vendor's largest page of members."""

_UNAUTHORISED = 401

_Members: TypeAlias = Mapping[Item, frozenset[str] | None]


async def look(api: OrgApi, clock: Clock, known: Stock, programs: Iterable[str]) -> Stock:
    """`known` with all objects; `programs` are asked about. Raises `OrgError`."""
    async with tasks() as group:
        shelves = group.create_task(_shelves(api))
        groups = group.create_task(listed(api, GROUPS, "groups"))
        deleted = group.create_task(listed(api, DELETED, "deleted divisions"))
        used = group.create_task(all_used(api, clock, programs, UNUSED_DAYS))
    lists = shelves.result()
    calls = {each: told and calls_since(told, "") for each, told in used.result().items()}
    counted_at_all = any(calls.values())
    items = tuple(item_of(shelf.sort, raw) for shelf, found in lists.items() for raw in found.entities)
    inside = await _all_inside(api, items)
    directory = (groups.result(), deleted.result())
    whole = () if groups.result().gap else groups.result().entities  # of some groups nothing follows
    return replace(
        known,
        looked=True,
        items=items,
        members={item.id: members for item, members in inside.items() if members is not None},
        groups=tuple(map(gathering_of, whole)),
        deleted=tuple(item_of(DIVISION, raw) for raw in deleted.result().entities),
        used={each: number for each, number in calls.items() if number is not None and counted_at_all},
        unseen=(
            *(found.gap for found in (*lists.values(), *directory) if found.gap),
            *_placeless(items),
            *_closed(inside),
            *_uncounted(calls),
        ),
    )


async def _shelves(api: OrgApi) -> Mapping[Shelf, Listing]:
    held = await permitted(api, sorted({shelf.sight.permission for shelf in SHELVES}))
    async with tasks() as group:
        lists = {shelf: group.create_task(_shelf(api, shelf, held)) for shelf in SHELVES}
    return {shelf: task.result() for shelf, task in lists.items()}


async def _shelf(api: OrgApi, shelf: Shelf, held: Permitted | None) -> Listing:
    """One list; it is cut to where we hold its permission, and does not say so."""
    sight, where = shelf.sight, None if held is None else held[shelf.sight.permission]
    if where == frozenset():
        return Listing((), f"{sight.type}: our own credentials do not hold {sight.permission}")
    found = await listed(api, sight.path, sight.type, paged=sight.paged)
    return found._replace(gap=found.gap or _doubt(sight, where))


def _doubt(sight: Sight, where: frozenset[str] | None) -> str:
    if where is None:
        return f"some {sight.type}, perhaps: where we may see them is not said"
    return (
        "" if EVERYWHERE in where else f"some {sight.type}: {sight.permission} is not held in every division"
    )


async def _all_inside(api: OrgApi, items: Iterable[Item]) -> _Members:
    insides = {shelf.sort: shelf.inside for shelf in SHELVES if shelf.inside}
    async with tasks() as group:
        read = {
            item: group.create_task(_inside(api, item, insides[item.sort]))
            for item in items
            if item.sort in insides
        }
    return {item: task.result() for item, task in read.items()}


async def _inside(api: OrgApi, item: Item, inside: Inside) -> frozenset[str] | None:
    """The ids of the people inside one object; None where we may not see them, or not all."""
    path, found = inside.path.format(id=item.id), frozenset[str]()
    try:
        for number in count(1):
            query = {"pageSize": str(PAGE), "pageNumber": str(number)} if inside.paged else None
            answer = await api.read(path, query)
            page = answer.get("entities")
            if page is None:
                return None
            people = frozenset(raw["id"] for raw in page)
            if inside.paged and people and people <= found:
                return None  # the same page again would go on for ever
            found |= people
            if not (inside.paged and people and (answer.get("nextUri") or len(page) >= PAGE)):
                return found
    except (Refused, Rejected) as refusal:
        if refusal.status == _UNAUTHORISED:
            raise
    return None


def _placeless(items: Iterable[Item]) -> Iterator[str]:
    for sort, number in _by_sort(item for item in items if not item.wall):
        yield f"where {counted(number, sort)} lie: the organisation does not say"


def _closed(inside: _Members) -> Iterator[str]:
    for sort, number in _by_sort(item for item, members in inside.items() if members is None):
        yield f"who is in {counted(number, sort)}: may not be read"


def _by_sort(items: Iterable[Item]) -> list[tuple[str, int]]:
    sorts = [item.sort for item in items]
    return [(sort, sorts.count(sort)) for sort in dict.fromkeys(sorts)]


def _uncounted(calls: Mapping[str, int | None]) -> Iterator[str]:
    if not any(calls.values()):
        yield "the use of OAuth clients: none is counted, not even our own"
    elif number := sum(each is None for each in calls.values()):
        yield f"the use of {counted(number, 'OAuth client')}: the organisation does not say"
