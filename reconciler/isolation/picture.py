"""Picture: what the proof looked at, as matrices that people can read. Judges nothing anew.

Sparse: a tenant's matrix holds its own subjects and whoever reaches its walls by a grant there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

from reconciler.isolation.boundaries import Boundaries
from reconciler.isolation.judge import broken
from reconciler.isolation.levels import level
from reconciler.isolation.outgoing import lies_within
from reconciler.isolation.population import Grant
from reconciler.isolation.reach import Reach
from reconciler.model.access import EVERYWHERE, ORG_WIDE, Access
from reconciler.model.picture import ORDER, Level, Matrix, Picture, Row, Square, Way
from reconciler.model.proof import Reacher, Standing, TenantProof

_ALIKE = (Standing.OWN_PEOPLE, Standing.STAFF)
"""Those who share a row when they reach the same."""

Given = Mapping[Grant, tuple[str, ...]]
"""What each grant gives in one place."""


class Painter:
    """Draws the matrices of one population. `everywhere` are those who reach every tenant alike."""

    def __init__(self, reach: Reach, bounds: Boundaries, everywhere: Iterable[Reacher]) -> None:
        self._reach, self._bounds = reach, bounds
        self._everywhere = {each.subject: each for each in everywhere}
        self._common = (bounds.home, EVERYWHERE, ORG_WIDE)
        self._spread = lru_cache(maxsize=None)(self._spread_of)
        self._level = lru_cache(maxsize=None)(_highest)

    def picture(self, proofs: Iterable[TenantProof]) -> Picture:
        """The matrices of these tenants, and of those who reach every tenant alike."""
        wide = self._strangers((), self._everywhere.values())
        operator = tuple(row for row in wide if row.standing is Standing.OPERATOR)
        if not operator and (name := self._reach.population.operator):
            operator = (Row((name,), Standing.OPERATOR, {}),)
        tenants = {each.tenant: self._matrix(each, operator) for each in proofs}
        return Picture(self._bounds.home, tenants, Matrix((), self._common, wide))

    def _matrix(self, proof: TenantProof, operator: tuple[Row, ...]) -> Matrix:
        own = [self._own(subject, proof) for subject in proof.subjects]
        others = self._strangers(proof.walls, proof.reachers)
        if others and others[0].standing is Standing.OPERATOR:
            operator = ()
        beyond = {place for row in own for place in row.squares} - {*proof.walls, *self._common}
        name = self._reach.population.name
        walls = tuple(sorted(proof.walls, key=name))
        places = (*walls, *sorted(beyond, key=name), *self._common)
        return Matrix(walls, places, (*own, *operator, *others))

    def _own(self, subject: str, proof: TenantProof) -> Row:
        """What a tenant's own subject reaches: foreign wherever the tenant ends, and whatever leaks."""
        squares: dict[str, Square] = {}
        for place, given in self._given(subject, proof.walls).items():
            beyond = not lies_within(subject, place, proof.tenant, self._bounds)
            leak = self._leaks(subject, place, given, proof.tenant)
            squares[place] = self._square(given, beyond or leak, leak)
        acts_for_users = self._reach.population.subjects[subject].acts_for_users
        return Row((subject,), None, squares, acts_for_users)

    def _leaks(self, subject: str, place: str, given: Given, tenant: str) -> bool:
        """Whether a grant that reaches there may not; within its walls, what `*` gives is told at `*`."""
        own = lies_within(subject, place, tenant, self._bounds)
        return any(
            broken(Access(subject, permission, _said(place, grant), grant.role), tenant, self._bounds)
            for grant, permissions in given.items()
            if not (own and (grant.division != place or self._reach.confined(grant.role)))
            for permission in permissions
        )

    def _strangers(self, walls: tuple[str, ...], reachers: Iterable[Reacher]) -> tuple[Row, ...]:
        """Everybody else, with what they reach here and wherever everybody is reached."""
        found: dict[object, Row] = {}
        for each in sorted(reachers, key=lambda item: ORDER.index(item.standing)):
            row = self._stranger(each, walls)
            grants = frozenset((place, *square.ways) for place, square in row.squares.items())
            alike = (each.standing, grants if each.standing in _ALIKE else each.subject)
            before = found.get(alike)
            found[alike] = row._replace(subjects=(*before.subjects, each.subject)) if before else row
        return tuple(found.values())

    def _stranger(self, who: Reacher, walls: tuple[str, ...]) -> Row:
        squares = {
            place: self._square(given, True, self._is_loose(who, place, given))
            for place, given in self._given(who.subject, walls).items()
            if place in walls or place in self._common
        }
        return Row((who.subject,), who.standing, squares)

    def _is_loose(self, who: Reacher, place: str, given: Given) -> bool:
        """Whether somebody reaches tenants there by a grant that nobody answers for."""
        if place == self._bounds.home:
            return False  # no tenant's
        return any(self._unanswered(who, place, *item) for item in given.items())

    def _unanswered(self, who: Reacher, place: str, grant: Grant, permissions: tuple[str, ...]) -> bool:
        wide = place == ORG_WIDE or grant.division == EVERYWHERE
        if who.standing is Standing.OWN_PEOPLE:
            return False  # what they do to others is told with those
        judged = self._everywhere.get(who.subject) if wide else who
        if judged is None or grant.role in self._reach.population.tolerated.get(who.subject, {}):
            return False
        if judged.standing is not Standing.FOREIGN:
            return judged.standing is Standing.UNOWNED
        holder = grant.group or who.subject
        return any(
            permission not in self._bounds.excepted
            if place == ORG_WIDE
            else self._bounds.share_of(Access(holder, permission, grant.division, grant.role)) is None
            for permission in permissions
        )

    def _square(self, given: Given, foreign: bool, leak: bool) -> Square:
        ways = tuple(
            Way(grant.role, grant.division, grant.group, permissions) for grant, permissions in given.items()
        )
        return Square(max(self._level(way.permissions) for way in ways), foreign, leak, ways)

    def _given(self, subject: str, walls: tuple[str, ...]) -> dict[str, dict[Grant, tuple[str, ...]]]:
        """What a subject reaches, by place; a grant in `*` counts in each division of the picture."""
        found: dict[str, dict[Grant, tuple[str, ...]]] = defaultdict(dict)
        for grant in self._reach.population.grants(subject):
            for place, permissions in self._spread(grant.role, grant.division):
                found[place][grant] = permissions
        if EVERYWHERE in found:
            for place in {self._bounds.home, *walls, *found} - {EVERYWHERE, ORG_WIDE}:
                found[place] |= found[EVERYWHERE]
        return found

    def _spread_of(self, role: str, division: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
        found: dict[str, set[str]] = defaultdict(set)
        for cell in self._reach.given(Grant(role, division)):
            found[cell.place].add(cell.permission)
        return tuple((place, tuple(sorted(several))) for place, several in found.items())


def _said(place: str, grant: Grant) -> str:
    """Where a grant that reaches `place` reaches in truth."""
    return place if place in (ORG_WIDE, grant.division) else EVERYWHERE


def _highest(permissions: tuple[str, ...]) -> Level:
    return max(map(level, permissions))
