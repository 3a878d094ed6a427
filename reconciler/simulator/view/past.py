"""What happened: conversations of several divisions, what is gone, and the last changes anybody made."""

from typing import NamedTuple

from reconciler.simulator.view.names import Place, names, places
from reconciler.simulator.world import Row, World

LAST_CHANGES = 50
"""Changes a page shows; the audits hold more."""


class Crossing(NamedTuple):
    """A conversation that touched several divisions: whoever may see one of them sees the whole of it."""

    row: Row
    where: list[Place]
    queues: list[str]
    agents: list[str]


class Gone(NamedTuple):
    """Something deleted, and what is left of it."""

    kind: str
    key: str
    name: str
    left: str


class Change(NamedTuple):
    """A change as the audits tell it."""

    at: str
    who: str
    action: str
    kind: str
    name: str
    key: str


def crossings(world: World) -> list[Crossing]:
    """Conversations of more than one division, the latest first."""
    rows = [row for row in world.conversations.rows.values() if len(row["divisions"]) > 1]
    found = [
        Crossing(
            row,
            places(world, row["divisions"]),
            names(world.queues.rows, row["queues"]),
            names(world.users.rows, row["agents"]),
        )
        for row in rows
    ]
    return sorted(found, key=lambda each: str(each.row["start"]), reverse=True)


def gone(world: World) -> list[Gone]:
    """What was deleted and is remembered, type by type."""
    return [
        *_all("division", world.deleted_divisions.rows, "can be restored by its id"),
        *_all("client", _deleted(world.clients.rows), "a tombstone: listed, without grants and secret"),
        *_all("user", _deleted(world.users.rows), "can be brought back, without roles of their own"),
        *_all("flow", _flows(world), "shown to whoever asks for deleted ones"),
        *_all("default role", _missing(world), "the vendor delivers it; nobody added it here"),
    ]


def _all(kind: str, rows: dict[str, Row], left: str) -> list[Gone]:
    return [Gone(kind, key, row["name"], left) for key, row in rows.items()]


def _deleted(rows: dict[str, Row]) -> dict[str, Row]:
    return {key: row for key, row in rows.items() if row["state"] == "deleted"}


def _flows(world: World) -> dict[str, Row]:
    return {key: row for key, row in world.flows.rows.items() if row["deleted"]}


def _missing(world: World) -> dict[str, Row]:
    return {key: row for key, row in world.default_roles.rows.items() if key not in world.roles.rows}


def changes(world: World) -> list[Change]:
    """The last of them, the latest first."""
    rows = sorted(world.audits.rows.values(), key=lambda row: str(row["eventDate"]))
    return [_change(world, row) for row in rows[: -LAST_CHANGES - 1 : -1]]


def _change(world: World, row: Row) -> Change:
    """A client is named by its id alone, and who became a member of a role by a key of ids."""
    who = row.get("user") or row.get("client")
    name, key = row["entity"].get("name", ""), row["entity"]["id"]
    member = name.partition(f"--{key}--")[0]
    told = f"{names(world.roles.rows, [key])[0]}: {_anybody(world, member)}" if member != name else name
    by = _anybody(world, who["id"]) if who else "not said"
    return Change(row["eventDate"], by, row["action"], row["entityType"], told, key)


def _anybody(world: World, key: str) -> str:
    tables = (world.clients, world.users, world.groups, world.trustees)
    return next((table.rows[key]["name"] for table in tables if key in table.rows), key)
