"""Resources of the vendor's provider as the vendor's own bodies.

Attributes are those of its published schemas (v1.84). What a state cannot tell for sure raises `Unsure`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from reconciler.loading.terraform.attributes import Attributes
from reconciler.model.access import EVERYWHERE
from reconciler.model.estate import HOME
from reconciler.model.value import Json

Body = dict[str, Json]


class Unsure(Exception):
    """Why a state does not say enough of an object, in words."""


class Shape(NamedTuple):
    """A resource type: the vendor's collection, how its body is read, and the sort of a subject."""

    path: str
    body: Callable[[Attributes], Body]
    sort: str = ""


def _division(said: Attributes) -> Body:
    return _common(said) | {"homeDivision": said.flag("home")}


def _role(said: Attributes) -> Body:
    policies = said.blocks("permission_policies")
    if any(policy.blocks("conditions") for policy in policies):
        raise Unsure("it has conditions, and a state keeps them in another order and with less than is there")
    return _common(said) | {
        "defaultRoleId": said.text("default_role_id") or None,
        "permissions": said.texts("permissions"),
        "permissionPolicies": [
            {
                "domain": policy.text("domain"),
                "entityName": policy.text("entity_name"),
                "actionSet": policy.texts("action_set"),
            }
            for policy in policies
        ],
    }


def _client(said: Attributes) -> Body:
    """Neither `client_secret` nor any other attribute that may hold one is asked for."""
    return _common(said) | {
        "authorizedGrantType": said.text("authorized_grant_type"),
        "accessTokenValiditySeconds": said.number("access_token_validity_seconds"),
        "registeredRedirectUri": said.texts("registered_redirect_uris"),
        "scope": said.texts("scopes"),
        "state": said.text("state") or "active",
        "roleDivisions": [
            {"roleId": _role_id(each), "divisionId": each.id("division_id", EVERYWHERE) or HOME}
            for each in said.blocks("roles")
        ],
    }


def _common(said: Attributes) -> Body:
    name = said.text("name")
    if not name:
        raise Unsure("the state does not say its name")
    return {"name": name, "description": said.text("description")}


def _subject(field: str) -> Callable[[Attributes], Body]:
    """A subject: one of no division holds the role in Home."""

    def read(said: Attributes) -> Body:
        pairs = [
            [_role_id(each), division]
            for each in said.blocks("roles")
            for division in each.ids("division_ids", EVERYWHERE) or [HOME]
        ]
        return {"id": said.id(field), "pairs": pairs}

    return read


def _role_id(said: Attributes) -> str:
    found = said.id("role_id")
    if not found:
        raise Unsure("it holds a role whose id the state does not say")
    return found


_SUBJECTS = "/api/v2/authorization/subjects"

SHAPES = {
    "genesyscloud_auth_division": Shape("/api/v2/authorization/divisions", _division),
    "genesyscloud_auth_role": Shape("/api/v2/authorization/roles", _role),
    "genesyscloud_oauth_client": Shape("/api/v2/oauth/clients", _client),
    "genesyscloud_user_roles": Shape(_SUBJECTS, _subject("user_id"), "user"),
    "genesyscloud_group_roles": Shape(_SUBJECTS, _subject("group_id"), "group"),
}
"""What is converted."""

NAMES = {"genesyscloud_user": "email", "genesyscloud_group": "name"}
"""Where a state says what people are called, and by which attribute manifests call them."""
