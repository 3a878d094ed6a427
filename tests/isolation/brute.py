"""Isolation by brute force: every subject, permission and place one by one, from the facts of the domain.

Written from the words of the design, not from the prover: sets of tuples and nested loops.
"""

from __future__ import annotations

from typing import NamedTuple

EVERYWHERE, WIDE = "*", "org-wide"


class Organisation(NamedTuple):
    """A small organisation. Owners are by id; who is a person lies in a division."""

    aware: dict[str, bool]
    roles: dict[str, frozenset[str]]
    owner: dict[str, str]
    divisions: tuple[str, ...]
    home: str
    programs: tuple[str, ...]
    people: dict[str, str]
    groups: dict[str, frozenset[str] | None]
    grants: frozenset[tuple[str, str, str]]
    shares: frozenset[tuple[str, str, str]]
    excepted: frozenset[str]
    declared: frozenset[tuple[str, str, str]]
    tolerated: frozenset[tuple[str, str]] = frozenset()
    confined: frozenset[tuple[str, frozenset[str]]] = frozenset()


def means(said: str, permission: str) -> bool:
    """Whether a role that says `said` allows `permission`."""
    if said in (permission, "*"):
        return True
    parts, wanted = said.split(":"), permission.split(":")
    return len(parts) == len(wanted) == 3 and all(a in ("*", b) for a, b in zip(parts, wanted, strict=True))


def held(org: Organisation, subject: str) -> set[tuple[str, str]]:
    """The pairs of a subject, those of its groups too; who is in an unreadable group is in it."""
    whose = {subject}
    if subject in org.people:
        whose |= {group for group, members in org.groups.items() if members is None or subject in members}
    return {(role, division) for holder, role, division in org.grants if holder in whose}


def cells(org: Organisation, subject: str) -> set[tuple[str, str]]:
    """(permission, place): what it can use where. A wildcard reaches everything it will match."""
    found = set()
    for role, division in held(org, subject):
        for said in org.roles[role]:
            found |= {(said, WIDE)} if "*" in said or said not in org.aware else set()
            for permission, aware in org.aware.items():
                if means(said, permission):
                    found.add((permission, division if aware else WIDE))
    return found


def becomes(org: Organisation, subject: str, powers: frozenset[str]) -> set[str]:
    """Everybody it can act as, itself included."""
    found = {subject}
    while True:
        more = {
            person
            for each in found
            for permission, place in cells(org, each)
            if any(means(permission, power) for power in powers)
            for person, wall in org.people.items()
            if place in (wall, EVERYWHERE, WIDE)
        }
        if more <= found:
            return found
        found |= more


def leaks(
    org: Organisation, tenant: str, powers: frozenset[str], escalators: frozenset[str]
) -> set[tuple[str, str, str]]:
    """(subject, permission, place) of a tenant's programs that nothing allows."""
    found = set()
    for subject in org.programs:
        if org.owner.get(subject) != tenant:
            continue
        for actor in becomes(org, subject, powers):
            for permission, place in cells(org, actor):
                if not allowed(org, tenant, subject, permission, place, escalators):
                    found.add((subject, permission, place))
    return found


def allowed(
    org: Organisation, tenant: str, subject: str, permission: str, place: str, escalators: frozenset[str]
) -> bool:
    """Whether a tenant's program may use a permission there."""
    if any(means(permission, escalator) for escalator in escalators):
        return False
    if place == WIDE:
        return permission in org.excepted
    if any(subject == who and place not in ceiling for who, ceiling in org.confined):
        return False
    if any((subject, role, place) in org.shares and permission in org.roles[role] for role in org.roles):
        return True
    return place not in (EVERYWHERE, org.home) and org.owner.get(place) in (tenant, "org")


def foreign(org: Organisation, tenant: str, operator: str) -> set[str]:
    """Subjects that reach a tenant's divisions or everything, and that nothing allows to."""
    walls = {division for division in org.divisions if org.owner.get(division) == tenant}
    if not walls:
        return set()
    found = set()
    whole = org
    for subject in (*whole.programs, *whole.people):
        counted = {grant for grant in whole.grants if (subject, grant[1]) not in whole.tolerated}
        org = whole._replace(grants=frozenset(counted))
        mine = (
            org.owner.get(subject, "") if subject in org.programs else org.owner.get(org.people[subject], "")
        )
        reaching = {(p, place) for p, place in cells(org, subject) if place in walls | {EVERYWHERE, WIDE}}
        if not reaching or subject == operator or mine == tenant:
            continue
        if subject in org.people and mine in ("", "org"):
            continue
        if mine == "org":
            relevant = {pair for pair in held(org, subject) if _gives(org, pair, reaching)}
            if not all((subject, *pair) in org.declared for pair in relevant):
                found.add(subject)
        elif not mine or not all(_declared(org, subject, cell) for cell in reaching):
            found.add(subject)
    return found


def _gives(org: Organisation, pair: tuple[str, str], reaching: set[tuple[str, str]]) -> bool:
    role, division = pair
    return bool(cells(org._replace(grants=frozenset({("x", role, division)})), "x") & reaching)


def _declared(org: Organisation, subject: str, cell: tuple[str, str]) -> bool:
    permission, place = cell
    if place == WIDE:
        return permission in org.excepted and bool(org.owner.get(subject) or subject in org.people)
    return any((subject, role, place) in org.shares and permission in org.roles[role] for role in org.roles)
