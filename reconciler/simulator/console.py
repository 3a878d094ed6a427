"""What people do in the console that no operation of the contract does: deleting somebody, restoring them.

Only the hand of `/_simulator/edit` can. Whoever is deleted moves to the home division and loses every role
granted to them, and whoever comes back is there still and has none: the vendor's help says so. Groups keep
them, or do not, as the switch `deleted-in-groups` says.
"""

from collections.abc import Callable

from reconciler.simulator.call import Call
from reconciler.simulator.errors import bad_request, invalid_value, not_found
from reconciler.simulator.world import Row

_USERS = "/api/v2/users/"
_STATES = ("active", "inactive")


def _user(call: Call) -> Row:
    row = call.org.live.users.rows.get(call.path["userId"])
    if row is None:
        raise not_found("user", call.path["userId"])
    return row


def _become(call: Call, row: Row, **changed: str) -> None:
    call.org.put("users", row["id"], row | changed | {"version": row["version"] + 1})


def _delete(call: Call) -> None:
    """Softly: the row stays. Raises 404 for somebody who is deleted already."""
    row = _user(call)
    if row["state"] == "deleted":
        raise not_found("user", row["id"])
    _become(call, row, state="deleted", division=call.org.live.home()["id"])
    _strip(call, row["id"])
    if call.org.on("deleted-in-groups", "left"):
        _leave_groups(call, row["id"])


def _patch(call: Call) -> Row:
    """`{"state": "active"}` or `"inactive"`; whoever is not active has no roles of their own."""
    row, state = _user(call), call.body.get("state") if isinstance(call.body, dict) else None
    if state not in _STATES:
        raise invalid_value("state", f"expected one of {', '.join(_STATES)}")
    if row["state"] == "deleted" and state != "active":
        raise bad_request("whoever is deleted comes back active")
    home = call.org.live.home()["id"]
    _become(call, row, state=state, division=home if row["state"] == "deleted" else row["division"])
    if state == "inactive":
        _strip(call, row["id"])
    return call.org.live.users.rows[row["id"]]


def _strip(call: Call, key: str) -> None:
    if call.org.live.pairs(key):
        call.org.put("grants", key, None)


def _leave_groups(call: Call, key: str) -> None:
    for row in [*call.org.live.groups.rows.values()]:
        kept = {
            name: [each for each in row[name] if each != key]
            for name in ("members", "owners")
            if key in row.get(name, ())
        }
        if kept:
            call.org.put("groups", row["id"], row | kept)


_DEEDS: dict[str, Callable[[Call], Row | None]] = {"DELETE": _delete, "PATCH": _patch}


def find(method: str, path: str) -> tuple[Callable[[Call], Row | None] | None, dict[str, str]]:
    """What the console does at a path, and its parameters; None where an operation has to do it."""
    key = path.removeprefix(_USERS)
    if method not in _DEEDS or key == path or "/" in key:
        return None, {}
    return _DEEDS[method], {"userId": key}
