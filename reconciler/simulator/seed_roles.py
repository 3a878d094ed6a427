"""Roles of a seed: permissions in short become the vendor's policies."""

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.simulator.organization import catalogue
from reconciler.simulator.roles import role_row
from reconciler.simulator.seed_format import Entry
from reconciler.simulator.world import Row


def seeded_role(key: str, entry: Entry, queues: Mapping[str, str]) -> Row:
    """A role as it is stored; `queues` gives ids for the names in conditions. Raises ValueError."""
    name = str(entry["name"])
    default = name.lower().replace(" ", "-") if entry.get("default") else ""
    row = role_row(key, name, entry.get("description") or "", list(_policies(entry, queues)), default)
    row |= {"permissions": entry.get("legacyPermissions") or []}
    unused = entry.get("unusedPermissions")
    return row | ({"unusedPermissions": unused} if unused else {})


def _policies(entry: Entry, queues: Mapping[str, str]) -> Iterator[Row]:
    """A policy for all actions on one entity, and one for each permission that has a condition."""
    plain: dict[tuple[str, str], list[str]] = {}
    for permission in _plain(entry):
        domain, entity, action = permission.split(":")
        plain.setdefault((domain, entity), []).append(action)
    for (domain, entity), actions in plain.items():
        yield {"domain": domain, "entityName": entity, "actionSet": actions}
    for given in entry.get("permissions") or ():
        if isinstance(given, dict):
            domain, entity, action = given["permission"].split(":")
            policy = {"domain": domain, "entityName": entity, "actionSet": [action], "allowConditions": True}
            yield policy | {"resourceConditionNode": _condition(given["condition"], queues)}


def _plain(entry: Entry) -> Iterator[str]:
    for permission in entry.get("permissions") or ():
        if permission == "*":
            yield from (f"{row['domain']}:*:*" for row in catalogue())
        elif isinstance(permission, str):
            yield permission


def _condition(node: Any, queues: Mapping[str, str]) -> Any:
    """The node with its queues as the vendor refers to them."""
    if isinstance(node, list):
        return [_condition(each, queues) for each in node]
    if not isinstance(node, dict):
        return node
    return {
        key: _queue(value, queues) if key == "queue" else _condition(value, queues)
        for key, value in node.items()
    }


def _queue(name: Any, queues: Mapping[str, str]) -> Row:
    if not isinstance(name, str) or name not in queues:
        raise ValueError(f"a condition names {name!r}, which is not among the queues")
    return {"id": queues[name], "name": name, "selfUri": f"/api/v2/routing/queues/{queues[name]}"}
