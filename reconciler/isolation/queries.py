"""Queries: who can, why, and why not. Answers are cells, each with the grant that gives it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from reconciler.isolation.population import Grant
from reconciler.isolation.reach import Cell, Reach
from reconciler.model.access import EVERYWHERE


class Access(NamedTuple):
    """What one subject can do by one grant."""

    subject: str
    cell: Cell


class WhyNot(NamedTuple):
    """The nearest misses: where the permission is held instead, and what is held in the division instead."""

    elsewhere: tuple[Cell, ...]
    here: tuple[Grant, ...]


def matrix(reach: Reach, subjects: Iterable[str]) -> Iterator[Access]:
    """Every cell of these subjects, in their order."""
    for subject in subjects:
        for cell in sorted(reach.cells(subject), key=lambda cell: (cell.permission, cell.place, cell.grant)):
            yield Access(subject, cell)


def who_can(reach: Reach, subjects: Iterable[str], permission: str, division: str) -> Iterator[Access]:
    """Who of these can use a permission in a division (`*`: in every one), and by which grants."""
    for subject in subjects:
        yield from why(reach, subject, permission, division)


def why(reach: Reach, subject: str, permission: str, division: str) -> tuple[Access, ...]:
    """The grants by which one subject can; none where it cannot."""
    return tuple(Access(subject, cell) for cell in reach.paths(subject, permission, division))


def why_not(reach: Reach, subject: str, permission: str, division: str) -> WhyNot:
    """What comes nearest, for somebody who cannot."""
    grants = tuple(reach.population.grants(subject))
    held = {
        cell.grant: cell
        for place in dict.fromkeys(grant.division for grant in grants)
        for cell in reach.paths(subject, permission, place)
    }
    here = tuple(grant for grant in grants if grant.division in (division, EVERYWHERE) and grant not in held)
    return WhyNot(tuple(held.values()), here)
