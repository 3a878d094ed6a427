"""Ids by the names people know them by; what is gone keeps its name where the organisation still has it."""

from collections.abc import Iterable
from typing import NamedTuple

from reconciler.simulator.access import EVERYWHERE
from reconciler.simulator.grant_views import division_ref
from reconciler.simulator.rules import HOLDERS
from reconciler.simulator.world import Row, World


class Place(NamedTuple):
    """A division: `mark` is `home`, `every` for `*`, `gone` for a deleted one, or nothing."""

    key: str
    name: str
    mark: str = ""


_ORDER = {"every": 0, "home": 1, "": 2, "gone": 3}


def place(world: World, key: str) -> Place:
    """A division by its id, or `*`."""
    if key == EVERYWHERE:
        return Place(key, "every division", "every")
    row = division_ref(world, key)
    gone = "" if key in world.divisions.rows else "gone"
    return Place(key, row["name"], "home" if row["homeDivision"] else gone)


def places(world: World, keys: Iterable[str]) -> list[Place]:
    """Divisions once each: `*`, the home division, then by name."""
    return sorted({place(world, key) for key in keys}, key=rank)


def rank(where: Place) -> tuple[int, str, str]:
    """What divisions are sorted by."""
    return _ORDER[where.mark], where.name.casefold(), where.key


def names(rows: dict[str, Row], keys: Iterable[str]) -> list[str]:
    """The names of rows, in the order of their keys; of what is not there, the key."""
    return [rows[key]["name"] if key in rows else key for key in keys]


def subject_name(world: World, kind: str, key: str) -> str:
    """The name of whoever holds a grant."""
    return names(world.table(HOLDERS.get(kind, "trustees")).rows, [key])[0]
