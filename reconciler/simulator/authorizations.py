"""Clients of others that the organisation's people authorised, and the scopes there are (§8).

Scopes concern tokens of people, which nobody gets here; no token is confined by one. What they are called is
public, what their descriptions say is not known.
"""

from reconciler.simulator.call import Call, Handler
from reconciler.simulator.world import Row

_AREAS = (
    "alerting", "analytics", "architect", "assistants", "authorization", "coaching",
    "content-management", "conversations", "devices", "dialog", "external-contacts", "fax", "gdpr",
    "geolocation", "greetings", "groups", "integrations", "journey", "knowledge",
    "language-understanding", "learning", "license", "locations", "messaging", "messaging-platform",
    "oauth", "organization", "organization-authorization", "outbound", "presence", "quality",
    "recordings", "response-management", "routing", "scim", "scripts", "speech-and-text-analytics",
    "stations", "telephony", "textbots", "user-recordings", "users", "voicemail", "web-chat", "widgets",
    "workforce-management",
)  # fmt: skip
_ODD = (
    "audits:readonly", "billing:readonly", "identity-providers:readonly", "notifications", "search:readonly",
    "streaming-events:readonly", "upload", "user-basic-info",
)  # fmt: skip
SCOPES = sorted([*_AREAS, *(f"{area}:readonly" for area in _AREAS), *_ODD])
"""Every scope: an area of the API to read and change, or `:readonly`; some areas know only one of them."""


def _scopes(call: Call) -> Row:
    rows = [
        {"id": name, "description": name, "selfUri": f"/api/v2/oauth/scopes/{name}"}
        for name in sorted(SCOPES)
    ]
    return {"entities": rows, "total": len(rows), "selfUri": call.query.path}


def _authorizations(call: Call) -> Row:
    rows = [
        {name: value for name, value in row.items() if name not in ("id", "name")}
        for row in call.seen.authorizations.rows.values()
    ]
    return {"entities": rows, "total": len(rows), "selfUri": call.query.path}


OPERATIONS: dict[str, Handler] = {
    "get_oauth_authorizations": _authorizations,
    "get_oauth_scopes": _scopes,
}
