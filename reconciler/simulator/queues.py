"""Queues: objects of a division, and so the proof that divisions confine.

A list is silently cut to the divisions its permission is held in; a foreign queue by id is refused, as 403 or
404 (switch `foreign-object`). The simple view has its own permission, and ends after five pages.
"""

from reconciler.simulator.call import Call, Handler
from reconciler.simulator.divided import found, getting, listing, shown, visible
from reconciler.simulator.grant_views import division_name
from reconciler.simulator.members import members_of
from reconciler.simulator.paging import page
from reconciler.simulator.world import Row

_VIEW, _SEARCH = "routing:queue:view", "routing:queue:search"
_MOST_PAGES = 5


def show_queue(call: Call, row: Row) -> Row:
    """A queue with who serves it counted: people, and groups with the number of theirs."""
    groups = [call.seen.groups.rows[key] for key in row.get("groups") or () if key in call.seen.groups.rows]
    members = members_of(call.seen, row)
    counted = {
        "memberCount": len(members),
        "userMemberCount": sum(member["memberBy"] == "user" for member in members),
        "joinedMemberCount": sum(member["joined"] for member in members),
    }
    shown_groups = {"memberGroups": [_group(call, group) for group in groups]} if groups else {}
    return shown(call, row, "members", "groups", "codes") | counted | shown_groups


def _group(call: Call, row: Row) -> Row:
    """A group has no division of its own; whether the vendor shows one here is unknown, so none is."""
    return {
        "id": row["id"],
        "name": row["name"],
        "type": "GROUP",
        "memberCount": len(row["members"]),
        "selfUri": row["selfUri"],
    }


def _simple(call: Call, row: Row) -> Row:
    return {
        "id": row["id"],
        "name": row["name"],
        "division": division_name(call.seen, row["division"]),
    }


def _division_views(call: Call) -> Row:
    call.query.number("pageNumber", 1, _MOST_PAGES)
    return page(call, visible(call, "queues", _SEARCH), lambda row: _simple(call, row))


def _codes(call: Call) -> Row:
    """The wrap-up codes of one queue: the queue's permission decides, not the codes'."""
    queue = found(call, "queues", call.path["queueId"], _VIEW)
    rows = [call.seen.wrapup_codes.rows[key] for key in queue.get("codes") or ()]
    name = (call.query.text("name") or "").casefold()
    rows = [row for row in rows if name in row["name"].casefold()]
    return page(call, rows, lambda row: shown(call, row))


OPERATIONS: dict[str, Handler] = {
    "get_routing_queues": listing("queues", _VIEW, show_queue, most=500),
    "get_routing_queues_divisionviews": _division_views,
    "get_routing_queue": getting("queues", "queueId", _VIEW, show_queue),
    "get_routing_queue_wrapupcodes": _codes,
}
