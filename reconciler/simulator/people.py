"""People and groups: org-wide reads without a permission, and two searches (§9, §13).

Lists of people show the active ones unless `state` says otherwise; searches find people of every state, as no
source says more. A dynamic group has the members its seed says. Not imitated: owners as members, `expand`.
"""

from collections.abc import Callable
from math import ceil

from reconciler.simulator.call import Call, Handler
from reconciler.simulator.errors import invalid_value, not_found
from reconciler.simulator.filters import by_id, chosen
from reconciler.simulator.grant_views import division_name
from reconciler.simulator.paging import page, unpaged
from reconciler.simulator.world import Row, World

_STATES = ("active", "inactive", "deleted", "any")
_SEARCHES: dict[str, Callable[[str, str], bool]] = {
    "EXACT": lambda value, wanted: value == wanted,
    "STARTS_WITH": lambda value, wanted: value.startswith(wanted),
    "CONTAINS": lambda value, wanted: wanted in value,
    "TERM": lambda value, wanted: wanted in value.split(),
}


def show_user(world: World, row: Row) -> Row:
    """A person with the division by name."""
    return row | {"division": division_name(world, row["division"])}


def _group(world: World, row: Row) -> Row:
    shown = {name: value for name, value in row.items() if name not in ("members", "dynamic")}
    owners = [show_user(world, world.users.rows[key]) for key in row.get("owners") or ()]
    return shown | {"memberCount": len(row["members"])} | ({"owners": owners} if owners else {})


def _users(call: Call) -> Row:
    state = call.query.text("state") or "active"
    if state not in _STATES:
        raise invalid_value("state", f"expected one of {', '.join(_STATES)}")
    in_state = None if state == "any" else lambda row: row["state"] == state
    rows = chosen(call.seen.users.rows.values(), by_id(call), in_state)
    return page(call, rows, lambda row: show_user(call.seen, row), most=500)


def _one_user(call: Call) -> Row:
    """A deleted one only when `state` asks for deleted ones."""
    row = call.seen.users.rows.get(call.path["userId"])
    wants_deleted = call.query.text("state") == "deleted"
    if row is None or (row["state"] == "deleted") != wants_deleted:
        raise not_found("user", call.path["userId"])
    return show_user(call.seen, row)


def _shown(call: Call, row: Row) -> bool:
    """Whether the caller sees the group; a token is a client's, and no client is an owner or member."""
    public = row["visibility"] == "public" or not call.caller.token
    return public or call.org.on("hidden-groups", "shown")


def _visible(call: Call) -> list[Row]:
    return [row for row in call.seen.groups.rows.values() if _shown(call, row)]


def _groups(call: Call) -> Row:
    ids = set(call.query.many("id"))
    rows = [row for row in _visible(call) if not ids or row["id"] in ids]
    return page(call, rows, lambda row: _group(call.seen, row), most=500)


def _found(call: Call) -> Row:
    row = call.seen.groups.rows.get(call.path["groupId"])
    if row is None or not _shown(call, row):
        raise not_found("group", call.path["groupId"])
    return row


def _one_group(call: Call) -> Row:
    return _group(call.seen, _found(call))


def _members(call: Call) -> Row:
    rows = [call.seen.users.rows[key] for key in _found(call)["members"] if key in call.seen.users.rows]
    return page(call, rows, lambda row: show_user(call.seen, row), most=500)


def _individuals(call: Call) -> Row:
    """Members whom somebody added, not a rule."""
    group = _found(call)
    taken = group.get("dynamic", {"members": []})["members"]
    added = [call.seen.users.rows[key] for key in group["members"] if key not in taken]
    return unpaged(call.query, [show_user(call.seen, row) for row in added])


def _dynamic(call: Call) -> Row:
    """The rule of a dynamic group. Raises 404 for one that has none."""
    group = _found(call)
    if "dynamic" not in group:
        raise not_found("dynamic settings of group", group["id"])
    return {
        "group": {name: group[name] for name in ("id", "selfUri")},
        "dateModified": group["dateModified"],
        "query": {"skillConditions": group["dynamic"]["conditions"]},
        "selfUri": f"{group['selfUri']}/dynamicsettings",
    }


def _matches(row: Row, query: list[Row]) -> bool:
    return all(_meets(row, criterion) for criterion in query)


def _meets(row: Row, criterion: Row) -> bool:
    """One criterion; fields and values are alternatives, case does not count."""
    matcher = _SEARCHES.get(criterion["type"])
    if matcher is None:
        raise invalid_value("type", f"the simulator searches by {', '.join(_SEARCHES)}")
    values = [value.casefold() for value in (criterion.get("values") or [criterion.get("value") or ""])]
    fields = [str(row.get(name, "")).casefold() for name in criterion.get("fields") or ("name",)]
    return any(matcher(field, value) for field in fields for value in values)


def _search(call: Call, rows: list[Row], kind: str) -> Row:
    size, number = call.body.get("pageSize") or 25, call.body.get("pageNumber") or 1
    found = [row for row in rows if _matches(row, call.body.get("query") or [])]
    return {
        "total": len(found),
        "pageCount": ceil(len(found) / size),
        "pageSize": size,
        "pageNumber": number,
        "types": [kind],
        "results": found[(number - 1) * size : number * size],
    }


def _search_groups(call: Call) -> Row:
    return _search(call, [_group(call.seen, row) for row in _visible(call)], "groups")


def _search_users(call: Call) -> Row:
    """Org-wide, unless `enforcePermissions` asks to be cut to where directory:user:view is held."""
    rows = list(call.seen.users.rows.values())
    if call.body.get("enforcePermissions"):
        rows = [row for row in rows if call.caller.access.allows("directory:user:view", row["division"])]
    return _search(call, [show_user(call.seen, row) for row in rows], "users")


OPERATIONS: dict[str, Handler] = {
    "get_users": _users,
    "get_user": _one_user,
    "get_groups": _groups,
    "get_group": _one_group,
    "get_group_members": _members,
    "get_group_individuals": _individuals,
    "get_group_dynamicsettings": _dynamic,
    "post_groups_search": _search_groups,
    "post_users_search": _search_users,
}
