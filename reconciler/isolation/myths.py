"""Wrong recipes: what people are told to write so that a client stays inside a division, and why it fails.

One list for everything that recognises, explains or documents them. Only grants confine a client: a role
in a division. Sources: the vendor's API definition (every field, header and path there is), its Terraform
provider's schema, its SDKs; where no source tells, the confidence says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from reconciler.model.finding import Severity
from reconciler.model.rule import Confidence


class Where(StrEnum):
    """Where a wrong recipe is written."""

    MANIFEST = "manifest"
    BODY = "client body (JSON, YAML, code)"
    TERRAFORM = "Terraform"
    HEADER = "header"
    TOKEN = "token request"
    SDK = "SDK option or method"
    PATH = "path"
    SCOPE = "scope or permission"
    QUERY = "query of a list"


class Sign(NamedTuple):
    """Names that give a recipe away in one sort of place, and what does it instead where grants do not."""

    where: Where
    names: tuple[str, ...]
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Myth:
    """One misunderstanding.

    `says` contradicts it in one clause, `hint` in a few words for the caret; `why` is what is true instead,
    and `remedy` how the way out begins (a block of grants follows where it ends in a colon).
    `confidence`: documented (the vendor's sources say so), seen (in answers of the API), inferred.
    """

    id: str
    says: str
    hint: str
    why: str
    remedy: str
    signs: tuple[Sign, ...]
    severity: Severity = Severity.ERROR
    confidence: Confidence = "documented"


GRANTS = "A client is confined by its grants. You probably mean:"
"""How a remedy starts that ends in a block of grants."""


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split(", "))


_FIELDS = _names(
    "divisions, divisionIds, divisionId, division, allowedDivisions, restrictToDivision, homeDivision, "
    "defaultDivision, setDefaultDivision"
)

_HEADERS = "X-Division, X-Genesys-Auth-Division-Id, x-gcc-divisions, x-gc-division-id, X-GC-Division-Context"

DIVISION_FIELD = Myth(
    "myth/division-ids-on-client",
    "no client has a division of its own",
    "the organisation ignores or refuses it; it never confines a client",
    "The vendor's client has no division of its own: no such field in its API definition, SDKs or "
    "Terraform provider. What it may see is decided by its roleDivisions, pairs of a role and a "
    "division. Without them it may do nothing; with them in the wrong division it sees that one, "
    "whatever else the body says.",
    GRANTS,
    (
        Sign(Where.MANIFEST, _FIELDS),
        Sign(Where.BODY, _FIELDS),
        Sign(Where.TERRAFORM, (*_FIELDS, "division_id", "division_ids"), "`roles { role_id, division_id }`"),
    ),
)

ROLE_WITHOUT_DIVISION = Myth(
    "myth/role-ids-on-client",
    "a role without a division is a role in Home",
    "a role without a division ends in Home, not with this tenant",
    "A role says what, a division says where. `roleIds` is deprecated and names no division; a grant without "
    "one ends up in Home, where everything lies that nobody has moved yet, of every tenant.",
    GRANTS,
    (
        Sign(Where.MANIFEST, ("roleIds", "roles", "roleDivisions")),
        Sign(Where.BODY, ("roleIds", "roles"), "`roleDivisions: [{roleId, divisionId}]`"),
        Sign(Where.TERRAFORM, ("role_ids", "roles without division_id"), "`roles { role_id, division_id }`"),
    ),
)

SCOPE_ON_CLIENT = Myth(
    "myth/scope-on-client",
    "a client that signs in with a secret has no scopes",
    "a scope never confines a client that signs in with a secret",
    "Scopes apply to the grant types in which a user signs in, and then only narrow what that user may do. A "
    "client-credentials client has no scopes at all: it may do what its grants say, where they say.",
    GRANTS,
    (
        Sign(Where.MANIFEST, ("scope", "scopeValues")),
        Sign(Where.BODY, ("scope", "scopes", "scopeValues")),
        Sign(Where.TERRAFORM, ("scope", "scopes")),
    ),
)

CLIENT_FIELD = Myth(
    "myth/invented-client-field",
    "no client has such a field",
    "no client has this field",
    "The vendor's client has ten fields: name, description, authorizedGrantType, "
    "accessTokenValiditySeconds, registeredRedirectUri, scope, roleDivisions, the deprecated roleIds, "
    "state and dateToDelete. Any other is ignored or refused, so what it was to say is not said.",
    GRANTS,
    (
        Sign(Where.BODY, ("grants",), "`roleDivisions: [{roleId, divisionId}]`"),
        Sign(Where.BODY, ("clientType", "grantTypes"), "`authorizedGrantType`"),
        Sign(Where.TERRAFORM, ("type", "client_type", "grant_types"), "`authorized_grant_type`"),
        Sign(Where.TERRAFORM, ("grants",), "`roles { role_id, division_id }`"),
    ),
)

HEADER = Myth(
    "myth/context-header",
    "no header confines a call",
    "no header and no token parameter confines a client",
    "Six header parameters exist in the whole of the vendor's API, and none is about divisions. The server "
    "looks at the grants of whoever the token belongs to; it neither reads such a header nor sends one back.",
    GRANTS,
    (
        Sign(
            Where.MANIFEST,
            _names(_HEADERS),
        ),
        Sign(
            Where.HEADER,
            _names(f"{_HEADERS}, X-Genesys-Application-Id"),
        ),
    ),
)

TOKEN_PARAMETER = Myth(
    "myth/token-parameter",
    "a token stands for all grants of its client",
    "the token request takes `grant_type` and nothing about divisions",
    "With client credentials the token request carries grant_type=client_credentials and nothing else. What "
    "else is sent is ignored or answered with 400; the token always stands for all grants of its client. One "
    "client for each tenant is what makes one token for each tenant.",
    GRANTS,
    (Sign(Where.TOKEN, _names("division_id, division.id, division, divisions, division_ids, scope")),),
    confidence="seen",
)

SDK_OPTION = Myth(
    "myth/sdk-option",
    "no SDK confines a client",
    "no SDK has this: it is dropped, or fails",
    "The vendor's SDKs are generated from its API definition and know neither a division of the "
    "session nor a default one. Even if they did, code that confines itself confines nobody who holds "
    "the same secret.",
    GRANTS,
    (
        Sign(Where.SDK, _names("divisions, divisionIds, divisionId, division, defaultDivision")),
        Sign(Where.SDK, ("setDefaultDivision",)),
        Sign(
            Where.SDK,
            ("EmbeddableClientApp",),
            "the authorization code grant with PKCE: a secret in a browser is everybody's",
        ),
        Sign(Where.SDK, ("OAuthClientCreate",), "`OAuthClientRequest` with `roleDivisions`"),
        Sign(Where.SDK, ("PostOauthToken", "PostOauthTokenAsync"), "the SDK's login for client credentials"),
    ),
)

ENDPOINT = Myth(
    "myth/invented-endpoint",
    "there is no such path",
    "in no list of the vendor's operations",
    "The vendor's API definition does not know the path, so the call fails, or is never what it seems. "
    "What a token may see is asked of the paths that exist.",
    "",
    (
        Sign(
            Where.PATH,
            ("/oauth/token/verify",),
            "`GET /api/v2/tokens/me`, and `GET /api/v2/authorization/subjects/me` for its grants",
        ),
        Sign(Where.PATH, ("/authorization/clients",), "`/api/v2/oauth/clients`"),
        Sign(Where.PATH, ("/api/v2/oauth/token",), "`POST /oauth/token` on the region's login host"),
        Sign(Where.PATH, ("/api/v2/wfm",), "`/api/v2/workforcemanagement`"),
        Sign(
            Where.PATH, ("/api/v2/routing/users",), "`/api/v2/users` or `/api/v2/routing/queues/{id}/members`"
        ),
        Sign(
            Where.PATH,
            ("/api/v2/analytics/interactions/query",),
            "`POST /api/v2/analytics/conversations/details/query`",
        ),
    ),
)

READ_WRITE = Myth(
    "myth/read-write-scope",
    "neither a scope nor a permission",
    "scopes are `routing` or `routing:readonly`, permissions `routing:queue:view`",
    "A scope is an area, whole or `:readonly` (`routing`, `routing:readonly`); a permission is "
    "`domain:entity:action` with actions such as view, add, edit and delete (`routing:queue:view`). "
    "What ends in `:read` or `:write` is neither, and a scope confines no client that signs in with a "
    "secret.",
    "Put the permission, such as `routing:queue:view`, into a role, and grant the role in a division.",
    (Sign(Where.SCOPE, ("routing:queue:read", "analytics:read", "oauth:client:write", "division:read")),),
)

FILTER = Myth(
    "myth/filter-is-no-boundary",
    "a filter, no boundary",
    "a filter: whoever calls may leave it out",
    "`divisionId=` on a list narrows the answer, not the credential: the same token lists everything "
    "its grants allow as soon as the parameter is missing. It is right for what one wants to see, "
    "never for what one may.",
    "Keep it as a filter. What must not be seen must not be granted.",
    (Sign(Where.QUERY, ("divisionId", "divisionIds", "division_id")),),
    severity=Severity.INFO,
)

AUTHORITATIVE = Myth(
    "myth/authoritative-roles",
    "no addition, but all that somebody holds",
    "it takes away whatever it does not say",
    "These resources of the vendor's Terraform provider say everything that one user or group holds, and "
    "each apply takes the rest away: what people granted by hand, and what a `grants` entry of a manifest "
    "gives. Two of them for one user, or one beside such an entry, undo each other for ever.",
    "Let one place say all that a user or a group holds: this resource, or `grants` in the manifests.",
    (Sign(Where.TERRAFORM, ("genesyscloud_user_roles", "genesyscloud_group_roles")),),
    severity=Severity.INFO,
)

MYTHS = (
    DIVISION_FIELD,
    ROLE_WITHOUT_DIVISION,
    SCOPE_ON_CLIENT,
    CLIENT_FIELD,
    HEADER,
    TOKEN_PARAMETER,
    SDK_OPTION,
    ENDPOINT,
    READ_WRITE,
    FILTER,
    AUTHORITATIVE,
)
"""Every wrong recipe, in the order in which people meet them."""


def plain(name: str) -> str:
    """A name without case and separators: `division_ids` and `divisionIds` are one mistake."""
    return "".join(character for character in name.lower() if character.isalnum())


def recognised(name: str, where: Where) -> tuple[Myth, Sign] | None:
    """The myth that `name` is in such a place, and the sign that told; None for any other name."""
    return _INDEX.get((where, plain(name)))


_INDEX = {
    (sign.where, plain(name)): (myth, sign) for myth in MYTHS for sign in myth.signs for name in sign.names
}
