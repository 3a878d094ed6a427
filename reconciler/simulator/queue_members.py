"""Members of queues, from the side of the queue and from that of a person (§13).

The list of members has page numbers and no totals; the deprecated list of users has both. Nothing cuts the
members themselves: who may see the queue sees everybody in it, whatever their divisions.
"""

from reconciler.simulator.call import Call, Handler
from reconciler.simulator.divided import found, visible
from reconciler.simulator.errors import invalid_value, not_found
from reconciler.simulator.members import members_of, routing_status
from reconciler.simulator.paging import page
from reconciler.simulator.people import show_user
from reconciler.simulator.queues import show_queue
from reconciler.simulator.world import Row

_MEMBERS = (
    "routing:queue:view",
    "routing:queue:edit",
    "routing:queue:readonly",
    "routing:queueMember:manage",
)
_USERS = ("routing:queue:view", "routing:queueMember:manage")
_USER_QUEUE = (
    "id", "name", "description", "division", "memberCount", "userMemberCount", "joinedMemberCount",
    "memberGroups", "selfUri",
)  # fmt: skip
_TOTALS = ("total", "pageCount", "lastUri")


def _chosen(call: Call, permissions: tuple[str, ...]) -> list[Row]:
    """Members of the queue of the path, narrowed by `memberBy`, `joined` and `name`."""
    by, joined = call.query.text("memberBy"), call.query.text("joined")
    if by not in (None, "user", "group"):
        raise invalid_value("memberBy", "expected user or group")
    rows = members_of(call.seen, found(call, "queues", call.path["queueId"], *permissions))
    name = (call.query.text("name") or "").casefold()
    return [
        row
        for row in rows
        if by in (None, row["memberBy"])
        and (joined is None or row["joined"] == call.query.flag("joined"))
        and name in call.seen.users.rows[row["userId"]]["name"].casefold()
    ]


def _member(call: Call, row: Row) -> Row:
    user = call.seen.users.rows[row["userId"]]
    uri = f"/api/v2/routing/queues/{call.path['queueId']}/members/{user['id']}"
    return {
        "id": user["id"],
        "name": user["name"],
        "user": show_user(call.seen, user),
        "joined": row["joined"],
        "memberBy": row["memberBy"],
        "ringNumber": 1,
        "routingStatus": routing_status(user),
        "selfUri": uri,
    }


def _members(call: Call) -> Row:
    answer = page(call, _chosen(call, _MEMBERS), lambda row: _member(call, row))
    return {name: value for name, value in answer.items() if name not in _TOTALS}


def _users(call: Call) -> Row:
    return page(call, _chosen(call, _USERS), lambda row: _member(call, row))


def _queues_of(call: Call) -> Row:
    """The queues of a person that the caller may see."""
    user = call.path["userId"]
    if user not in call.seen.users.rows:
        raise not_found("user", user)
    pairs = [
        (row, member["joined"])
        for row in visible(call, "queues", "routing:queue:view")
        for member in members_of(call.seen, row)
        if member["userId"] == user
    ]
    asked = call.query.text("joined")
    rows = [
        _user_queue(call, row) | {"joined": joined}
        for row, joined in pairs
        if asked is None or joined == call.query.flag("joined")
    ]
    return page(call, rows, lambda row: row)


def _user_queue(call: Call, row: Row) -> Row:
    whole = show_queue(call, row)
    return {name: whole[name] for name in _USER_QUEUE if name in whole}


OPERATIONS: dict[str, Handler] = {
    "get_routing_queue_members": _members,
    "get_routing_queue_users": _users,
    "get_user_queues": _queues_of,
}
