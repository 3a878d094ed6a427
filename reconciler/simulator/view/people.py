"""Groups, users and trusted people of other organisations, with what is granted to them."""

from typing import NamedTuple

from reconciler.simulator.view.grants import Held, held
from reconciler.simulator.view.names import Place, names, place
from reconciler.simulator.world import Row, World


class Group(NamedTuple):
    """A group, who is in it and what its members hold through it."""

    row: Row
    members: list[str]
    owners: list[str]
    held: list[Held]


class User(NamedTuple):
    """A person, the groups they are in, and what they hold themselves."""

    row: Row
    where: Place
    groups: list[str]
    held: list[Held]


class Trustee(NamedTuple):
    """Somebody of another organisation, and what they hold in this one."""

    row: Row
    held: list[Held]


def groups(world: World) -> list[Group]:
    """Every group, by name."""
    users = world.users.rows
    found = (
        Group(row, names(users, row["members"]), names(users, row.get("owners") or ()), held(world, key))
        for key, row in world.groups.rows.items()
    )
    return sorted(found, key=lambda each: each.row["name"].casefold())


def users(world: World) -> list[User]:
    """Everybody, whoever holds something first."""
    within: dict[str, list[str]] = {}
    for row in world.groups.rows.values():
        for key in row["members"]:
            within.setdefault(key, []).append(row["name"])
    found = (
        User(row, place(world, row["division"]), within.get(key, []), held(world, key))
        for key, row in world.users.rows.items()
    )
    return sorted(found, key=lambda each: (not each.held, each.row["name"].casefold()))


def trustees(world: World) -> list[Trustee]:
    """Whoever of other organisations is trusted, by name."""
    found = (Trustee(row, held(world, key)) for key, row in world.trustees.rows.items())
    return sorted(found, key=lambda each: each.row["name"].casefold())
