"""What an administrator does in the middle of a run: one of eight deeds, by the number of the request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.faults.organisation import Replica

Row = dict[str, Any]


def _ours(sim: Replica, table: str) -> list[Row]:
    rows = sim.org.live.table(table).rows.values()
    return [
        row
        for row in rows
        if "[reconciler:" in (row.get("description") or "") and row.get("state") != "deleted"
    ]


def _put(sim: Replica, row: Row, **fields: Any) -> None:
    pairs = [{"roleId": role, "divisionId": where} for role, where in sim.org.live.pairs(row["id"])]
    body = {"name": row["name"], "authorizedGrantType": row["authorizedGrantType"], "state": row["state"]}
    body |= {"description": row["description"], "roleDivisions": pairs, **fields}
    sim.edit("PUT", f"/api/v2/oauth/clients/{row['id']}", body)


def _rename(sim: Replica, row: Row) -> None:
    _put(sim, row, name=f"{row['name']} (renamed)")


def _deactivate(sim: Replica, row: Row) -> None:
    _put(sim, row, state="inactive")


def _delete(sim: Replica, row: Row) -> None:
    _put(sim, row, state="inactive")
    sim.edit("DELETE", f"/api/v2/oauth/clients/{row['id']}")


def _strip(sim: Replica, row: Row) -> None:
    """Takes the marker away: the client is nobody's any more."""
    _put(sim, row, description="by hand")


def _revoke(sim: Replica, row: Row) -> None:
    _put(sim, row, roleDivisions=[])


def _twin(sim: Replica, row: Row) -> None:
    body = {"name": row["name"], "authorizedGrantType": "CLIENT-CREDENTIALS", "roleDivisions": []}
    sim.edit("POST", "/api/v2/oauth/clients", {**body, "description": "by hand"})


def _narrow_role(sim: Replica, row: Row) -> None:
    for role in _ours(sim, "roles")[:1]:
        body = {"name": role["name"], "description": role["description"], "permissionPolicies": []}
        sim.edit("PUT", f"/api/v2/authorization/roles/{role['id']}", body)


def _rename_division(sim: Replica, row: Row) -> None:
    for division in _ours(sim, "divisions")[:1]:
        body = {"name": f"{division['name']} (renamed)", "description": division["description"]}
        sim.edit("PUT", f"/api/v2/authorization/divisions/{division['id']}", body)


DEEDS: tuple[Callable[[Replica, Row], None], ...] = (
    _rename, _deactivate, _delete, _strip, _revoke, _twin, _narrow_role, _rename_division,
)  # fmt: skip


def administrate(sim: Replica, at: int) -> str:
    """Do it, to the client of ours that the number points at; the deed's name, "" without any."""
    clients = _ours(sim, "clients")
    if not clients:
        return ""
    deed = DEEDS[at % len(DEEDS)]
    deed(sim, clients[at // len(DEEDS) % len(clients)])
    return deed.__name__.strip("_")
