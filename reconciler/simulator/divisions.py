"""Divisions: listed by page or cursor, created, renamed, softly deleted and restored (§5)."""

from collections import Counter
from typing import Any

from reconciler.simulator.call import Call, Handler
from reconciler.simulator.errors import ApiError, bad_request, not_found
from reconciler.simulator.filters import by_id, by_name, chosen
from reconciler.simulator.paging import cursor_page, page
from reconciler.simulator.rules import check_text, check_unique
from reconciler.simulator.world import Row, World

_PATH = "/api/v2/authorization/divisions"
OBJECTS = {
    "QUEUE": ("queues", "routing:queue:edit"),
    "USER": ("users", "directory:user:edit"),
    "FLOW": ("flows", "architect:flow:edit"),
    "DATATABLES": ("data_tables", "architect:datatable:edit"),
    "BUSINESSUNIT": ("business_units", "wfm:businessUnit:edit"),
    "MANAGEMENTUNIT": ("management_units", "wfm:managementUnit:edit"),
}
"""Object types that live in a division here: their table and the permission to move them."""


def division_row(key: str, name: str, description: str, home: bool = False) -> Row:
    """A division as it is stored and shown."""
    uri = f"{_PATH}/{key}"
    return {"id": key, "name": name, "description": description, "homeDivision": home, "selfUri": uri}


def counts(world: World) -> dict[str, dict[str, int]]:
    """Objects per division id and object type."""
    found: dict[str, Counter[str]] = {}
    for kind, (table, _) in OBJECTS.items():
        for row in world.table(table).rows.values():
            found.setdefault(row["division"], Counter())[kind] += 1
    return {division: dict(counter) for division, counter in found.items()}


def _chosen(call: Call) -> list[Row]:
    """The divisions a list shows."""
    return chosen(call.seen.divisions.rows.values(), by_id(call), by_name(call))


def _list(call: Call) -> Row:
    if not call.query.flag("objectCount"):
        return page(call, _chosen(call), lambda row: row)
    counted = counts(call.seen)
    return page(call, _chosen(call), lambda row: row | {"objectCounts": counted.get(row["id"], {})})


def _query(call: Call) -> Row:
    return cursor_page(call, _chosen(call), lambda row: row)


def _found(world: World, key: str) -> Row:
    row = world.divisions.rows.get(key)
    if row is None:
        raise not_found("division", key)
    return row


def _get(call: Call) -> Row:
    row = _found(call.seen, call.path["divisionId"])
    if call.query.flag("objectCount") and not row["homeDivision"]:
        return row | {"objectCounts": counts(call.seen).get(row["id"], {})}
    return row


def _create(call: Call) -> Row:
    name, description = call.body["name"], call.body.get("description") or ""
    check_text(call, name, description)
    check_unique(call, "divisions", name)
    _check_room(call)
    row = division_row(call.org.sequence.new_id("division"), name, description)
    call.org.put("divisions", row["id"], row)
    return row


def _check_room(call: Call) -> None:
    most = call.org.fact("limits")["divisions"]
    if len(call.org.live.divisions.rows) >= most:
        limit = {"key": "divisions", "namespace": "authorization", "value": most}
        raise ApiError(400, "limit.exceeded", "at most {limit} divisions", {"limit": str(most)}, limit=limit)


def _put(call: Call) -> Row:
    row = _found(call.org.live, call.path["divisionId"])
    name, description = call.body["name"], call.body.get("description") or ""
    check_text(call, name, description)
    check_unique(call, "divisions", name, own=row["id"])
    row = row | {"name": name, "description": description}
    call.org.put("divisions", row["id"], row)
    return row


def _delete(call: Call) -> None:
    """Softly: the division moves to the deleted ones. `force` is deprecated and does nothing here."""
    row = _found(call.org.live, call.path["divisionId"])
    if row["homeDivision"]:
        raise bad_request("The home division may not be deleted.")
    if counts(call.org.live).get(row["id"]):
        raise bad_request(f"Scope '{row['id']}' may not be deleted because it has objects in it.")
    call.org.put("divisions", row["id"], None)
    call.org.put("deleted_divisions", row["id"], row)
    if call.org.on("deleted-division-grants", "removed"):
        drop_pairs(call, row["id"])


def drop_pairs(call: Call, part: str) -> None:
    """Remove every grant that names a role or division id."""
    for row in call.org.live.grants.find(part):
        kept = {pair: grant for pair, grant in row["pairs"].items() if part not in pair}
        call.org.set_pairs(row["subjectId"], row["type"], kept)


def _deleted(call: Call) -> Row:
    return page(call, list(call.seen.deleted_divisions.rows.values()), lambda row: row)


def _restore(call: Call) -> Row:
    row = call.org.live.deleted_divisions.rows.get(call.path["divisionId"])
    if row is None:
        raise not_found("deleted division", call.path["divisionId"])
    row = row | {"name": call.body["name"], "description": call.body.get("description") or ""}
    check_text(call, row["name"], row["description"])
    check_unique(call, "divisions", row["name"], own=row["id"])
    call.org.put("deleted_divisions", row["id"], None)
    call.org.put("divisions", row["id"], row)
    return row


def _home(call: Call) -> Row:
    return call.seen.home()


def _limit(call: Call) -> Any:
    return call.org.fact("limits")["divisions"]


def _move(call: Call) -> None:
    """Put objects into a division; the caller may edit them in both (§5: help text only)."""
    kind, target = call.path["objectType"], _found(call.org.live, call.path["divisionId"])["id"]
    if kind not in OBJECTS:
        raise bad_request(f"object type {kind} is not imitated; types here: {', '.join(OBJECTS)}")
    table, permission = OBJECTS[kind]
    rows = call.org.live.table(table).rows
    for key in call.body:
        if key not in rows:
            raise not_found(kind.lower(), key)
        if not all(call.caller.access.allows(permission, where) for where in (rows[key]["division"], target)):
            raise ApiError(
                403, "missing.division.permission", f"missing {permission} in source or target division"
            )
    for key in call.body:
        call.org.put(table, key, rows[key] | {"division": target})


OPERATIONS: dict[str, Handler] = {
    "get_authorization_divisions": _list,
    "get_authorization_divisions_query": _query,
    "get_authorization_divisions_deleted": _deleted,
    "get_authorization_divisions_home": _home,
    "get_authorization_divisions_limit": _limit,
    "get_authorization_division": _get,
    "post_authorization_divisions": _create,
    "put_authorization_division": _put,
    "delete_authorization_division": _delete,
    "post_authorization_division_restore": _restore,
    "post_authorization_division_object": _move,
}
