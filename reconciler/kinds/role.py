"""Roles: named sets of permissions.

A policy of the vendor is one (domain, entity, condition) with its actions; ours are single permissions.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import Field, StringConstraints, field_validator

from reconciler.kinds.base import EntrySpec, Model, Name, ObjectId, crud, keep, no_grants, override, required
from reconciler.model.access import Allows, Fact
from reconciler.model.kind import Collection, Declared, Problem, ResourceKind, Said
from reconciler.model.rule import Rule
from reconciler.model.state import Live
from reconciler.model.value import Fields, Json, Value, canonical

EXISTING = Rule(
    "manifest/existing",
    "A role that is only referred to is never written; what is declared beside it would have no effect.",
    "Remove what stands beside `existing`, or declare the role as ours.",
)

Permission = Annotated[
    str, StringConstraints(pattern="^[A-Za-z][A-Za-z0-9]*:[A-Za-z0-9]+:[A-Za-z][A-Za-z0-9]*$")
]


class ConditionalPermission(Model):
    """A permission with a condition. The proof ignores conditions: they can only narrow."""

    permission: Permission
    """`domain:entity:action`."""
    conditions: Annotated[dict[str, Any], Field(min_length=1)]
    """The vendor's condition node, word for word."""


class ExistingRole(Model):
    """A role that is not ours: granted and proved, never written. Give `name` or `id`."""

    name: Name = ""
    """Its exact name."""
    id: ObjectId = ""
    """Its id, where the name is not unique or may change."""


class RoleSpec(EntrySpec):
    """A set of permissions that clients, groups and users can be granted in divisions."""

    permissions: tuple[Permission | ConditionalPermission, ...] = ()
    """`domain:entity:action`, no wildcards; each once."""
    existing: ExistingRole | None = None
    """Refer to a role that is not ours instead of declaring one."""

    @field_validator("permissions", mode="after")
    @classmethod
    def _each_once(
        cls, value: tuple[Permission | ConditionalPermission, ...]
    ) -> tuple[Permission | ConditionalPermission, ...]:
        seen: set[tuple[str, str]] = set()
        for entry in map(_entry, value):
            if entry in seen:
                raise ValueError(f"permission `{entry[0]}` stands there twice")
            seen.add(entry)
        return value


def _entry(item: str | ConditionalPermission) -> tuple[str, str]:
    if isinstance(item, str):
        return item, ""
    return item.permission, canonical(item.conditions)


def _declare(spec: RoleSpec, owner: str, pairs: frozenset[tuple[Value, Value]]) -> Declared:
    fields = {
        "name": spec.name,
        "description": spec.description,
        "permissions": frozenset(_entry(item) for item in spec.permissions),
        "otherPermissions": frozenset[str](),
    }
    if spec.existing is None:
        return Declared(fields, problems=required(spec, "name", "permissions"))
    return Declared(fields, problems=_existing_problems(spec, spec.existing))


def _existing_problems(spec: RoleSpec, existing: ExistingRole) -> tuple[Problem, ...]:
    if not existing.name and not existing.id:
        return (_problem(("existing",), "`existing` names nothing", "give `name` or `id`"),)
    beyond = sorted(spec.model_fields_set - {"key", "existing"})
    return tuple(
        _problem(
            (name,),
            f"`{name}` beside `existing`: a role that is not ours is never written",
            f"remove `{name}`",
        )
        for name in beyond
    )


def _problem(steps: tuple[str, ...], message: str, remedy: str) -> Problem:
    return Problem(EXISTING, steps, message, remedy)


def _read(raw: Json) -> Fields:
    granted = frozenset(entry for policy in raw.get("permissionPolicies") or () for entry in _policy(policy))
    named = {permission for permission, _ in granted}
    return {
        "name": raw.get("name") or "",
        "description": raw.get("description") or "",
        "permissions": granted,
        # The older flat list: where it repeats the policies it says nothing new.
        "otherPermissions": frozenset(raw.get("permissions") or ()) - named,
    }


def _policy(policy: Json) -> Iterable[tuple[str, str]]:
    node = _condition(policy)
    prefix = f"{policy.get('domain')}:{policy.get('entityName')}:"
    return ((prefix + action, node) for action in policy.get("actionSet") or ())


def _condition(policy: Json) -> str:
    node = _without_none(policy.get("resourceConditionNode"))
    return canonical(node) if node else ""


def _without_none(node: Json) -> Json:
    if isinstance(node, dict):
        return {key: _without_none(item) for key, item in node.items() if item is not None}
    if isinstance(node, list):
        return [_without_none(item) for item in node]
    return node


def _write(fields: Fields, raw: Mapping[str, Json] | None) -> dict[str, Json]:
    """The policies, grouped as the vendor keeps them; what a live policy says beside is repeated."""
    groups: dict[tuple[str, str, str], set[str]] = {}
    for permission, condition in fields["permissions"]:
        domain, entity, action = permission.split(":", 2)
        groups.setdefault((domain, entity, condition), set()).add(action)
    live = {_group(policy): policy for policy in (raw or {}).get("permissionPolicies") or ()}
    body: dict[str, Json] = {
        "name": fields["name"],
        "description": fields["description"],
        "permissionPolicies": [_assemble(live.get(group), group, groups[group]) for group in sorted(groups)],
    }
    if fields["otherPermissions"]:
        body["permissions"] = sorted(fields["otherPermissions"])
    return body


def _group(policy: Json) -> tuple[str, str, str]:
    return policy.get("domain") or "", policy.get("entityName") or "", _condition(policy)


def _assemble(live: Json, group: tuple[str, str, str], actions: set[str]) -> dict[str, Json]:
    domain, entity, condition = group
    policy = {key: value for key, value in (live or {}).items() if value is not None}
    policy |= {"domain": domain, "entityName": entity, "actionSet": sorted(actions)}
    if condition:
        policy["resourceConditionNode"] = json.loads(condition)
    return policy


def _facts(identity: str, fields: Fields) -> Iterable[Fact]:
    for permission, condition in fields["permissions"]:
        yield Allows(identity, permission, bool(condition))
    for permission in fields["otherPermissions"]:
        yield Allows(identity, permission)


def _say(live: Live, grants: list[Said]) -> Said:
    """`otherPermissions` are beyond words: entries know permissions as policies have them."""
    permissions = [_worded(*entry) for entry in sorted(live.fields["permissions"])]
    return {
        "name": live.fields["name"],
        "description": live.fields["description"],
        "permissions": permissions,
    }


def _worded(permission: str, condition: str) -> Json:
    return {"permission": permission, "conditions": json.loads(condition)} if condition else permission


def _protected(raw: Json) -> str:
    return "it is one of the vendor's default roles" if raw.get("default") or raw.get("defaultRoleId") else ""


KIND = ResourceKind(
    name="role",
    section="roles",
    doc="A named set of permissions, granted to somebody in a division.",
    spec=RoleSpec,
    collection=Collection(
        path="/api/v2/authorization/roles",
        paged=True,
        query={"userCount": "false"},
        body_keys=frozenset({"permissionPolicies"}),
        gone=lambda raw: bool(raw.get("deleted")),
        protected=_protected,
        idle=lambda live: frozenset(live.raw.get("unusedPermissions") or ()),
        retired=keep,
    ),
    bare="own-or-org",
    grants=no_grants,
    declare=_declare,
    read=_read,
    write=_write,
    facts=_facts,
    compile=crud,
    merge=override,
    say=_say,
)
