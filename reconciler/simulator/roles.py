"""Roles: custom ones come and go, default ones keep their name and stay (§6)."""

from typing import Any

from reconciler.simulator.call import Call, Handler
from reconciler.simulator.divisions import drop_pairs
from reconciler.simulator.errors import ApiError, bad_request, not_found
from reconciler.simulator.filters import by_id, by_name, chosen
from reconciler.simulator.organization import grades
from reconciler.simulator.paging import page
from reconciler.simulator.rules import check_text, check_unique
from reconciler.simulator.world import Row, World

_PATH = "/api/v2/authorization/roles"


def role_row(key: str, name: str, description: str, policies: list[Row], default: str = "") -> Row:
    """A role as it is stored and shown; `default` is the defaultRoleId of a default role."""
    row: Row = {
        "id": key,
        "name": name,
        "description": description,
        "permissions": [],
        "permissionPolicies": [policy_row(policy) for policy in policies],
        "roleNeedsUpdate": False,
        "default": bool(default),
        "base": False,
        "selfUri": f"{_PATH}/{key}",
    }
    return row | ({"defaultRoleId": default} if default else {})


def policy_row(policy: Row) -> Row:
    """A permission policy as the vendor returns it: actions once each, nothing that was not said."""
    row: Row = {
        **{name: policy[name] for name in ("domain", "entityName") if policy.get(name) is not None},
        "actionSet": list(dict.fromkeys(policy.get("actionSet") or ())),
        "allowConditions": bool(policy.get("allowConditions")),
    }
    node = policy.get("resourceConditionNode")
    return row | ({"resourceConditionNode": node} if node else {})


def _holders(world: World, role: str) -> int:
    """Users that hold the role, directly or through a group."""
    found: set[str] = set()
    for row in world.grants.find(role):
        group = world.groups.rows.get(row["subjectId"])
        found.update(group["members"] if group else [row["subjectId"]] if row["type"] == "PC_USER" else [])
    return len(found)


def _show(call: Call, row: Row) -> Row:
    if call.org.on("policy-order", "reversed"):
        policies = [
            {**each, "actionSet": each["actionSet"][::-1]} for each in row["permissionPolicies"][::-1]
        ]
        row = row | {"permissionPolicies": policies}
    row = row | _unused(call, row)
    return row | {"userCount": _holders(call.seen, row["id"])} if call.query.flag("userCount", True) else row


def _unused(call: Call, row: Row) -> Row:
    """What the field of that name may mean: of the role's permissions, or of all others."""
    if call.org.on("unused-permissions", "idle"):
        idle = [each for each in row.get("unusedPermissions") or () if _gives(row, each)]
        return {"unusedPermissions": idle} if idle else {}
    return {"unusedPermissions": [each for each in sorted(grades()) if not _gives(row, each)]}


def _show_in_list(call: Call, row: Row) -> Row:
    shown = _show(call, row)
    if call.org.on("thin-roles", "off"):
        return shown
    return {name: value for name, value in shown.items() if name not in ("permissionPolicies", "permissions")}


def _list(call: Call) -> Row:
    """Filters: name (part, any case; the match rule is unknown), id, defaultRoleId, permission."""
    wanted = call.query.many("permission")
    allowing = (lambda row: all(_gives(row, permission) for permission in wanted)) if wanted else None
    defaults = by_id(call, "defaultRoleId", "defaultRoleId")
    rows = chosen(call.seen.roles.rows.values(), by_id(call), defaults, by_name(call), allowing)
    return page(call, rows, lambda row: _show_in_list(call, row))


def _gives(row: Row, permission: str) -> bool:
    domain, _, rest = permission.partition(":")
    entity, _, action = rest.partition(":")
    return any(
        policy.get("domain") == domain
        and policy.get("entityName") in (entity, "*")
        and not {action, "*"}.isdisjoint(policy["actionSet"])
        for policy in row["permissionPolicies"]
    )


def found_role(world: World, key: str) -> Row:
    """One role. Raises 404."""
    row = world.roles.rows.get(key)
    if row is None:
        raise not_found("role", key)
    return row


def _get(call: Call) -> Row:
    return _show(call, found_role(call.seen, call.path["roleId"]))


def _fields(call: Call) -> Row:
    """What a body may set. Policies that exist nowhere are accepted, as the vendor does."""
    return {
        "name": call.body["name"],
        "description": call.body.get("description") or "",
        "permissions": call.body.get("permissions") or [],
        "permissionPolicies": [policy_row(policy) for policy in call.body.get("permissionPolicies") or ()],
    }


def _create(call: Call) -> Row:
    fields = _fields(call)
    check_text(call, fields["name"], fields["description"])
    check_unique(call, "roles", fields["name"])
    row = role_row(call.org.sequence.new_id("role"), fields["name"], fields["description"], []) | fields
    call.org.put("roles", row["id"], row)
    return row | {"userCount": 0}


def _put(call: Call) -> Row:
    row, fields = found_role(call.org.live, call.path["roleId"]), _fields(call)
    if row["default"] and fields["name"] != row["name"]:
        raise bad_request(f"the default role {row['name']!r} cannot be renamed")
    check_text(call, fields["name"], fields["description"])
    check_unique(call, "roles", fields["name"], own=row["id"])
    row = row | fields
    call.org.put("roles", row["id"], row)
    return row


def _patch(call: Call) -> Row:
    """Only whether the role needs an update; all else in the body is passed over."""
    row = found_role(call.org.live, call.path["roleId"])
    row = row | {"roleNeedsUpdate": call.body.get("roleNeedsUpdate", row["roleNeedsUpdate"])}
    call.org.put("roles", row["id"], row)
    return row


def _delete(call: Call) -> None:
    row = found_role(call.org.live, call.path["roleId"])
    if row["default"]:
        raise bad_request(f"the default role {row['name']!r} cannot be deleted")
    if call.org.on("role-delete-granted", "refused") and call.org.live.grants.find(row["id"]):
        raise ApiError(400, "bad.request", "role {id} is still granted", {"id": row["id"]})
    call.org.put("roles", row["id"], None)
    drop_pairs(call, row["id"])


def _settings(call: Call) -> Row:
    return {name: value for name, value in call.org.fact("settings").items() if name != "name"}


def _put_settings(call: Call) -> Row:
    known: dict[str, Any] = call.org.fact("settings")
    changed = {name: value for name, value in call.body.items() if isinstance(known.get(name), bool)}
    call.org.put("facts", "settings", known | changed)
    return _settings(call)


OPERATIONS: dict[str, Handler] = {
    "get_authorization_roles": _list,
    "get_authorization_role": _get,
    "post_authorization_roles": _create,
    "put_authorization_role": _put,
    "patch_authorization_role": _patch,
    "delete_authorization_role": _delete,
    "get_authorization_roles_settings": _settings,
    "put_authorization_roles_settings": _put_settings,
}
