"""Who holds which role where, from the side of the holder and from the side of the role."""

from typing import NamedTuple

from reconciler.simulator.clients import shown_pairs
from reconciler.simulator.org import Organisation
from reconciler.simulator.view.names import Place, names, place, places, rank, subject_name
from reconciler.simulator.world import Row, World

KINDS = {
    "PC_OAUTH_CLIENT": "client",
    "PC_USER": "user",
    "PC_GROUP": "group",
    "PC_TRUSTEE_USER": "trusted user",
    "PC_TRUSTEE_GROUP": "trusted group",
}
"""The vendor's subject types in a word."""


class Grant(NamedTuple):
    """A pair, when it was made, and whether a client's `roleDivisions` show it; the subjects API does."""

    role: str
    where: Place
    made_at: str
    on_client: bool


class Held(NamedTuple):
    """A role and where somebody holds it."""

    role: str
    where: list[Place]


class Holder(NamedTuple):
    """Somebody who holds a role, and where."""

    kind: str
    key: str
    name: str
    where: list[Place]


def grants(org: Organisation, subject: str) -> list[Grant]:
    """What is granted directly to a subject, by role and division."""
    world = org.live
    shown = set(shown_pairs(world, subject, org.on("bulkadd-visible", "yes")))
    found = [
        Grant(names(world.roles.rows, [pair[0]])[0], place(world, pair[1]), made.made_at, pair in shown)
        for pair, made in world.pairs(subject).items()
    ]
    return sorted(found, key=lambda each: (each.role.casefold(), rank(each.where)))


def held(world: World, subject: str) -> list[Held]:
    """The same in short: each role once."""
    by_role: dict[str, list[str]] = {}
    for role, division in world.pairs(subject):
        by_role.setdefault(role, []).append(division)
    return [Held(names(world.roles.rows, [role])[0], places(world, where)) for role, where in by_role.items()]


def holders(world: World) -> dict[str, list[Holder]]:
    """Who holds each role directly, by its id."""
    found: dict[str, list[Holder]] = {}
    for row in world.grants.rows.values():
        for role, holder in _roles_of(world, row):
            found.setdefault(role, []).append(holder)
    return found


def _roles_of(world: World, row: Row) -> list[tuple[str, Holder]]:
    where: dict[str, list[str]] = {}
    for role, division in row["pairs"]:
        where.setdefault(role, []).append(division)
    kind, key = row["type"], row["subjectId"]
    name = subject_name(world, kind, key)
    return [(role, Holder(KINDS[kind], key, name, places(world, keys))) for role, keys in where.items()]
