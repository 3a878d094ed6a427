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


def _put(sim: Replica, row: Row, **fields: Any) -> bool:
    pairs = [{"roleId": role, "divisionId": where} for role, where in sim.org.live.pairs(row["id"])]
    body = {"name": row["name"], "authorizedGrantType": row["authorizedGrantType"], "state": row["state"]}
    body |= {"description": row["description"], "roleDivisions": pairs, **fields}
    return _did(sim, "PUT", f"oauth/clients/{row['id']}", body)


def _did(sim: Replica, method: str, path: str, body: Any = None) -> bool:
    return sim.edit(method, f"/api/v2/{path}", body)[0] < 300


def _rename(sim: Replica, row: Row) -> bool:
    return _put(sim, row, name=f"{row['name']} (renamed)")


def _deactivate(sim: Replica, row: Row) -> bool:
    return row["state"] == "active" and _put(sim, row, state="inactive")


def _delete(sim: Replica, row: Row) -> bool:
    _put(sim, row, state="inactive")
    return _did(sim, "DELETE", f"oauth/clients/{row['id']}")


def _strip(sim: Replica, row: Row) -> bool:
    """Takes the marker away: the client is nobody's any more."""
    return _put(sim, row, description="by hand")


def _revoke(sim: Replica, row: Row) -> bool:
    return bool(sim.org.live.pairs(row["id"])) and _put(sim, row, roleDivisions=[])


def _twin(sim: Replica, row: Row) -> bool:
    body = {"name": row["name"], "authorizedGrantType": "CLIENT-CREDENTIALS", "roleDivisions": []}
    return _did(sim, "POST", "oauth/clients", {**body, "description": "by hand"})


def _narrow_role(sim: Replica, row: Row) -> bool:
    for role in _allowing(sim)[:1]:
        body = {"name": role["name"], "description": role["description"], "permissionPolicies": []}
        return _did(sim, "PUT", f"authorization/roles/{role['id']}", body)
    return False


def _rename_division(sim: Replica, row: Row) -> bool:
    for division in _ours(sim, "divisions")[:1]:
        body = {"name": f"{division['name']} (renamed)", "description": division["description"]}
        return _did(sim, "PUT", f"authorization/divisions/{division['id']}", body)
    return False


def _allowing(sim: Replica) -> list[Row]:
    return [role for role in _ours(sim, "roles") if role["permissionPolicies"]]


Deed = Callable[[Replica, Row], bool]
"""Given a client; whether anything came of it."""
DEEDS: tuple[Deed, ...] = (
    _rename, _deactivate, _delete, _strip, _revoke, _twin, _narrow_role, _rename_division,
)  # fmt: skip
_TO_OTHERS = (_narrow_role, _rename_division)
"""What needs no client."""


def finds_something(sim: Replica) -> bool:
    """Whether there is anything of ours to lay hands on."""
    return bool(_ours(sim, "clients") or _ours(sim, "divisions") or _allowing(sim))


def administrate(sim: Replica, at: int) -> str:
    """Do it, or else what comes next, to the client that the number points at; its name, "" for nothing."""
    clients, first = _ours(sim, "clients"), at % len(DEEDS)
    row = clients[at // len(DEEDS) % len(clients)] if clients else {}
    for deed in (*DEEDS[first:], *DEEDS[:first]):
        if (clients or deed in _TO_OTHERS) and deed(sim, row):
            return deed.__name__.strip("_")
    return ""
