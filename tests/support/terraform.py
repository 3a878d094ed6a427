"""What `terraform show -json` prints of an organisation that the vendor's provider manages whole.

Written from the provider's published schemas and Terraform's JSON format, not from what reads it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

PROVIDER = "registry.terraform.io/mypurecloud/genesyscloud"
SECRET = "tfstate-secret-0d9f4b7c2a6e"
"""What `expose_client_secret` leaves in a state."""

State = dict[str, Any]


def entry(type_: str, label: str, values: Mapping[str, Any], **more: Any) -> State:
    """One resource of the root module. `key` makes it one instance of several, `mode` a data source."""
    mode = more.pop("mode", "managed")
    key = more.pop("key", None)
    address = f"{'data.' if mode == 'data' else ''}{type_}.{label}"
    found = {"address": address, "mode": mode, "type": type_, "name": label, "provider_name": PROVIDER}
    if key is not None:
        found |= {"address": f"{address}[{json.dumps(key)}]", "index": key}
    found |= {"schema_version": 1, "values": dict(values), "sensitive_values": {}}
    return found | more


def state(*resources: State, children: Iterable[State] = ()) -> State:
    """The whole document."""
    module: State = {"resources": list(resources)}
    if children := list(children):
        module["child_modules"] = children
    return {"format_version": "1.0", "terraform_version": "1.9.8", "values": {"root_module": module}}


def plan(prior: State, *changes: tuple[State, list[str]]) -> State:
    """A plan that was made from a state, and what it would do."""
    listed = [
        {key: each[key] for key in ("address", "mode", "type", "name")} | {"change": {"actions": actions}}
        for each, actions in changes
    ]
    return {
        "format_version": "1.2",
        "terraform_version": "1.9.8",
        "planned_values": {"root_module": {"resources": []}},
        "resource_changes": listed,
        "prior_state": prior,
    }


def within(module: str, *resources: State) -> State:
    """A child module that holds these."""
    held = [each | {"address": f"{module}.{each['address']}"} for each in resources]
    return {"address": module, "resources": held}


def division(row: Mapping[str, Any]) -> State:
    return {
        "id": row["id"],
        "name": row["name"],
        "description": row.get("description") or None,
        "home": bool(row.get("homeDivision")),
    }


def role(row: Mapping[str, Any]) -> State:
    policies = [
        {
            "domain": each["domain"],
            "entity_name": each["entityName"],
            "action_set": sorted(each["actionSet"]),
            "conditions": _conditions(each.get("resourceConditionNode")),
        }
        for each in row["permissionPolicies"]
    ]
    return {
        "id": row["id"],
        "name": row["name"],
        "description": row.get("description") or None,
        "permissions": row.get("permissions") or None,
        "permission_policies": policies,
        "default_role_id": row.get("defaultRoleId"),
    }


def _conditions(node: Mapping[str, Any] | None) -> list[State]:
    if not node:
        return []
    terms = [
        {
            "variable_name": each.get("variableName"),
            "operator": each.get("operator"),
            "operands": [
                {"type": one.get("type"), "value": one.get("value"), "queue_id": "", "user_id": ""}
                for one in each.get("operands") or ()
            ],
        }
        for each in node.get("terms") or ()
    ]
    return [{"conjunction": node.get("conjunction"), "terms": terms}]


def client(row: Mapping[str, Any]) -> State:
    return {
        "id": row["id"],
        "client_id": row["id"],
        "name": row["name"],
        "description": row.get("description") or None,
        "access_token_validity_seconds": row["accessTokenValiditySeconds"],
        "authorized_grant_type": row["authorizedGrantType"],
        "registered_redirect_uris": row.get("registeredRedirectUri") or None,
        "scopes": row.get("scope") or None,
        "state": row["state"],
        "roles": [
            {"role_id": pair["roleId"], "division_id": pair["divisionId"]}
            for pair in row.get("roleDivisions") or ()
        ],
        "expose_client_secret": True,
        "client_secret": SECRET,
        "directory_client_secret": None,
        "integration_credential_id": None,
        "integration_credential_name": None,
    }


def holds(sort: str, identity: str, pairs: Iterable[tuple[str, str]]) -> State:
    """What a user or a group holds; `sort` is `user` or `group`."""
    walls: dict[str, list[str]] = defaultdict(list)
    for role_id, wall in pairs:
        walls[role_id].append(wall)
    roles = [{"role_id": role_id, "division_ids": sorted(found)} for role_id, found in sorted(walls.items())]
    return {"id": identity, f"{sort}_id": identity, "roles": roles}


def whole(snapshot: Mapping[str, Any], without: Iterable[str] = ()) -> State:
    """An organisation that Terraform manages whole, but for its own people, defaults, and `without`.

    Divisions are instances of one block, clients lie in a module that is used once for each.
    """
    skipped = set(without)
    divisions = [each for each in snapshot["divisions"] if not each.get("homeDivision")]
    roles = [each for each in snapshot["roles"] if not (each.get("default") or each.get("defaultRoleId"))]
    clients = [
        each for each in snapshot["clients"] if each["id"] not in skipped and each["state"] != "deleted"
    ]
    held: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for grant in snapshot["grants"]:
        held[grant["subjectType"], grant["subjectId"]].append((grant["roleId"], grant["divisionId"]))
    root = [entry("genesyscloud_auth_division", "this", division(each), key=each["id"]) for each in divisions]
    root += [entry("genesyscloud_auth_role", f"r{i}", role(each)) for i, each in enumerate(roles)]
    for sort, section, field in (("user", "users", "email"), ("group", "groups", "name")):
        for i, each in enumerate(snapshot[section]):
            known = {"id": each["id"], "name": each["name"], field: each[field]}
            root.append(entry(f"genesyscloud_{sort}", f"{sort}{i}", known, mode="data"))
            if pairs := held.get((f"PC_{sort.upper()}", each["id"])):
                root.append(entry(f"genesyscloud_{sort}_roles", f"{sort}{i}", holds(sort, each["id"], pairs)))
    root.append(entry("genesyscloud_routing_queue", "other", {"id": "q", "name": "Queue"}))
    hidden = {"client_secret": True}
    children = [
        within(
            f"module.app[{json.dumps(each['id'])}]",
            entry("genesyscloud_oauth_client", "this", client(each), sensitive_values=hidden),
        )
        for each in clients
    ]
    return state(*root, children=children)
