"""An organisation at rest, as what can be compared: by name, without ids, dates and hashes of ids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reconciler.simulator.world import World
from tests.faults.disk import LONG_AGO
from tests.faults.versions import permissions
from tests.faults.watch import OPERATOR, access_by_name, marker_of

if TYPE_CHECKING:
    from tests.faults.place import Place

LATER = 1_000_000.0


def at_rest(place: Place) -> dict[str, list[Any]]:
    """Access by name, and of every object of ours what we declare of it."""
    live = place.sim.org.live
    access = access_by_name(place.watch.versions, place.time + LATER)
    return {
        "access": sorted((name, sorted(access[name])) for name in access.keys() & _worn(live)),
        "clients": sorted(_client(row) for row in live.clients.rows.values() if row["state"] != "deleted"),
        "roles": sorted(
            (row["name"], sorted(permissions(row)), _owner(row)) for row in live.roles.rows.values()
        ),
        "due": sorted(
            each["address"]
            for each in place.disk.credentials.values()
            if each.get("issued") == LONG_AGO.isoformat()
        ),
        "divisions": sorted((row["name"], _owner(row)) for row in live.divisions.rows.values()),
    }


def _worn(live: World) -> set[str]:
    """The names that subjects have now: who was renamed had another one."""
    return {
        row["name"] for table in ("clients", "groups", "users") for row in live.table(table).rows.values()
    }


def _client(row: dict[str, Any]) -> tuple[str, str, str, bool]:
    marker = marker_of(row)
    return row["name"], row["state"], _owner(row), bool(marker and marker.nonce)


def _owner(row: dict[str, Any]) -> str:
    marker = marker_of(row)
    return str(marker.address) if marker else ""


def lent(live: World) -> set[tuple[str, str]]:
    """The pairs of our own client on roles of ours, by name."""
    roles = {key: row["name"] for key, row in live.roles.rows.items() if marker_of(row)}
    return {(roles[role], where) for role, where in live.pairs(OPERATOR) if role in roles}
