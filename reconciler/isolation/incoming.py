"""Incoming: everybody who reaches a tenant and is not its own, and who of them should not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from reconciler.isolation.boundaries import Boundaries
from reconciler.isolation.paths import path, told
from reconciler.isolation.population import Grant, Subject
from reconciler.isolation.reach import Cell, Reach
from reconciler.model.access import EVERYWHERE, ORG_WIDE, Nature, Share
from reconciler.model.address import ORG
from reconciler.model.finding import Finding, Severity
from reconciler.model.proof import Reacher, Standing
from reconciler.model.rule import Rule

REACHED = Rule(
    "isolation/reached-by-foreign",
    "Somebody who belongs to one tenant reaches another's data. Whoever owns that data was not asked.",
    "Remove the grant, or declare a `share` with reason, owner and end.",
)
UNOWNED = Rule(
    "isolation/reached-by-unowned",
    "A program or a stranger that no manifest names reaches a tenant's data: nobody answers for it, nobody "
    "notices when it is misused, and nobody will miss it when it should go.",
    "Adopt it into the manifests, take its grants away, or except it for a while under `reachedBy`.",
)
_RULES = {Standing.FOREIGN: REACHED, Standing.UNOWNED: UNOWNED}
_WHY = {
    Standing.FOREIGN: "it belongs to {owner}, and no share declares it",
    Standing.UNOWNED: "nobody declares it",
}
_REMEDY = {
    Standing.FOREIGN: "remove the grant, or declare a `share` with reason, owner and end",
    Standing.UNOWNED: "adopt it into the manifests, take its grants away, or except it under `reachedBy`",
}


class _Judged(NamedTuple):
    """Why somebody reaches what he does, the share of each cell, and the cells that no exception covers."""

    standing: Standing
    shares: dict[Cell, Share | None]
    loose: list[Cell]


class Incoming:
    """Who reaches what, looked up by place; what reaches everything is looked up once."""

    def __init__(self, reach: Reach, bounds: Boundaries) -> None:
        self._reach, self._bounds = reach, bounds
        self._everywhere: dict[str, list[Cell]] = defaultdict(list)
        self._in_division: dict[str, list[tuple[str, Grant]]] = defaultdict(list)
        for subject in reach.population.subjects:
            for grant in reach.population.grants(subject):
                self._in_division[grant.division].append((subject, grant))
                if grant.division == EVERYWHERE or reach.confined(grant.role) is None:
                    wide = (cell for cell in reach.given(grant) if cell.place in (EVERYWHERE, ORG_WIDE))
                    self._everywhere[subject] += wide

    def everywhere(self) -> dict[str, list[Cell]]:
        """What reaches every division or the whole organisation, by subject."""
        return {subject: cells for subject, cells in self._everywhere.items() if cells}

    def behind(self, walls: Iterable[str], tenant: str) -> dict[str, list[Cell]]:
        """What reaches these divisions of a tenant by a grant in them, by subject; its own left out."""
        found: dict[str, list[Cell]] = defaultdict(list)
        for wall in walls:
            for subject, grant in self._in_division.get(wall, ()):
                if self._reach.population.subjects[subject].owner != tenant:
                    found[subject] += (cell for cell in self._reach.given(grant) if cell.place == wall)
        return {subject: cells for subject, cells in found.items() if cells}

    def reachers(
        self, tenant: str | None, cells: dict[str, list[Cell]]
    ) -> Iterator[tuple[Reacher, Finding | None]]:
        """Everybody who is not the tenant's (None: of any), with a finding for who should not reach it."""
        for identity, of_one in sorted(cells.items()):
            subject = self._reach.population.subjects[identity]
            standing, shares, loose = self._judged(subject, tenant, of_one)
            if subject.owner == tenant or self._is_told_by_group(subject, standing, of_one):
                continue
            yield _reacher(identity, standing, of_one, shares), self._finding(subject, standing, loose)

    def standings(
        self, tenant: str | None, cells: Mapping[str, list[Cell]]
    ) -> Iterator[tuple[str, Standing]]:
        """The standing of each, whoever tells of him: his groups stand for themselves, and he for himself."""
        for identity, of_one in cells.items():
            subject = self._reach.population.subjects[identity]
            yield identity, self._judged(subject, tenant, of_one).standing

    def _judged(self, subject: Subject, tenant: str | None, cells: list[Cell]) -> _Judged:
        shares = self._shares(subject, cells)
        standing = self._standing(subject, tenant, cells, shares)
        loose = self._loose(subject.id, cells) if standing in _RULES else cells
        if len(loose) < len(cells):
            standing = self._excepted(subject, tenant, loose, shares)
            shares |= {cell: self._toleration(subject.id, cell) or share for cell, share in shares.items()}
        return _Judged(standing, shares, loose)

    def _loose(self, subject: str, cells: list[Cell]) -> list[Cell]:
        """What comes through other roles than those that are tolerated."""
        return [cell for cell in cells if self._toleration(subject, cell) is None]

    def _toleration(self, subject: str, cell: Cell) -> Share | None:
        return self._reach.population.tolerated.get(subject, {}).get(cell.grant.role)

    def _excepted(
        self, subject: Subject, tenant: str | None, loose: list[Cell], shares: dict[Cell, Share | None]
    ) -> Standing:
        """What remains is judged as if nothing else were there."""
        rest = {cell: shares[cell] for cell in loose}
        standing = self._standing(subject, tenant, loose, rest) if loose else Standing.EXCEPTED
        return standing if standing in _RULES else Standing.EXCEPTED

    def _is_told_by_group(self, subject: Subject, standing: Standing, cells: list[Cell]) -> bool:
        """Whose access comes through groups alone stands with the group, unless he is a stranger here."""
        if standing is Standing.EXCEPTED:
            return False  # an exception is always told
        return standing not in _RULES and all(cell.grant.group for cell in cells)

    def _shares(self, subject: Subject, cells: list[Cell]) -> dict[Cell, Share | None]:
        return {cell: self._share(cell, subject) for cell in cells}

    def _share(self, cell: Cell, subject: Subject) -> Share | None:
        if cell.place == ORG_WIDE:
            found = self._bounds.excepted.get(cell.permission)
            return Share(found.reason, found.owner, found.expires) if found else None
        return self._bounds.share_of(cell.access(cell.grant.group or subject.id))

    def _standing(
        self, subject: Subject, tenant: str | None, cells: list[Cell], shares: dict[Cell, Share | None]
    ) -> Standing:
        population = self._reach.population
        if subject.id == population.operator:
            return Standing.OPERATOR
        if subject.nature is Nature.PERSON:
            return self._standing_of_person(subject, tenant, shares)
        if subject.nature is Nature.GROUP:
            return Standing.DECLARED if self._declared(subject, cells) else Standing.STAFF
        if subject.owner == ORG and self._declared(subject, cells):
            return Standing.DECLARED if any(shares.values()) else Standing.ORGANISATION
        if subject.owner not in ("", ORG):
            return Standing.DECLARED if all(shares.values()) else Standing.FOREIGN
        return Standing.UNOWNED

    def _standing_of_person(
        self, subject: Subject, tenant: str | None, shares: dict[Cell, Share | None]
    ) -> Standing:
        owner = self._reach.population.walls.get(subject.wall, "")
        if owner and owner == tenant:
            return Standing.OWN_PEOPLE
        if owner in ("", ORG):
            return Standing.STAFF
        return Standing.DECLARED if all(shares.values()) else Standing.FOREIGN

    def _declared(self, subject: Subject, cells: list[Cell]) -> bool:
        declared = self._reach.population.declared
        return all((subject.id, cell.grant.role, cell.grant.division) in declared for cell in cells)

    def _finding(self, subject: Subject, standing: Standing, cells: list[Cell]) -> Finding | None:
        if standing not in _RULES:
            return None
        cell = min(cells, key=lambda cell: (bool(cell.grant.group), cell.permission))
        name = self._reach.population.name
        owner = subject.owner or self._reach.population.walls.get(subject.wall, "")
        others = len({each.permission for each in cells}) - 1
        more = f" and {others} more" if others else ""
        why = _WHY[standing].format(owner=owner)
        links = path(subject.id, cell, (), self._reach.population)
        return Finding(
            rule=_RULES[standing],
            severity=Severity.HIGH,
            message=f"{subject.sort} {name(subject.id)} can use {cell.permission}{more}: {why}",
            remedy=_REMEDY[standing],
            address=subject.id,
            witness=told(links),
            path=links,
        )


def _reacher(
    identity: str, standing: Standing, cells: list[Cell], shares: dict[Cell, Share | None]
) -> Reacher:
    return Reacher(
        subject=identity,
        standing=standing,
        roles=tuple(sorted({cell.grant.role for cell in cells})),
        places=tuple(sorted({cell.place for cell in cells})),
        permissions=len({cell.permission for cell in cells}),
        shares=tuple(dict.fromkeys(share for share in shares.values() if share)),
    )
