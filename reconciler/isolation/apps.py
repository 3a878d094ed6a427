"""Apps: programs that act with the access of whoever signs in, and how far those people reach.

Anybody with an account can sign in, for all that the vendor's API shows. Scopes would narrow what comes
of it where an organisation enforces them; no call says whether it does, so they are not counted on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from reconciler.isolation.boundaries import Boundaries
from reconciler.isolation.judge import broken
from reconciler.isolation.paths import path, told
from reconciler.isolation.reach import Cell, Reach
from reconciler.isolation.rules import CROSSINGS
from reconciler.model.access import EVERYWHERE, ORG_WIDE, Nature
from reconciler.model.proof import App, Verdict

_GRAVITY = {crossing.rule: number for number, crossing in enumerate(CROSSINGS)}


class _Alike(NamedTuple):
    """People who reach the same, by name, and each place that they reach."""

    people: tuple[str, ...]
    places: frozenset[str]


class Apps:
    """Says of each app of one population how far it reaches; people who reach alike are looked at once."""

    def __init__(self, reach: Reach, bounds: Boundaries) -> None:
        self._reach, self._population, self._bounds = reach, reach.population, bounds

    def of(self, tenant: str, subjects: tuple[str, ...]) -> Iterator[App]:
        """The apps among these subjects of one tenant, by name."""
        ordered = sorted(subjects, key=self._population.name)
        apps = [each for each in ordered if self._population.subjects[each].acts_for_users]
        further = [each for each in self._alike if self._crosses(each, tenant)] if apps else []
        for subject in apps:
            yield App(
                subject=subject,
                verdict=self._verdict(subject, further),
                people=sum(len(each.people) for each in self._alike),
                further=sum(len(each.people) for each in further),
                places=tuple(sorted(frozenset[str]().union(*(each.places for each in self._alike)))),
                scopes=tuple(sorted(self._population.subjects[subject].scopes)),
                witness=self._witness(further[0].people[0], tenant) if further else (),
            )

    def _verdict(self, subject: str, further: list[_Alike]) -> Verdict:
        if self._population.gaps or (further and subject not in self._bounds.accepted):
            return Verdict.UNKNOWN
        return Verdict.EXCEPTED if further else Verdict.PROVED

    @cached_property
    def _alike(self) -> list[_Alike]:
        """Everybody with an account, the furthest reach first. A share opens something to one alone."""
        found: dict[tuple[frozenset[tuple[str, str]], str], list[str]] = defaultdict(list)
        for person in sorted(self._population.subjects.values(), key=lambda each: (each.name, each.id)):
            if person.nature is Nature.PERSON:
                cells = frozenset((cell.permission, cell.place) for cell in self._reach.cells(person.id))
                found[cells, person.id if person.id in self._bounds.sharing else ""].append(person.id)
        alike = [
            _Alike(tuple(people), frozenset(place for _, place in cells))
            for (cells, _), people in found.items()
        ]
        return sorted(alike, key=lambda each: (EVERYWHERE not in each.places, ORG_WIDE not in each.places))

    def _crosses(self, alike: _Alike, tenant: str) -> bool:
        return next(self._crossing(alike.people[0], tenant), None) is not None

    def _crossing(self, person: str, tenant: str) -> Iterator[tuple[int, str, Cell]]:
        for cell in self._reach.cells(person):
            if found := broken(cell.access(person), tenant, self._bounds):
                yield _GRAVITY[found.rule], cell.permission, cell

    def _witness(self, person: str, tenant: str) -> tuple[str, ...]:
        """The gravest of what one of them reaches further."""
        _, _, cell = min(self._crossing(person, tenant), key=lambda found: found[:2])
        return told(path(person, cell, (), self._population))
