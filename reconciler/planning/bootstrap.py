"""The smallest roles that do: what to give a client that reads, writes or deletes, ready to paste.

Drawn from the table of rights, so that a role never asks for what no call needs.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Literal, NamedTuple

from reconciler.model.access import EVERYWHERE
from reconciler.model.plan import FORMAT_VERSION
from reconciler.model.value import Json
from reconciler.planning.rights import COMMANDS, permissions, purposes

Part = Literal["reader", "writer", "deleter"]
PARTS: tuple[Part, ...] = ("reader", "writer", "deleter")

_COMMAND: dict[Part, str] = {"reader": "plan", "writer": "apply", "deleter": "prune"}
_DOES: dict[Part, str] = {
    "reader": "validate, plan, drift and doctor; writes nothing",
    "writer": "also apply: creates, changes, grants and revokes; deletes nothing",
    "deleter": "also deletes what left the manifests, where they say `prune: true`",
}

_SHORT: dict[Part, str] = {
    "reader": "reads",
    "writer": "reads and applies",
    "deleter": "reads, applies and deletes",
}

TOKEN_SECONDS = 900
"""How long a token of the new client lives; a run that takes longer renews it."""

ROLE_ID = "ROLE_ID"
"""Stands for the id that creating the role answers with."""


class Right(NamedTuple):
    """One permission of a role and what it is for."""

    permission: str
    purposes: tuple[str, ...]


class Bootstrap(NamedTuple):
    """A role, and a client that holds it, as the vendor's API takes them."""

    part: Part
    does: str
    rights: tuple[Right, ...]
    role: dict[str, Json]
    client: dict[str, Json]


def bootstrap(part: Part) -> Bootstrap:
    """The smallest role of that part."""
    needs = COMMANDS[_COMMAND[part]]
    names = permissions(needs)
    rights = tuple(Right(name, purposes(name, needs)) for name in names)
    return Bootstrap(part, _DOES[part], rights, _role(part, names), _client(part))


def _role(part: Part, names: tuple[str, ...]) -> dict[str, Json]:
    actions: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name in names:
        domain, entity, action = name.split(":", 2)
        actions[domain, entity].append(action)
    policies = [
        {"domain": domain, "entityName": entity, "actionSet": found}
        for (domain, entity), found in actions.items()
    ]
    return {
        "name": f"Reconciler {part.capitalize()}",
        "description": f"For reconciler: {_SHORT[part]}",
        "permissionPolicies": policies,
    }


def _client(part: Part) -> dict[str, Json]:
    """In every division: a list that is cut to our own divisions looks complete."""
    return {
        "name": f"reconciler-{part}",
        "description": f"Signs in for reconciler ({part})",
        "authorizedGrantType": "CLIENT-CREDENTIALS",
        "accessTokenValiditySeconds": TOKEN_SECONDS,
        "state": "active",
        "roleDivisions": [{"roleId": ROLE_ID, "divisionId": EVERYWHERE}],
    }


def document(parts: tuple[Bootstrap, ...]) -> dict[str, Json]:
    """The bootstrap document."""
    return {"formatVersion": FORMAT_VERSION, "roles": [_part_document(part) for part in parts]}


def _part_document(found: Bootstrap) -> dict[str, Json]:
    return {
        "part": found.part,
        "does": found.does,
        "permissions": [right.permission for right in found.rights],
        "requests": [
            {"method": "POST", "path": "/api/v2/authorization/roles", "body": found.role},
            {"method": "POST", "path": "/api/v2/oauth/clients", "body": found.client},
        ],
    }
