"""What one subject reaches: a cell is a permission and the place it reaches, with the grant it comes through.

A permission that no division confines reaches the organisation; one that the catalogue does not know
counts as such, and so does a wildcard for all that it will match one day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

from reconciler.isolation.escalation import becoming, power
from reconciler.isolation.population import Grant, Population, Subject
from reconciler.isolation.wildcards import covers, is_pattern, matching
from reconciler.model.access import EVERYWHERE, ORG_WIDE, Access, Nature


class Cell(NamedTuple):
    """`permission` reaches `place`: a division id, `*`, or `org-wide`. `said` is what the role says."""

    permission: str
    place: str
    grant: Grant
    said: str

    def access(self, subject: str) -> Access:
        """The cell as an access of `subject`."""
        return Access(subject, self.permission, self.place, self.grant.role)


class Reach:
    """Answers what subjects of one population reach.

    What a role spreads to is worked out once; for the last `remembered` roles only, where that is given.
    """

    def __init__(self, population: Population, remembered: int | None = None) -> None:
        self.population = population
        self._spread = lru_cache(maxsize=remembered)(self._spread_of)
        self.confined = lru_cache(maxsize=None)(self._confined_of)
        self.becoming = lru_cache(maxsize=None)(self._becoming_of)

    @cached_property
    def ladders(self) -> frozenset[str]:
        """The roles by which a holder becomes somebody else."""
        allows = self.population.access.allows
        return frozenset(role for role, said in allows.items() if any(map(becoming, said)))

    def people_in(self, place: str) -> Sequence[Subject]:
        """The people who lie in a division; everybody for `*` and the whole organisation."""
        return self._people if place in (EVERYWHERE, ORG_WIDE) else self._behind.get(place, ())

    @cached_property
    def _people(self) -> tuple[Subject, ...]:
        everybody = self.population.subjects.values()
        return tuple(each for each in everybody if each.nature is Nature.PERSON)

    @cached_property
    def _behind(self) -> Mapping[str, list[Subject]]:
        found: defaultdict[str, list[Subject]] = defaultdict(list)
        for each in self._people:
            found[each.wall].append(each)
        return found

    def cells(self, subject: str) -> Iterator[Cell]:
        """Every cell of a subject, once for each grant that gives it."""
        for grant in self.population.grants(subject):
            yield from self.given(grant)

    def given(self, grant: Grant) -> Iterator[Cell]:
        """Every cell that one grant gives."""
        for permission, confined, said in self._spread(grant.role):
            yield Cell(permission, grant.division if confined else ORG_WIDE, grant, said)

    def paths(self, subject: str, permission: str, division: str) -> Iterator[Cell]:
        """The grants by which a subject can use `permission` in `division`, or everywhere for `*`."""
        confined = self.population.catalogue.get(permission, False)
        for grant in self.population.grants(subject):
            if confined and grant.division not in (division, EVERYWHERE):
                continue
            for said in sorted(self.population.access.allows.get(grant.role, ())):
                if covers(said, permission):
                    yield Cell(permission, grant.division if confined else ORG_WIDE, grant, said)

    def _confined_of(self, role: str) -> frozenset[str] | None:
        """What a role allows where a division confines all of it and nothing widens its holder, else None."""
        spread = self._spread(role)
        harmless = all(
            confined and not power(permission) and not becoming(permission)
            for permission, confined, _ in spread
        )
        return frozenset(permission for permission, _, _ in spread) if harmless else None

    def _becoming_of(self, role: str) -> tuple[tuple[str, bool, str], ...]:
        """(permission, whether a division confines it, how) by which a holder becomes somebody else."""
        return tuple(
            (permission, confined, how)
            for permission, confined, _ in self._spread(role)
            if (how := becoming(permission))
        )

    def _spread_of(self, role: str) -> tuple[tuple[str, bool, str], ...]:
        """(permission, whether a division confines it, what the role says) of all that a role allows."""
        catalogue = self.population.catalogue
        found: list[tuple[str, bool, str]] = []
        for said in sorted(self.population.access.allows.get(role, ())):
            found.append((said, _confined(said, catalogue), said))
            if is_pattern(said):
                found += [(each, catalogue[each], said) for each in matching(said, catalogue)]
        return tuple(found)


def _confined(said: str, catalogue: Mapping[str, bool]) -> bool:
    return not is_pattern(said) and catalogue.get(said, False)
