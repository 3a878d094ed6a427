"""OAuth clients: what a tenant's programs sign in with. Only its grants confine a client.

Fields follow `OAuthClientRequest`; a client-credentials client holds pairs, any other kind of
client acts for its users. The secret is shown once, on creation or on POST `/secret`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconciler.kinds.base import echo
from reconciler.kinds.client_birth import compile_client
from reconciler.kinds.client_spec import EXTERNAL, ClientSpec, problems, upkeep_of
from reconciler.kinds.pairs_spec import declared, merging
from reconciler.kinds.subject import SUBJECT_VIEW, direct_pairs, holds
from reconciler.model.access import ActsFor, DeclaredCeiling, DeclaredGrant, Fact
from reconciler.model.kind import Collection, Declared, ResourceKind, Said, SecondView
from reconciler.model.state import Live
from reconciler.model.tokens import Tokens, Way
from reconciler.model.value import Fields, Json, Value, plain

_CREDENTIALS = "CLIENT-CREDENTIALS"


def _declare(spec: ClientSpec, owner: str, pairs: frozenset[tuple[Value, Value]]) -> Declared:
    fields = {
        "name": spec.name or f"{owner}-{spec.key}",
        "description": spec.description,
        "grantType": spec.grant_type,
        "tokenSeconds": spec.token_seconds,
        "redirectUris": frozenset(spec.redirect_uris),
        "scopes": frozenset(spec.scopes),
        "state": "active",
        "grants": pairs,
    }
    sink = spec.secret.sink if spec.secret and spec.secret.sink != EXTERNAL else ""
    accepted = spec.sign_in.value() if spec.sign_in else None
    ceiling = DeclaredCeiling(spec.confine, ("confine",)) if spec.confine else None
    return Declared(fields, sink, problems(spec), accepted, ("signIn",), ceiling, upkeep_of(spec))


def _read(raw: Json) -> Fields:
    """The modelled fields. What has no effect on a client-credentials client is not looked at."""
    bounded = raw if raw.get("authorizedGrantType") != _CREDENTIALS else {}
    return {
        "name": raw.get("name") or "",
        "description": raw.get("description") or "",
        "grantType": raw.get("authorizedGrantType") or "",
        "tokenSeconds": raw.get("accessTokenValiditySeconds") or 86_400,
        "redirectUris": frozenset(bounded.get("registeredRedirectUri") or ()),
        "scopes": frozenset(bounded.get("scope") or ()),
        "state": raw.get("state") or "active",
        "grants": frozenset(
            [(pair["roleId"], pair["divisionId"]) for pair in raw.get("roleDivisions") or ()]
        ),
    }


_NEVER_SENT = frozenset(
    {"id", "secret", "roleIds", "dateCreated", "dateModified", "createdBy", "modifiedBy", "selfUri"}
    | {"scope", "registeredRedirectUri", "roleDivisions"}
)


def _write(fields: Fields, raw: Mapping[str, Json] | None) -> dict[str, Json]:
    """A full replace. `scope` and redirect URIs are sent only where the vendor gives them a meaning."""
    body = echo(raw, _NEVER_SENT) | {
        "name": fields["name"],
        "description": fields["description"],
        "authorizedGrantType": fields["grantType"],
        "accessTokenValiditySeconds": fields["tokenSeconds"],
        "state": fields["state"],
        "roleDivisions": [
            {"roleId": role, "divisionId": division} for role, division in plain(fields["grants"])
        ],
    }
    if fields["state"] == "active":
        body.pop("dateToDelete", None)  # repeated, it would take a revived client away after all
    if fields["grantType"] != _CREDENTIALS:
        body["registeredRedirectUri"] = sorted(fields["redirectUris"])
        body["scope"] = sorted(fields["scopes"])
    return body


def _facts(identity: str, fields: Fields) -> Iterable[Fact]:
    if fields["grantType"] not in (_CREDENTIALS, ""):
        yield ActsFor(identity)
    yield from holds(identity, fields["grants"])


def _grants(spec: ClientSpec) -> tuple[DeclaredGrant, ...]:
    return declared(spec.grants, "grants")


def _say(live: Live, grants: list[Said]) -> Said:
    """Its secret is where it is; the pinned id says that the client is there, before and after adoption."""
    fields = live.fields
    said: Said = {"id": live.id} | {
        name: fields[name] for name in ("name", "description", "grantType", "tokenSeconds")
    }
    if fields["grantType"] != _CREDENTIALS:
        return said | {"redirectUris": plain(fields["redirectUris"]), "scopes": plain(fields["scopes"])}
    return said | {"grants": grants, "secret": {"sink": EXTERNAL}}


def _retired(fields: Fields, prune: bool) -> Fields:
    stripped = {**fields, "grants": frozenset[Value]()}
    return {**stripped, "state": "inactive"} if prune else stripped


_WAYS = {
    _CREDENTIALS: Way.SECRET,
    "CODE": Way.USERS,
    "TOKEN": Way.IMPLICIT,
    "PASSWORD": Way.PASSWORD,
}


def _tokens(live: Live) -> Tokens:
    fields = live.fields
    way = _WAYS.get(fields["grantType"], Way.OTHER)
    ends, made = (live.raw.get(name) or "" for name in ("dateToDelete", "dateCreated"))
    return Tokens(way, fields["tokenSeconds"], fields["scopes"], ends, made)


KIND = ResourceKind(
    name="client",
    section="clients",
    doc="An OAuth client: what a program signs in with. Its grants, and nothing else, confine it.",
    spec=ClientSpec,
    collection=Collection(
        path="/api/v2/oauth/clients",
        paged=False,
        query={},
        body_keys=frozenset({"roleDivisions"}),
        gone=lambda raw: raw.get("state") == "deleted",
        protected=lambda raw: "",
        retired=_retired,
        second=SecondView(SUBJECT_VIEW, "grants", direct_pairs),
        tokens=_tokens,
    ),
    bare="own",
    grants=_grants,
    declare=_declare,
    read=_read,
    write=_write,
    facts=_facts,
    compile=compile_client,
    merge=merging("grants", "confine"),
    say=_say,
)
