"""Lists: every page, and an honest word about what is missing. Source: §2 of the fact sheet on the API.

The first page says how many there are; the others are read at the same time. Entities are told apart by
their ids, as the organisation may change between two pages. What is not whole is read once more, then
reported: an incomplete list never proves that something is absent.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from reconciler.errors import Unreadable
from reconciler.model.value import Json
from reconciler.ports import Listing

PAGE_SIZE = 100

Entity: TypeAlias = Mapping[str, Json]
Read: TypeAlias = Callable[[str, Mapping[str, str]], Awaitable[Json]]


Ask: TypeAlias = Callable[[Mapping[str, int]], Awaitable[Json]]


class Page(NamedTuple):
    """One page: its entities, and what it says of the whole. None for a number it does not say."""

    entities: tuple[Entity, ...]
    total: int | None
    pages: int | None


ReadPage: TypeAlias = Callable[[int], Awaitable[Page]]


async def read_paged(read: Read, path: str, query: Mapping[str, str]) -> Listing:
    """Every page of a collection, read a second time when the first reading is not whole."""

    async def one(number: int) -> Page:
        paging = {"pageSize": str(PAGE_SIZE), "pageNumber": str(number)}
        return page_of(path, await read(path, {**query, **paging}))

    return await _read_whole(one, path)


async def read_search(ask: Ask, path: str) -> Listing:
    """Every result of a search by POST; `ask` gives the answer for the paging fields of its body."""

    async def one(number: int) -> Page:
        return page_of(path, await ask({"pageSize": PAGE_SIZE, "pageNumber": number}), "results")

    return await _read_whole(one, path)


async def _read_whole(one: ReadPage, path: str) -> Listing:
    first = await _read_once(one, path)
    return await _read_once(one, path) if first.gap else first


async def read_unpaged(read: Read, path: str, query: Mapping[str, str]) -> Listing:
    """A collection in one body, whose paging fields only tell whether that was all."""
    page = page_of(path, await read(path, query))
    entities = distinct(page.entities)
    if (page.pages or 0) > 1:
        return Listing(entities, f"{path} says it has {page.pages} pages, but knows no paging")
    if (page.total or 0) > len(entities):
        return Listing(entities, f"{path} shows {len(entities)} of {page.total}")
    return Listing(entities, _without_id(path, entities))


async def _read_once(one: ReadPage, path: str) -> Listing:
    first = await one(1)
    rest = await _together(one(number) for number in range(2, (first.pages or 1) + 1))
    pages = [first, *rest]
    entities = distinct(entity for page in pages for entity in page.entities)
    return Listing(entities, gap(path, pages, entities))


async def _together(reads: Iterable[Awaitable[Page]]) -> list[Page]:
    """All results in order; the first failure ends the others and is raised as it is."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_awaited(each)) for each in reads]
    except ExceptionGroup as several:
        failure = several.exceptions[0]
    else:
        return [task.result() for task in tasks]
    raise failure


async def _awaited(read: Awaitable[Page]) -> Page:
    return await read


def page_of(path: str, body: Json, field: str = "entities") -> Page:
    """A page from its body; raises `Unreadable` for anything but a list of objects under `field`."""
    entities = body.get(field, [] if body.get("total") == 0 else None) if isinstance(body, dict) else None
    if not isinstance(entities, list) or not all(isinstance(entity, dict) for entity in entities):
        raise Unreadable(f"{path} answered no list of {field}", remedy="check the endpoint and its version")
    return Page(tuple(entities), _number(body, "total"), _number(body, "pageCount"))


def _number(body: Mapping[str, Json], field: str) -> int | None:
    value = body.get(field)
    return value if isinstance(value, int) else None


def distinct(entities: Iterable[Entity]) -> tuple[Entity, ...]:
    """The entities without repeats, the first of each id; those without an id all stay."""
    seen: dict[object, Entity] = {}
    for place, entity in enumerate(entities):
        identity = entity.get("id")
        seen.setdefault(identity if isinstance(identity, str) and identity else place, entity)
    return tuple(seen.values())


def gap(path: str, pages: Sequence[Page], entities: Sequence[Entity]) -> str:
    """What is wrong with a reading, or ""."""
    counts, totals = {page.pages for page in pages}, {page.total for page in pages}
    if None in counts | totals:
        return f"{path} does not say how many there are"
    if len(counts) > 1 or len(totals) > 1:
        return f"{path} changed between its pages"
    if any(page.entities and page.entities == before.entities for before, page in itertools.pairwise(pages)):
        return f"{path} shows one page twice"
    if totals != {len(entities)}:
        return f"{path} shows {len(entities)} of {pages[0].total}"
    return _without_id(path, entities)


def _without_id(path: str, entities: Sequence[Entity]) -> str:
    """Collections have ids or not (the permission catalogue has none); some with, some without is odd."""
    without = sum(not entity.get("id") for entity in entities)
    return f"{path} shows {without} without an id" if 0 < without < len(entities) else ""
