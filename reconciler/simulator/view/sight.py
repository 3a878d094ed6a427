"""What a client's token sees, asked of the code that lets its requests through, as things are now."""

from collections.abc import Sequence
from typing import NamedTuple

from reconciler.simulator.access import EVERYWHERE, Access, access_of
from reconciler.simulator.clients import CREDENTIALS
from reconciler.simulator.divided import counted
from reconciler.simulator.organization import aware, permissions
from reconciler.simulator.view.names import Place, places, rank
from reconciler.simulator.view.things import Index
from reconciler.simulator.world import Row, World


class Reach(NamedTuple):
    """Permissions that hold in the same divisions; `confined` is false where no division confines them."""

    where: list[Place]
    confined: bool
    permissions: list[str]


class Opened(NamedTuple):
    """How many objects of a type it opens."""

    title: str
    seen: int


class Sight(NamedTuple):
    """What a token of a client may do, and what that opens."""

    reaches: list[Reach]
    opens: list[Opened]


def sight(world: World, client: str, indices: Sequence[Index]) -> Sight:
    """Where each permission that is known is held, and how much of each type that opens."""
    access = access_of(world, client)
    return Sight(_reaches(world, access), [_opened(access, each) for each in indices])


def _reaches(world: World, access: Access) -> list[Reach]:
    """Widest first: without any division, in every one, in some."""
    found: dict[tuple[bool, frozenset[str]], list[str]] = {}
    for permission, where in access.held(permissions()).items():
        confined = aware(permission)
        key = frozenset({EVERYWHERE} if EVERYWHERE in where else where) if confined else frozenset[str]()
        found.setdefault((confined, key), []).append(permission)
    reaches = [Reach(places(world, where), confined, held) for (confined, where), held in found.items()]
    return sorted(reaches, key=lambda each: (each.confined, [*map(rank, each.where)]))


def _opened(access: Access, kind: Index) -> Opened:
    where = {division for each in kind.type.permissions for division in access.where(each)}
    return Opened(kind.type.title, counted(kind.ids, kind.total, where))


def token(row: Row) -> str:
    """Whether its secret gets a client a token, in words."""
    if row["authorizedGrantType"] != CREDENTIALS:
        return "none of its own: people sign in, and lend it what they hold"
    return _BY_STATE.get(row["state"], f"none: it is {row['state']}")


_BY_STATE = {
    "active": "any time",
    "inactive": "no new one: it is inactive; one it has works until it ends",
}
