"""What a tenant's application needs, as a document, and the published schema of it."""

from __future__ import annotations

from typing import Any

from reconciler.model.outputs import KnownClient, Outputs
from reconciler.model.plan import FORMAT_VERSION
from reconciler.reports.schema_parts import Schema, map_of, object_of, text, version


def outputs_document(item: Outputs) -> dict[str, Any]:
    """The outputs document, ready for JSON and YAML."""
    return {
        "formatVersion": FORMAT_VERSION,
        "tenant": item.tenant,
        "organizationId": item.organization_id,
        "region": item.region,
        "apiHost": item.api_host,
        "loginHost": item.login_host,
        "clients": {key: _client(client) for key, client in item.clients.items()},
        "divisions": {key: {"id": wall.id, "name": wall.name} for key, wall in item.divisions.items()},
    }


def _client(client: KnownClient) -> dict[str, Any]:
    place = client.secret
    secret = {"sink": place.sink, "path": place.path} if place else None
    return {"id": client.id, "name": client.name, "secretRef": secret}


def outputs() -> Schema:
    """The schema of the outputs document."""
    return object_of(
        "What a tenant's application has to know. No secret.",
        formatVersion=version(),
        tenant=text("The tenant."),
        organizationId=text("The vendor's id of the organisation."),
        region=text("The vendor's region."),
        apiHost=text("Where the API answers, without a scheme."),
        loginHost=text("Where tokens are given out, without a scheme."),
        clients=map_of("The tenant's clients by key.", _client_schema()),
        divisions=map_of(
            "Divisions by what the tenant's manifest calls them: the key of its own, `owner/key` of any "
            "other that its grants name.",
            object_of("A live division.", id=text("The vendor's id."), name=text("Its name now.")),
        ),
    )


def _client_schema() -> Schema:
    place = object_of(
        "Where its secret is delivered to.",
        sink=text("A sink of the Org document."),
        path=text("The place inside it."),
    )
    return object_of(
        "A live client.",
        id=text("The vendor's id: what it signs in with."),
        name=text("Its name now."),
        secretRef={
            "description": "Where its secret lies; null where we did not deliver it.",
            "anyOf": [place, {"type": "null"}],
        },
    )
