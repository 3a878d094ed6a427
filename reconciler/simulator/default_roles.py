"""Default roles as the vendor delivers them: compared with, added where missing, restored (§6).

What is delivered is what the seed says of them. Custom roles are never touched.
"""

import json
from collections.abc import Iterable

from reconciler.simulator.call import Call, Handler
from reconciler.simulator.errors import bad_request, invalid_value, not_found
from reconciler.simulator.paging import unpaged
from reconciler.simulator.roles import found_role, policy_row
from reconciler.simulator.rules import check_unique
from reconciler.simulator.world import Row

_Actions = dict[str, dict[str, None]]
"""Actions by domain, entity and condition."""


def _restored(call: Call, delivered: Iterable[Row]) -> Row:
    """These default roles, all of them as they were delivered: or none, if one may not come back."""
    changed = [row for row in delivered if call.org.live.roles.rows.get(row["id"]) != row]
    for row in changed:
        check_unique(call, "roles", row["name"], own=row["id"])
    for row in changed:
        call.org.put("roles", row["id"], row)
    return unpaged(call.query, list(delivered))


def _restore_all(call: Call) -> Row:
    """Without `force` only what is missing; the answer is every default role as it is then."""
    delivered, present = call.org.live.default_roles.rows, call.org.live.roles.rows
    if call.query.flag("force"):
        return _restored(call, delivered.values())
    return _restored(call, [present.get(key, row) for key, row in delivered.items()])


def _restore_named(call: Call) -> Row:
    delivered = call.org.live.default_roles.rows
    for each in call.body:
        if "id" not in each:
            raise invalid_value("id", "each role to restore is named by its id")
        if each["id"] not in delivered:
            raise bad_request(f"{found_role(call.org.live, each['id'])['name']!r} is no default role")
    return _restored(call, [delivered[key] for key in dict.fromkeys(each["id"] for each in call.body)])


def _default(call: Call) -> Row:
    """What the vendor delivers as the right role: known by its id or by its `defaultRoleId`."""
    key = call.path["rightRoleId"]
    for row in call.seen.default_roles.rows.values():
        if key in (row["id"], row["defaultRoleId"]):
            return row
    raise not_found("default role", key)


def _compare(call: Call) -> Row:
    """What the left role has beyond the default one was added to it; what it lacks was removed."""
    role, default = found_role(call.seen, call.path["leftRoleId"]), _default(call)
    own, delivered = _actions(role), _actions(default)
    return {
        "addedPermissionPolicies": _policies(own, delivered, shared=False),
        "removedPermissionPolicies": _policies(delivered, own, shared=False),
        "samePermissionPolicies": _policies(own, delivered, shared=True),
        "userOrgRole": role,
        "roleFromDefault": default,
    }


def _actions(role: Row) -> _Actions:
    found: _Actions = {}
    for policy in role["permissionPolicies"]:
        bare = {name: value for name, value in policy.items() if name != "actionSet"}
        found.setdefault(json.dumps(bare, sort_keys=True), {}).update(dict.fromkeys(policy["actionSet"]))
    return found


def _policies(one: _Actions, other: _Actions, shared: bool) -> list[Row]:
    """Policies of one side with those actions that the other has as well, or that it lacks."""
    rows = []
    for bare, actions in one.items():
        kept = [each for each in actions if (each in other.get(bare, ())) == shared]
        if kept:
            rows.append(policy_row(json.loads(bare) | {"actionSet": kept}))
    return rows


OPERATIONS: dict[str, Handler] = {
    "post_authorization_roles_default": _restore_all,
    "put_authorization_roles_default": _restore_named,
    "get_authorization_role_comparedefault_right_role_id": _compare,
}
