"""How secrets stand, as a document, and the published schema of it. Never a secret."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, get_args

from reconciler.model.manifest import Org
from reconciler.model.plan import FORMAT_VERSION
from reconciler.model.rotation import Mode, Standing, State
from reconciler.model.secret import Destination, Held
from reconciler.reports.schema_parts import (
    Schema,
    count,
    flag,
    list_of,
    map_of,
    maybe,
    object_of,
    text,
    version,
)


def secrets_document(found: Sequence[Standing], org: Org, read_at: str) -> dict[str, Any]:
    """The secrets document, ready for JSON."""
    counts = Counter(item.state for item in found)
    return {
        "formatVersion": FORMAT_VERSION,
        "org": {"name": org.name, "id": org.organization_id},
        "readAt": read_at,
        "summary": {state: counts[state] for state in get_args(State) if counts[state]},
        "secrets": [_standing(item) for item in found],
    }


def _standing(item: Standing) -> dict[str, Any]:
    return {
        "address": str(item.address),
        "state": item.state,
        "said": item.said,
        "clientId": item.client or None,
        "successorId": item.successor or None,
        "external": item.destination is None,
        "mode": item.upkeep.mode,
        "afterDays": item.upkeep.after_days,
        "destination": _place(item.destination),
        "holds": _held(item.held),
        "ageDays": item.age,
        "dueOn": item.due.isoformat() if item.due else None,
    }


def _place(place: Destination | None) -> dict[str, str] | None:
    return {"sink": place.sink, "path": place.path} if place else None


def _held(held: Held | None) -> dict[str, Any] | None:
    if held is None:
        return None
    return {
        "clientId": held.client_id or None,
        "address": held.address or None,
        "issuedAt": f"{held.issued:%Y-%m-%dT%H:%M:%SZ}" if held.issued else None,
        "version": held.version or None,
    }


def secrets() -> Schema:
    """The schema of the secrets document."""
    return object_of(
        "How the clients' secrets stand. No secret.",
        formatVersion=version(),
        org=object_of(
            "The organisation.", name=text("Its name in the manifests."), id=text("The vendor's id of it.")
        ),
        readAt=text("When it was looked at. ISO 8601, UTC."),
        summary=map_of("How many stand how.", count("How many.")),
        secrets=list_of("One for each client that has a secret, by address.", _item()),
    )


def _item() -> Schema:
    number = {"type": ["integer", "null"], "minimum": 0}
    return object_of(
        "One client's secret.",
        address=text("`<owner>/<kind>/<key>`, our name for the client."),
        state=text("How it stands; the gravest that is true.", enum=list(get_args(State))),
        said=text("The same in words; empty where there is nothing to say."),
        clientId=maybe("The vendor's id of the live client; null while there is none."),
        successorId=maybe("The live client that takes over, while a rotation overlaps."),
        external=flag("Whether somebody else keeps the secret."),
        mode=text("How it is rotated.", enum=list(get_args(Mode))),
        afterDays={"description": "Days after which it is due; null: never.", **number},
        destination=_or_null(
            "Where it goes; null where somebody else keeps it.",
            sink=text("A sink of the Org document."),
            path=text("The place inside it."),
        ),
        holds=_or_null(
            "What the sink says it holds there; null for nothing, or where it did not say.",
            clientId=maybe("Whose secret it is."),
            address=maybe("Whose it was when it was written."),
            issuedAt=maybe("When the secret was made. ISO 8601, UTC."),
            version=maybe("What the sink calls this content."),
        ),
        ageDays={"description": "Whole days since it was made; null where nobody can say.", **number},
        dueOn=maybe("The day on which it is to be rotated; null where there is none, or nobody can say."),
    )


def _or_null(description: str, **fields: Schema) -> Schema:
    return {"description": description, "anyOf": [object_of("As told.", **fields), {"type": "null"}]}
