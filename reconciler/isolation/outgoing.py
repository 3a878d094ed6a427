"""Outgoing: what a tenant's subjects reach beyond its walls, themselves or as somebody they can become."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from reconciler.isolation.boundaries import Boundaries
from reconciler.isolation.judge import Broken, broken, place_name
from reconciler.isolation.paths import path, told
from reconciler.isolation.reach import Cell, Reach
from reconciler.model.access import ORG_WIDE, Share
from reconciler.model.address import ORG
from reconciler.model.finding import Finding
from reconciler.model.proof import Excepted


class Step(NamedTuple):
    """Somebody a subject can act as, and how it comes to that: `by` says each step in words."""

    subject: str
    by: tuple[str, ...] = ()


class Outgoing(NamedTuple):
    """What subjects reach: how many cells lie within their walls, what leaks, and what is excepted."""

    within: int
    leaks: tuple[Finding, ...]
    excepted: tuple[Excepted, ...]


def outgoing(subjects: Iterable[str], tenant: str, reach: Reach, bounds: Boundaries) -> Outgoing:
    """Judge every cell of these subjects of one tenant."""
    within: dict[tuple[str, str], set[str]] = defaultdict(set)
    leaks: dict[tuple[str, ...], list[tuple[Cell, Broken, Step]]] = defaultdict(list)
    excepted: dict[tuple[str, str, str, Share], set[str]] = defaultdict(set)
    for subject in subjects:
        for step in steps(subject, reach):
            for grant in reach.population.grants(step.subject):
                own = lies_within(subject, grant.division, tenant, bounds)
                if own and (harmless := reach.confined(grant.role)):
                    within[subject, grant.division] |= harmless  # most grants: no cell has to be looked at
                    continue
                for cell in reach.given(grant):
                    if found := broken(cell.access(subject), tenant, bounds):
                        leaks[subject, step.subject, found.rule, *grant].append((cell, found, step))
                    elif share := _share(cell, subject, bounds):
                        excepted[subject, cell.place, grant.role, share].add(cell.permission)
                    else:
                        within[subject, cell.place].add(cell.permission)
    found_leaks = (_leak(subject, of_one, reach) for (subject, *_), of_one in sorted(leaks.items()))
    return Outgoing(sum(map(len, within.values())), tuple(found_leaks), tuple(_excepted(excepted)))


def lies_within(subject: str, division: str, tenant: str, bounds: Boundaries) -> bool:
    """Whether a division is the tenant's or everybody's, and beneath the ceiling of this subject of it."""
    own = division != bounds.home and bounds.owner_of(division) in (tenant, ORG)
    return own and bounds.beneath(subject, division)


def _share(cell: Cell, subject: str, bounds: Boundaries) -> Share | None:
    if cell.place == ORG_WIDE:
        exception = bounds.excepted[cell.permission]
        return Share(exception.reason, exception.owner, exception.expires)
    return bounds.share_of(cell.access(subject))


def _excepted(found: dict[tuple[str, str, str, Share], set[str]]) -> Iterator[Excepted]:
    for (subject, place, role, share), permissions in found.items():
        yield Excepted(subject, tuple(sorted(permissions)), place, role, share)


def steps(subject: str, reach: Reach) -> Iterator[Step]:
    """The subject, and everybody it can become, the nearest first."""
    seen, waiting = {subject}, deque([Step(subject)])
    while waiting:
        step = waiting.popleft()
        yield step
        for person, how in _becomes(step.subject, reach):
            if person not in seen:
                seen.add(person)
                waiting.append(Step(person, (*step.by, how)))


def _becomes(subject: str, reach: Reach) -> Iterator[tuple[str, str]]:
    """Whom it can become, with how."""
    population = reach.population
    if reach.ladders.isdisjoint(population.roles(subject)):
        return  # most subjects: nothing has to be put in order
    for grant in population.grants(subject):
        for permission, confined, how in reach.becoming(grant.role):
            place = grant.division if confined else ORG_WIDE
            for other in reach.people_in(place):
                where = place_name(place, population.name)
                yield other.id, f"{permission} in {where}: {how} ({other.name})"


def _leak(subject: str, found: list[tuple[Cell, Broken, Step]], reach: Reach) -> Finding:
    """One finding for one grant: the least permission is the witness, the others are counted."""
    cell, rule, step = min(found, key=lambda item: item[0].permission)
    name = reach.population.name
    others = len({each.permission for each, _, _ in found}) - 1
    more = f" and {others} more" if others else ""
    where = place_name(cell.place, name)
    links = path(subject, cell, step.by, reach.population)
    return Finding(
        rule=rule.rule,
        severity=rule.rule.severity,
        message=f"{name(subject)} can use {cell.permission}{more} in {where}: {rule.why}",
        remedy=rule.rule.remedy,
        address=subject,
        witness=told(links),
        path=links,
        location=reach.population.declared.get((step.subject, cell.grant.role, cell.grant.division)),
    )
