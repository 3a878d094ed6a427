"""Queues: objects of a division, and so the proof that divisions confine.

A list is silently cut to the divisions its permission is held in; a foreign queue by id is refused, as 403 or
404 (switch `foreign-object`).
"""

from reconciler.simulator.call import Call, Handler
from reconciler.simulator.errors import ApiError, not_found
from reconciler.simulator.grant_views import division_name
from reconciler.simulator.paging import page
from reconciler.simulator.world import Row, World

_VIEW, _SEARCH = "routing:queue:view", "routing:queue:search"


def _show(world: World, row: Row) -> Row:
    return row | {"division": division_name(world, row["division"])}


def _visible(call: Call, permission: str) -> list[Row]:
    """`divisionId` filters what the permission already bounded; it is no boundary itself."""
    where = call.caller.access.where(permission)
    divisions, ids = set(call.query.many("divisionId")), set(call.query.many("id"))
    name = (call.query.text("name") or "").casefold().strip("*")
    return [
        row
        for row in call.seen.queues.rows.values()
        if not where.isdisjoint((row["division"], "*"))
        and (not divisions or row["division"] in divisions)
        and (not ids or row["id"] in ids)
        and name in row["name"].casefold()
    ]


def _list(call: Call) -> Row:
    return page(call, _visible(call, _VIEW), lambda row: _show(call.seen, row), most=500)


def _division_views(call: Call) -> Row:
    rows = _visible(call, _SEARCH)
    return page(
        call, rows, lambda row: {name: _show(call.seen, row)[name] for name in ("id", "name", "division")}
    )


def _get(call: Call) -> Row:
    key = call.path["queueId"]
    row = call.seen.queues.rows.get(key)
    if row is None:
        raise not_found("queue", key)
    if call.caller.access.allows(_VIEW, row["division"]):
        return _show(call.seen, row)
    if call.org.on("foreign-object", "404"):
        raise not_found("queue", key)
    text = "You are missing the permission {permission} in the division of this object."
    raise ApiError(403, "missing.division.permission", text, {"permission": _VIEW})


OPERATIONS: dict[str, Handler] = {
    "get_routing_queues": _list,
    "get_routing_queues_divisionviews": _division_views,
    "get_routing_queue": _get,
}
