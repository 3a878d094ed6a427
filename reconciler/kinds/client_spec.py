"""What an author may say about an OAuth client, and what is wrong with it seen alone."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints, WithJsonSchema

from reconciler.kinds.base import EntrySpec, Key, Model
from reconciler.kinds.pairs_spec import Divisions, Grant, Share
from reconciler.model.finding import Severity
from reconciler.model.kind import Problem
from reconciler.model.rotation import Mode, Upkeep
from reconciler.model.rule import Rule

CODE_CLIENT = Rule(
    "manifest/code-client",
    "With a client that users sign in with, the users' grants decide; grants of its own have no "
    "effect, and without a redirect address nobody can sign in.",
    "Remove `grants`, add `redirectUris`.",
)
CREDENTIALS_CLIENT = Rule(
    "manifest/credentials-client",
    "Scopes and redirect addresses have no effect on a client that signs in with a secret; only its "
    "grants confine it.",
    "Remove the field; write `grants`.",
)
APP_SECRET = Rule(
    "manifest/app-secret",
    "An app in a browser or on somebody's desk is open to whoever uses it: a secret in it is everybody's. "
    "Such apps sign people in without one, by a code and a proof key (PKCE).",
    "Leave `secret` out; only an app with a server of its own can keep one.",
)
NO_SINK = Rule(
    "manifest/no-sink",
    "The vendor shows a secret once. A client whose secret goes nowhere can be used by nobody, or the "
    "secret ends up where it should not.",
    "Add `secret: {sink: NAME}`, a sink of the Org document.",
)
EXTERNAL_SINK = Rule(
    "manifest/external-sink",
    "`external` says that somebody else keeps the secret already; of a client that we create nobody does.",
    "Add `adopt:`, or name a sink.",
)

EXTERNAL = "external"
"""The sink of a client whose secret somebody else looks after."""

Uri = Annotated[str, StringConstraints(pattern="^(https://|http://localhost)[^\\s]*$", max_length=2000)]
Scope = Annotated[str, StringConstraints(pattern="^[a-z0-9-]+(:readonly)?$")]

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


class Rotate(Model):
    """When a secret is due for rotation and how it is done; `secrets rotate` acts on it."""

    after_days: Annotated[int, Field(strict=True, ge=1, le=3650)]
    """Days after which the secret is due."""
    mode: Mode = "in-place"
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
    sign_in: Share | None = None
    """CODE only: who answers for people who sign in and reach further than this client's owner."""
    grants: tuple[Grant, ...] = ()
    """Roles in divisions; a division is always named."""
    confine: Divisions = ()
    """Divisions that it may not leave, whatever it is granted: own ones, or `org/KEY`."""
    secret: SecretTarget | None = None
    """Required for client credentials."""


def upkeep_of(spec: ClientSpec) -> Upkeep | None:
    """How its secret is looked after; None where there is none that anybody would look after."""
    if spec.secret is None:
        return None
    rotate = spec.secret.rotate
    external = spec.secret.sink == EXTERNAL
    return Upkeep(external, rotate.after_days, rotate.mode) if rotate else Upkeep(external)


def problems(spec: ClientSpec) -> tuple[Problem, ...]:
    """What the two grant types forbid each other, and secrets without a road."""
    return tuple(_code_problems(spec) if spec.grant_type == "CODE" else _credentials_problems(spec))


def _code_problems(spec: ClientSpec) -> list[Problem]:
    found = []
    if spec.grants:
        text = "a CODE client holds no grants: it reaches what its users reach"
        found.append(Problem(CODE_CLIENT, ("grants",), text, "remove `grants`"))
    if spec.confine:
        text = "a CODE client cannot be confined: it reaches what its users reach"
        found.append(Problem(CODE_CLIENT, ("confine",), text, "remove `confine`; grant the users less"))
    if spec.secret and spec.secret.sink != EXTERNAL:
        text = "a CODE client works without a secret, and in a browser it is none"
        remedy = "leave `secret` out, unless a server of the app's own keeps it"
        found.append(Problem(APP_SECRET, ("secret",), text, remedy, Severity.WARNING))
    if not spec.redirect_uris:
        text = "a CODE client needs `redirectUris`"
        found.append(Problem(CODE_CLIENT, (), text, "add `redirectUris:` with at least one https address"))
    return found


def _credentials_problems(spec: ClientSpec) -> list[Problem]:
    found = []
    for field, alias in (("redirect_uris", "redirectUris"), ("scopes", "scopes"), ("sign_in", "signIn")):
        if getattr(spec, field):
            text = f"`{alias}` has no effect on a client-credentials client"
            remedy = f"remove `{alias}`; what confines a client are its `grants`"
            found.append(Problem(CREDENTIALS_CLIENT, (alias,), text, remedy))
    if spec.secret is None:
        text = "a client-credentials client without `secret`: nobody would ever learn its secret"
        found.append(Problem(NO_SINK, (), text, "add `secret: {sink: NAME}`, a sink of the Org document"))
    elif spec.secret.sink == EXTERNAL and not (spec.adopt or spec.id):
        text = "`sink: external` is for a client that is already there"
        found.append(Problem(EXTERNAL_SINK, ("secret", "sink"), text, "add `adopt:`, or name a sink"))
    return found
