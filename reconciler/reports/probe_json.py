"""A probe as its document: counts and hashes, never a name or an id of what is foreign."""

from __future__ import annotations

from typing import Any

from reconciler.model.plan import FORMAT_VERSION
from reconciler.model.probe import ClientProbe, Probe, Seen


def probe_document(probe: Probe) -> dict[str, Any]:
    """The probe document of the contract, ready for JSON."""
    return {
        "formatVersion": FORMAT_VERSION,
        "tool": probe.tool,
        "org": {"name": probe.org_name, "id": probe.organization_id},
        "asked": {"from": probe.began, "until": probe.ended},
        "clients": [_client(each) for each in probe.clients],
        "notes": list(probe.notes),
        "gaps": list(probe.gaps),
    }


def _client(each: ClientProbe) -> dict[str, Any]:
    return {
        "client": each.address,
        "tenant": each.tenant,
        "verdict": str(each.verdict),
        "permissions": each.permissions,
        "lists": [_seen(one) for one in each.sights],
        "open": dict(sorted(each.open.items())),
        "requests": each.requests,
        "tokenReturned": each.returned,
        "reasons": list(each.reasons),
    }


def _seen(one: Seen) -> dict[str, Any]:
    return {
        "type": one.type,
        "permission": one.permission,
        "verdict": str(one.verdict),
        "listed": one.listed,
        "foreign": one.foreign,
        "sha256": one.digest,
        "controls": one.controls,
        "tried": one.tried,
        "answered": one.answered,
        "reasons": list(one.said),
    }
