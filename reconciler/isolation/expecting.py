"""Expecting: what one tenant's client should be shown, by the model of the organisation.

Two bounds: what the model says it reaches, and what it may reach at all: a client of its tenant, beneath a
ceiling of its own where it has one. A leak is what crosses the second, whether the first foresaw it or not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from reconciler.isolation.boundaries import Boundaries
from reconciler.isolation.reach import Reach
from reconciler.isolation.rules import CROSSINGS, escalation
from reconciler.isolation.wildcards import covers, is_pattern
from reconciler.model.access import EVERYWHERE, ORG_WIDE, Access
from reconciler.model.sight import SIGHTS, Sight

_WALLS = tuple(rule for rule in CROSSINGS if rule is not escalation.CROSSING)
"""Rules about where something reaches; what somebody could make of it is for the proof to say."""


class Expected:
    """What a client holds and may hold. Divisions are ids; permissions are those the catalogue names."""

    def __init__(self, subject: str, tenant: str, reach: Reach, bounds: Boundaries) -> None:
        self.subject, self.tenant = subject, tenant
        self._bounds, self._population = bounds, reach.population
        self.walls = frozenset(reach.population.walls)
        self.pairs = frozenset((each.role, each.division) for each in reach.population.grants(subject))
        self._places = _places(subject, reach)

    @property
    def permissions(self) -> tuple[str, ...]:
        """What it holds anywhere."""
        return tuple(sorted(self._places))

    @property
    def sights(self) -> tuple[Sight, ...]:
        """The lists it can ask for."""
        return tuple(each for each in SIGHTS if each.permission in self._places)

    def confined(self, permission: str) -> bool:
        """Whether a division confines the permission."""
        return self._population.catalogue.get(permission, False)

    def granted(self, permission: str) -> frozenset[str]:
        """The divisions in which the model says it holds the permission; all of them for `*`."""
        places = self._places.get(permission, frozenset())
        return self.walls if EVERYWHERE in places else places & self.walls

    def reaches(self, permissions: Iterable[str]) -> frozenset[str]:
        """The divisions that any of these permissions reaches."""
        found = (self.granted(each) if self.confined(each) else self.walls for each in permissions)
        return frozenset[str]().union(*found)

    def opening(self, sight: Sight) -> tuple[str, ...]:
        """The permissions it holds that may open a list."""
        patterns = (sight.permission, *sight.opened)
        return tuple(each for each in self._places if any(covers(said, each) for said in patterns))

    def lawful(self, permission: str, wall: str) -> bool:
        """Whether it may use the permission there, as a client of its tenant."""
        if not self.confined(permission):
            return not self._breaks(permission, ORG_WIDE)
        everywhere = EVERYWHERE in self._places.get(permission, ())
        return not self._breaks(permission, wall) or (everywhere and not self._breaks(permission, EVERYWHERE))

    def may_see(self, sight: Sight, wall: str) -> bool:
        """Whether it may see, through this list, what lies in this division."""
        return any(self.lawful(each, wall) for each in self.opening(sight))

    def _breaks(self, permission: str, place: str) -> bool:
        item = Access(self.subject, permission, place, "")
        return any(rule.broken(item, self.tenant, self._bounds) for rule in _WALLS)


def _places(subject: str, reach: Reach) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for cell in reach.cells(subject):
        if not is_pattern(cell.permission):
            found[cell.permission].add(cell.grant.division)
    return {permission: frozenset(places) for permission, places in found.items()}
