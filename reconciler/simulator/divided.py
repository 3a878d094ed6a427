"""Objects that live in a division: lists silently cut to where a permission is held, foreign ones refused.

Some types may be in `*` instead, which whoever holds the permission anywhere sees (§5). How that is shown and
filtered is open (switches `starred-shown`, `starred-filter`).
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial

from reconciler.simulator.access import EVERYWHERE
from reconciler.simulator.call import Call, Handler
from reconciler.simulator.errors import ApiError, not_found
from reconciler.simulator.filters import Test, by_id, by_name, chosen
from reconciler.simulator.grant_views import division_name
from reconciler.simulator.paging import USUAL_MOST, page
from reconciler.simulator.world import Row

Show = Callable[[Call, Row], Row]
"""A stored row as an answer has it."""


def reach(call: Call, permissions: Iterable[str]) -> set[str]:
    """Divisions in which the caller holds one of `permissions`; `*` among them means every division."""
    return {division for permission in permissions for division in call.caller.access.where(permission)}


def within(row: Row, where: set[str]) -> bool:
    """Whether an object is in one of these divisions; one in `*` is in any."""
    if row["division"] == EVERYWHERE:
        return bool(where)
    return not where.isdisjoint((row["division"], EVERYWHERE))


def counted(ids: Mapping[str, Collection[str]], total: int, where: set[str]) -> int:
    """How many of `total` objects are `within` these divisions; `ids` has them by division, and by `*`."""
    if EVERYWHERE in where:
        return total
    return len({key for division in ({*where, EVERYWHERE} if where else ()) for key in ids.get(division, ())})


def visible(call: Call, table: str, *permissions: str) -> list[Row]:
    """The rows the caller sees, narrowed by `divisionId`, `id` and `name` of the query."""
    rows = call.seen.table(table).rows.values()
    where = reach(call, permissions)
    confined = None if EVERYWHERE in where else partial(within, where=where)
    return chosen(rows, confined, division_filter(call), by_id(call), by_name(call))


def division_filter(call: Call, parameter: str = "divisionId") -> Test:
    """The query's divisions filter what the permission already bounded; they are no boundary themselves."""
    divisions = {*call.query.many(parameter)}
    if not divisions:
        return None
    if call.org.on("starred-filter", "listed"):
        divisions.add(EVERYWHERE)
    return lambda row: row["division"] in divisions


def found(call: Call, table: str, key: str, *permissions: str) -> Row:
    """One object by id. Raises 404, or for a foreign one what the switch `foreign-object` says."""
    row = call.seen.table(table).rows.get(key)
    kind = table.rstrip("s").replace("_", " ")
    if row is None:
        raise not_found(kind, key)
    if not within(row, reach(call, permissions)):
        raise foreign(call, kind, key, permissions[0])
    return row


def foreign(call: Call, kind: str, key: str, permission: str) -> ApiError:
    """The refusal of an object that is there, in a division the caller may not see."""
    if call.org.on("foreign-object", "404"):
        return not_found(kind, key)
    text = "You are missing the permission {permission} in the division of this object."
    return ApiError(403, "missing.division.permission", text, {"permission": permission})


def shown(call: Call, row: Row, *hidden: str) -> Row:
    """A row with its division by name and without `hidden` fields."""
    kept = {name: value for name, value in row.items() if name not in ("division", *hidden)}
    if row["division"] == EVERYWHERE and call.org.on("starred-shown", "absent"):
        return kept
    return kept | {"division": division_name(call.seen, row["division"])}


def listing(table: str, permission: str, show: Show = shown, most: int = USUAL_MOST) -> Handler:
    """An operation that lists a table page by page."""

    def handler(call: Call) -> Row:
        return page(call, visible(call, table, permission), lambda row: show(call, row), most=most)

    return handler


def getting(table: str, parameter: str, permission: str, show: Show = shown) -> Handler:
    """An operation that reads one object, whose id is the path's `parameter`."""

    def handler(call: Call) -> Row:
        return show(call, found(call, table, call.path[parameter], permission))

    return handler
