"""What every sink stores, and applications read: one JSON object per client.

    {"clientId", "clientSecret", "region", "apiHost", "loginHost", "address", "issuedAt", "nonce"}

Hosts without a scheme, `issuedAt` in UTC to the second; `nonce` is the birth's or the rotation's. Documents
written by earlier versions lack the last two. Nothing here ever quotes what it reads.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from reconciler.model.secret import Credential, Held, Secret
from reconciler.ports import Kept


def document(credential: Credential) -> dict[str, str]:
    """All of it, the secret in clear: for a sink, nobody else."""
    return {
        "clientId": credential.client_id,
        "clientSecret": credential.secret.reveal(),
        "region": credential.region,
        "apiHost": credential.api_host,
        "loginHost": credential.login_host,
    } | about(credential)


def about(credential: Credential) -> dict[str, str]:
    """The part that says whose it is and since when; no secret."""
    return {
        "address": str(credential.address),
        "issuedAt": iso(credential.issued),
        "nonce": credential.nonce,
    }


def parsed(content: str | bytes) -> Mapping[str, Any] | None:
    """The JSON object, if it is one that holds a credential."""
    try:
        found = json.loads(content)
    except ValueError:
        return None  # and no exception: it would carry the content
    return found if isinstance(found, dict) and kept(found) else None


def kept(found: Mapping[str, Any]) -> Kept | None:
    """The credential in a document; None where there is none."""
    identity, secret = found.get("clientId"), found.get("clientSecret")
    if not (isinstance(identity, str) and identity and isinstance(secret, str) and secret):
        return None
    return Kept(identity, Secret(secret))


def held(found: Mapping[str, Any], version: str = "") -> Held:
    """What a document, or metadata with the same names, tells beside the secret."""
    client_id, address, nonce = (_text(found, name) for name in ("clientId", "address", "nonce"))
    return Held(client_id, address, nonce, _moment(_text(found, "issuedAt")), version)


def iso(moment: datetime) -> str:
    """A moment as it is written down: UTC, to the second."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _text(found: Mapping[str, Any], name: str) -> str:
    value = found.get(name)
    return value if isinstance(value, str) else ""
