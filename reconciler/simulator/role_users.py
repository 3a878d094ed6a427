"""Who holds a role, and what a user holds, in the older words of the API: without divisions (§7).

A role that is added to users this way has to be in some division all the same: which is open (switch
`role-users-division`). Taken away it is in every division. Only what is held directly is counted, listed,
added and taken away.
"""

from collections.abc import Iterator

from reconciler.simulator.access import EVERYWHERE, permissions_of, sources
from reconciler.simulator.call import Call, Handler
from reconciler.simulator.errors import not_found
from reconciler.simulator.grants import add_pairs, check_there
from reconciler.simulator.paging import page
from reconciler.simulator.roles import found_role
from reconciler.simulator.rules import granting_divisions
from reconciler.simulator.world import Pair, Row

_USER = "PC_USER"
_POLICY = ("domain", "entityName", "actionSet", "allowConditions")


def _list(call: Call) -> Row:
    role = found_role(call.seen, call.path["roleId"])["id"]
    rows = [row for row in call.seen.grants.find(role) if row["type"] == _USER]
    return page(call, rows, lambda row: _reference(row["subjectId"]), uris=False)


def _reference(key: str) -> Row:
    return {"id": key, "selfUri": f"/api/v2/users/{key}"}


def _users(call: Call) -> list[str]:
    """Who is named in the body, once each. Raises 404."""
    found_role(call.org.live, call.path["roleId"])
    for user in call.body:
        check_there(call, _USER, user)
    return list(dict.fromkeys(call.body))


def _add(call: Call) -> list[str]:
    """To all of them or to none; who holds the role elsewhere holds it here too."""
    users, home = _users(call), call.org.live.home()["id"]
    division = home if call.org.on("role-users-division", "home") else EVERYWHERE
    add_pairs(call, dict.fromkeys(users, _USER), [(call.path["roleId"], division)])
    return users


def _remove(call: Call) -> list[str]:
    """From all of them or from none; who does not hold it is passed over."""
    users, role = _users(call), call.path["roleId"]
    lost = {user: {pair for pair in call.org.live.pairs(user) if pair[0] == role} for user in users}
    granting_divisions(call, "authorization:grant:delete", set[Pair]().union(*lost.values()))
    for user, pairs in lost.items():
        held = call.org.live.pairs(user)
        if pairs:
            kept = {pair: grant for pair, grant in held.items() if pair not in pairs}
            call.org.set_pairs(user, _USER, kept)
    return users


def _counts(call: Call) -> Row:
    """Roles that each subject holds, however many divisions it holds them in."""
    return {key: len({role for role, _ in call.seen.pairs(key)}) for key in call.query.many("id")}


def _of_user(call: Call) -> Row:
    """Every role of a user, those of its groups too, and what they permit, wildcards as they are written.

    While a deletion settles, a reader may see a grant of a role that is gone: it gives nothing.
    """
    key = call.path["subjectId"]
    if key not in call.seen.users.rows:
        raise not_found("user", key)
    held = [pair[0] for source in sources(call.seen, key) for pair in call.seen.pairs(source)]
    rows = call.seen.roles.rows
    roles = [rows[role] for role in dict.fromkeys(held) if role in rows]
    permissions = [name for role in roles for name in (*role["permissions"], *permissions_of(role))]
    return {
        "roles": [{name: role[name] for name in ("id", "name")} for role in roles],
        "permissions": list(dict.fromkeys(permissions)),
        "permissionPolicies": [policy for role in roles for policy in _policies(role)],
    }


def _policies(role: Row) -> Iterator[Row]:
    for policy in role["permissionPolicies"]:
        shown = {name: policy[name] for name in _POLICY if name in policy}
        node = policy.get("resourceConditionNode")
        yield shown | ({"resourceConditionNode": _node(node)} if node else {})


def _node(node: Row) -> Row:
    """A condition in which people and queues are values, and no more than that."""
    shown = node | ({"operands": [_operand(each) for each in node["operands"]]} if "operands" in node else {})
    return shown | ({"terms": [_node(each) for each in node["terms"]]} if "terms" in node else {})


def _operand(operand: Row) -> Row:
    named = next(
        (operand[kind]["id"] for kind in ("user", "queue", "team") if "id" in operand.get(kind, ())), None
    )
    value = operand.get("value", named)
    kind = {"type": operand["type"]} if "type" in operand else {}
    return kind | ({"value": value} if value is not None else {})


OPERATIONS: dict[str, Handler] = {
    "get_authorization_role_users": _list,
    "put_authorization_role_users_add": _add,
    "put_authorization_role_users_remove": _remove,
    "get_authorization_subjects_rolecounts": _counts,
    "get_user_roles": _of_user,
}
