"""External contacts: searched by words, in the divisions one may see them in, or in every one (§13).

Not imitated: contacts' numbers, addresses and organisations, their merging, schemas.
"""

from reconciler.simulator.call import Call, Handler
from reconciler.simulator.contract import operations
from reconciler.simulator.divided import division_filter, reach, shown, within
from reconciler.simulator.errors import invalid_value
from reconciler.simulator.paging import page
from reconciler.simulator.world import Row

_SEARCH = "get_externalcontacts_contacts"
_USUAL, _MOST, _REACHED, _DIVISIONS = 20, 100, 1000, 50
_SORTED_BY = ("firstName", "lastName", "title")


def _search(call: Call) -> Row:
    """Every word of `q` is part of a name or title; only the first thousand contacts can be reached."""
    size, number = call.query.number("pageSize", _USUAL, _MOST), call.query.number("pageNumber", 1)
    if size * number > _REACHED:
        raise invalid_value("pageNumber", f"pageNumber * pageSize must be at most {_REACHED}")
    if len(call.query.many("divisionIds")) > _DIVISIONS:
        raise invalid_value("divisionIds", f"expected at most {_DIVISIONS}")
    where = reach(call, operations()[_SEARCH].permissions)
    words = (call.query.text("q") or "").casefold().split()
    rows = filter(division_filter(call, "divisionIds"), call.seen.contacts.rows.values())
    found = [row for row in rows if within(row, where) and all(word in _text(row) for word in words)]
    return page(call, _sorted(call, found), lambda row: _show(call, row), most=_MOST, usual=_USUAL)


def _text(row: Row) -> str:
    return f"{row['name']} {row['title']}".casefold()


def _sorted(call: Call, rows: list[Row]) -> list[Row]:
    """By `field:direction` of `sortOrder`, in the order of arrival without it. Raises 400."""
    order = call.query.text("sortOrder")
    if not order:
        return rows
    field, _, direction = order.partition(":")
    if field not in _SORTED_BY or direction not in ("", "asc", "desc"):
        raise invalid_value("sortOrder", f"expected one of {', '.join(_SORTED_BY)} with :asc or :desc")
    return sorted(rows, key=lambda row: str(row[field]).casefold(), reverse=direction == "desc")


def _show(call: Call, row: Row) -> Row:
    """The division's name only where `expand` asks for it."""
    whole = shown(call, row, "name")
    if "division" in whole and "division" not in call.query.many("expand"):
        whole["division"] = {name: whole["division"][name] for name in ("id", "selfUri")}
    return whole


OPERATIONS: dict[str, Handler] = {_SEARCH: _search}
