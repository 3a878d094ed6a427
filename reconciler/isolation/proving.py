"""Proving: both verdicts on every tenant, by looking at everything there is.

The sets are finite, so enumeration is a proof. What was not seen makes a verdict UNKNOWN, never
better; a leak that was found stays one whatever else was not seen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from reconciler.isolation.apps import Apps
from reconciler.isolation.boundaries import Boundaries
from reconciler.isolation.incoming import Incoming
from reconciler.isolation.outgoing import Outgoing, outgoing
from reconciler.isolation.picture import Painter
from reconciler.isolation.population import Population
from reconciler.isolation.reach import Cell, Reach
from reconciler.model.finding import Finding
from reconciler.model.picture import Picture
from reconciler.model.proof import App, Confined, Excepted, Reacher, Standing, TenantProof, Verdict


class _Wide(NamedTuple):
    """Of those who reach every tenant: who should not, and who is excepted, by id."""

    intruding: frozenset[str]
    tolerated: frozenset[str]

    @classmethod
    def of(cls, several: Iterable[tuple[Reacher, Finding | None]]) -> _Wide:
        several = tuple(several)
        return cls(
            frozenset(reacher.subject for reacher, finding in several if finding),
            frozenset(reacher.subject for reacher, _ in several if reacher.standing is Standing.EXCEPTED),
        )


class Prover:
    """Proves tenants of one population, one by one; what they have in common is worked out once."""

    def __init__(self, population: Population, bounds: Boundaries) -> None:
        self._population, self._bounds = population, bounds
        self._reach = Reach(population)
        self._incoming = Incoming(self._reach, bounds)
        self._everywhere = self._incoming.everywhere()
        self._alike = _Wide.of(self.everywhere())
        self._own: dict[str, dict[str, list[Cell]]] = defaultdict(dict)
        for subject, cells in self._everywhere.items():
            self._own[population.owner(subject)][subject] = cells
        self._apps = Apps(self._reach, bounds)

    def everywhere(self) -> tuple[tuple[Reacher, Finding | None], ...]:
        """Who reaches every tenant alike, by a grant in `*` or a permission that no division confines.

        With a finding for whom nobody declared; what a tenant's own may not is told with the tenant.
        """
        return tuple(self._incoming.reachers(None, self._everywhere))

    def prove(self, tenants: Iterable[str]) -> Iterator[TenantProof]:
        """The verdicts in the order of `tenants`."""
        owned: dict[str, list[str]] = {}
        for subject in self._population.subjects.values():
            owned.setdefault(subject.owner, []).append(subject.id)
        walls: dict[str, list[str]] = {}
        for wall, owner in self._population.walls.items():
            walls.setdefault(owner, []).append(wall)
        for tenant in tenants:
            yield self._proof(tenant, tuple(walls.get(tenant, ())), tuple(owned.get(tenant, ())))

    def picture(self, proofs: Iterable[TenantProof]) -> Picture:
        """What was looked at, cell by cell, of tenants that this prover has proved."""
        everywhere = (reacher for reacher, _ in self.everywhere())
        return Painter(self._reach, self._bounds, everywhere).picture(proofs)

    def _proof(self, tenant: str, walls: tuple[str, ...], subjects: tuple[str, ...]) -> TenantProof:
        out = outgoing(subjects, tenant, self._reach, self._bounds)
        behind = tuple(self._incoming.reachers(tenant, self._incoming.behind(walls, tenant)))
        intruders = tuple(finding for _, finding in behind if finding)
        intruding, tolerated = self._wide(tenant)
        apps = tuple(self._apps.of(tenant, subjects))
        empty, unsure = tuple(self._empty(walls, subjects, out)), tuple(self._unsure(apps))
        excepted = (*out.excepted, *self._accepted(apps))
        return TenantProof(
            tenant=tenant,
            walls=walls,
            subjects=subjects,
            cells=out.within,
            reaches=_verdict(bool(out.leaks), unsure, empty, bool(excepted)),
            reached_by=_verdict(
                bool(walls) and (bool(intruders) or intruding),
                self._population.gaps,
                () if walls else ("it has no division",),
                any(reacher.shares for reacher, _ in behind) or tolerated,
            ),
            leaks=out.leaks,
            excepted=excepted,
            reachers=tuple(reacher for reacher, _ in behind),
            intruders=intruders,
            reasons=(*unsure, *empty),
            confined=tuple(self._confined(subjects)),
            apps=apps,
        )

    def _wide(self, tenant: str) -> tuple[bool, bool]:
        """Whether anybody who reaches every tenant should not reach this one, and whether one is excepted.

        Only its own people and clients are seen with other eyes than everybody else.
        """
        own = self._own.get(tenant, {})
        again = _Wide.of(self._incoming.reachers(tenant, own))
        intruding = bool(again.intruding) or _any_but(own, self._alike.intruding)
        return intruding, bool(again.tolerated) or _any_but(own, self._alike.tolerated)

    def _confined(self, subjects: tuple[str, ...]) -> Iterator[Confined]:
        for subject in sorted(subjects, key=self._population.name):
            if (ceiling := self._bounds.ceilings.get(subject)) is not None:
                yield Confined(subject, tuple(sorted(ceiling, key=self._population.name)))

    def _unsure(self, apps: Iterable[App]) -> Iterator[str]:
        yield from self._population.gaps
        for app in apps:
            if app.further and app.subject not in self._bounds.accepted:
                name = self._population.name(app.subject)
                yield f"{name} acts with the access of whoever signs in, and some people reach further"

    def _accepted(self, apps: Iterable[App]) -> Iterator[Excepted]:
        for app in apps:
            if app.further and (share := self._bounds.accepted.get(app.subject)):
                yield Excepted(app.subject, (), "", "", share)

    def _empty(self, walls: tuple[str, ...], subjects: tuple[str, ...], out: Outgoing) -> Iterator[str]:
        """Why there is nothing to prove."""
        if not walls:
            yield "it has no division"
        elif not subjects:
            yield "it has no client"
        elif not out.within and not out.excepted:
            yield "its clients reach nothing"
        elif walls and not any(self._population.counts.get(wall, 1) for wall in walls):
            yield "nothing lives in its divisions"


def _verdict(leaks: bool, unsure: tuple[str, ...], empty: tuple[str, ...], excepted: bool) -> Verdict:
    if leaks:
        return Verdict.LEAK
    if unsure:
        return Verdict.UNKNOWN
    if empty:
        return Verdict.VACUOUS
    return Verdict.EXCEPTED if excepted else Verdict.PROVED


def _any_but(some: Collection[str], several: frozenset[str]) -> bool:
    """Whether there are others among `several`."""
    return len(several) > sum(each in several for each in some)
