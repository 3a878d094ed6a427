"""Paths: the shortest chain that shows how a subject comes to a cell, link by link."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.isolation.judge import place_name
from reconciler.isolation.population import Population
from reconciler.isolation.reach import Cell
from reconciler.model.finding import Bond, Link


def path(subject: str, cell: Cell, by: Iterable[str], population: Population) -> tuple[Link, ...]:
    """From the subject to what it can use where; `by` says whom it becomes first, in words."""
    return tuple(_links(subject, cell, by, population))


def told(links: Iterable[Link]) -> tuple[str, ...]:
    """The same chain as a witness."""
    return tuple(map(str, links))


def _links(subject: str, cell: Cell, by: Iterable[str], population: Population) -> Iterator[Link]:
    name = population.name
    yield Link(Bond.SUBJECT, name(subject))
    yield from (Link(Bond.BECOMES, how) for how in by)
    if cell.grant.group:
        yield Link(Bond.GROUP, name(cell.grant.group))
    yield Link(Bond.ROLE, name(cell.grant.role), place_name(cell.grant.division, name))
    if cell.said != cell.permission:
        yield Link(Bond.PATTERN, cell.said)
    yield Link(Bond.PERMISSION, cell.permission, place_name(cell.place, name))
