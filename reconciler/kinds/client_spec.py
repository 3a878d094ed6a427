"""What an author may say about an OAuth client, and what is wrong with it seen alone."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints, WithJsonSchema, field_validator

from reconciler.kinds.base import EntrySpec, Key, Model, override
from reconciler.model.access import OWN, DeclaredGrant
from reconciler.model.access import Share as ShareValue
from reconciler.model.address import NAME_PATTERN
from reconciler.model.kind import Problem

EXTERNAL = "external"
"""The sink of a client whose secret somebody else looks after."""

Reference = Annotated[str, StringConstraints(pattern=f"^(?:{NAME_PATTERN}/)?{NAME_PATTERN}$")]
Uri = Annotated[str, StringConstraints(pattern="^(https://|http://localhost)[^\\s]*$", max_length=2000)]
Scope = Annotated[str, StringConstraints(pattern="^[a-z0-9-]+(:readonly)?$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=200)]

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_DURATION = "^[1-9][0-9]{0,6}[smhd]$"


def _seconds(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(_DURATION, value):
        return int(value[:-1]) * _UNITS[value[-1]]
    return value


TokenSeconds = Annotated[
    int,
    BeforeValidator(_seconds),
    Field(strict=True, ge=300, le=172_800),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 300, "maximum": 172_800},
                {"type": "string", "pattern": _DURATION},
            ]
        }
    ),
]


class Share(Model):
    """Why a grant may leave its owner's divisions; required exactly there."""

    reason: Text
    """For whoever reviews it."""
    owner: Text
    """Who answers for it, an e-mail address as a rule."""
    expires: Annotated[str, StringConstraints(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    """YYYY-MM-DD, UTC; holds through that day."""

    @field_validator("expires")
    @classmethod
    def _is_a_day(cls, value: str) -> str:
        date.fromisoformat(value)
        return value


class Grant(Model):
    """A role in divisions."""

    role: Reference
    """`key` (own, else shared) or `owner/key`."""
    divisions: Literal["own", "*"] | Annotated[tuple[Reference, ...], Field(min_length=1)]
    """A list of divisions, `own` (all this tenant declares), or `*` (Shared only, with `share`)."""
    share: Share | None = None
    """Required where a division belongs to another tenant, and for `*`."""

    @field_validator("divisions")
    @classmethod
    def _each_once(cls, value: Any) -> Any:
        if isinstance(value, tuple) and len(set(value)) < len(value):
            raise ValueError("a division stands there twice")
        return value


class Rotate(Model):
    """When a secret is due for rotation and how it is done; `secrets rotate` acts on it."""

    after_days: Annotated[int, Field(strict=True, ge=1, le=3650)]
    """Days after which the secret is due."""
    mode: Literal["in-place", "overlap"] = "in-place"
    """`overlap`: a second client, then the first retires; `in-place`: the secret is replaced."""


class SecretTarget(Model):
    """Where the secret goes. It is shown once and never stored by us."""

    sink: Key
    """A sink of the Org document, or `external` for an adopted client whose secret is elsewhere."""
    rotate: Rotate | None = None
    """Leave out: never due."""


class ClientSpec(EntrySpec):
    """An OAuth client and its grants."""

    grant_type: Literal["CLIENT-CREDENTIALS", "CODE"] = "CLIENT-CREDENTIALS"
    """CODE acts for the users who sign in: it takes redirectUris and scopes, no grants."""
    token_seconds: TokenSeconds = 3600
    """Life of an access token, in seconds or as `1h`; 300 to 172800 (source: OAuthClientRequest)."""
    redirect_uris: tuple[Uri, ...] = ()
    """CODE only."""
    scopes: tuple[Scope, ...] = ()
    """CODE only, e.g. `routing:readonly`; a scope never confines a client-credentials client."""
    grants: tuple[Grant, ...] = ()
    """Roles in divisions; a division is always named."""
    secret: SecretTarget | None = None
    """Required for client credentials."""


def declared_grants(spec: ClientSpec) -> tuple[DeclaredGrant, ...]:
    """The client's grants as written."""
    return tuple(_declared(grant, index) for index, grant in enumerate(spec.grants))


def _declared(grant: Grant, index: int) -> DeclaredGrant:
    share = ShareValue(grant.share.reason, grant.share.owner, grant.share.expires) if grant.share else None
    return DeclaredGrant(grant.role, grant.divisions, share, ("grants", index))


def problems(spec: ClientSpec) -> tuple[Problem, ...]:
    """What the two grant types forbid each other, and secrets without a road."""
    return tuple(_code_problems(spec) if spec.grant_type == "CODE" else _credentials_problems(spec))


def _code_problems(spec: ClientSpec) -> list[Problem]:
    found = []
    if spec.grants:
        text = "a CODE client holds no grants: it reaches what its users reach"
        found.append(Problem("manifest/code-client", ("grants",), text, "remove `grants`"))
    if not spec.redirect_uris:
        text = "a CODE client needs `redirectUris`"
        found.append(
            Problem("manifest/code-client", (), text, "add `redirectUris:` with at least one https address")
        )
    return found


def _credentials_problems(spec: ClientSpec) -> list[Problem]:
    found = []
    for field, alias in (("redirect_uris", "redirectUris"), ("scopes", "scopes")):
        if getattr(spec, field):
            text = f"`{alias}` has no effect on a client-credentials client"
            remedy = f"remove `{alias}`; what confines a client are its `grants`"
            found.append(Problem("manifest/credentials-client", (alias,), text, remedy))
    if spec.secret is None:
        text = "a client-credentials client without `secret`: nobody would ever learn its secret"
        found.append(
            Problem("manifest/no-sink", (), text, "add `secret: {sink: NAME}`, a sink of the Org document")
        )
    elif spec.secret.sink == EXTERNAL and not (spec.adopt or spec.id):
        text = "`sink: external` is for a client that is already there"
        found.append(
            Problem("manifest/external-sink", ("secret", "sink"), text, "add `adopt:`, or name a sink")
        )
    return found


def merge(base: ClientSpec, tenant: ClientSpec) -> tuple[ClientSpec, tuple[Problem, ...]]:
    """A profile's client with the tenant's words; `own` may be narrowed to some of its divisions."""
    identity = tenant.model_copy()
    object.__setattr__(identity, "__pydantic_fields_set__", tenant.model_fields_set - {"grants"})
    merged, found = override(base, identity)
    narrowed, refused = _narrowed(base.grants, tenant.grants)
    return merged.model_copy(update={"grants": narrowed}), found + refused


def _narrowed(
    base: tuple[Grant, ...], tenant: tuple[Grant, ...]
) -> tuple[tuple[Grant, ...], tuple[Problem, ...]]:
    grants, refused = list(base), []
    for index, grant in enumerate(tenant):
        place = next(
            (i for i, item in enumerate(base) if item.role == grant.role and item.divisions == OWN), None
        )
        if (
            place is None
            or isinstance(grant.divisions, str)
            or grant.share
            or any("/" in d for d in grant.divisions)
        ):
            refused.append(_not_a_narrowing(index, grant.role))
        else:
            grants[place] = grant
    return tuple(grants), tuple(refused)


def _not_a_narrowing(index: int, role: str) -> Problem:
    return Problem(
        "manifest/profile-override",
        ("grants", index),
        f"this does not narrow what the profile grants of `{role}`",
        "a tenant may only replace `divisions: own` of the profile by some of its own divisions",
    )
