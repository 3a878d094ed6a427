"""One right document of each kind in which every field of the schema stands."""

from __future__ import annotations

from typing import Any

ID = "6f1f2b7e-3c59-4d7c-9a55-0c5c6b0e8a01"
SHARE = {"reason": "planning", "owner": "wfm@northwind.example", "expires": "2027-06-30"}


def _entry(key: str, **fields: Any) -> dict[str, Any]:
    words = {"name": key.upper(), "description": "x", "id": ID, "adopt": ID, "previously": "acme/role/old"}
    return {"key": key, **words, **fields}


DIVISIONS = [_entry("us")]
ROLES = [
    _entry("reader", permissions=[{"permission": "routing:queue:view", "conditions": {"a": [1]}}]),
    {"key": "supervisor", "existing": {"name": "Supervisor", "id": ID}},
]
CLIENTS = [
    _entry(
        "pull",
        grantType="CLIENT-CREDENTIALS",
        tokenSeconds=900,
        grants=[{"role": "reader", "divisions": ["us"], "share": SHARE}],
        confine=["us"],
        secret={"sink": "local", "rotate": {"afterDays": 90, "mode": "overlap"}},
    ),
    {
        "key": "desk",
        "grantType": "CODE",
        "redirectUris": ["https://desk.example/cb"],
        "scopes": ["routing:readonly"],
        "signIn": dict(SHARE),
    },
]
GRANTS = [
    {
        "key": "planners",
        "subject": {"group": "Planners"},
        "id": ID,
        "pairs": [{"role": "reader", "divisions": ["us"], "share": dict(SHARE)}],
        "previously": "acme/grant/old",
    },
    {
        "key": "pat",
        "subject": {"user": "pat@northwind.example"},
        "pairs": [{"role": "supervisor", "divisions": "own"}],
    },
]
SECTIONS = {"divisions": DIVISIONS, "roles": ROLES, "clients": CLIENTS, "grants": GRANTS}

ORG = {
    "requires": ">=0.1,<1.0",
    "region": "us-east-1",
    "organizationId": ID,
    "operator": {"client": "nw-reconciler", "handOn": "held"},
    "sinks": {
        "local": {"type": "file", "path": "{tenant}/{key}.json", "persistent": True},
        "vault": {"type": "vault", "mount": "kv", "path": "bpo/{tenant}/{key}"},
        "aws": {"type": "aws", "region": "eu-central-1", "path": "bpo/{tenant}/{key}"},
        "actions": {"type": "github", "repository": "northwind/pulls", "path": "BPO_{tenant}__{key}"},
        "own": {
            "type": "command",
            "program": "/usr/local/bin/store",
            "arguments": ["--to", "safe"],
            "path": "{tenant}/{key}",
            "seconds": 60,
        },
    },
    "prune": True,
    "protect": ["org/division/shared"],
    "limits": {"removals": 5, "removalPercent": 5, "changePercent": 5, "gains": 5},
    "orgWide": [{"permission": "analytics:flowObservation:view", **SHARE}],
    "reachedBy": [
        {"subject": {"client": "legacy"}, "roles": ["Reader"], **SHARE},
        {"subject": {"group": "Planners"}, "roles": ["Reader"], **SHARE},
        {"subject": {"user": "Dana Keller"}, "roles": ["Reader"], **SHARE},
        {"subject": {"trustee": ID}, "roles": [ID], **SHARE},
    ],
    "drift": {
        "correct": "downwards",
        "acknowledged": [{"drift": "acme/client/pull", "fields": ["grants"], **SHARE}],
    },
    "newClients": "inactive-granted",
}
TENANT = {
    "state": "suspended",
    "profiles": ["standard"],
    "without": ["client/metrics"],
    **SECTIONS,
}


def _document(kind: str, name: str, spec: dict[str, Any]) -> dict[str, Any]:
    metadata = {"metadata": {"name": name}} if name else {}
    return {"apiVersion": "reconciler/v1", "kind": kind, **metadata, "spec": spec}


DOCUMENTS: dict[str, dict[str, Any]] = {
    "org": _document("Org", "northwind", ORG),
    "shared": _document("Shared", "", SECTIONS),
    "profile": _document("Profile", "standard", {"clients": [{"key": "metrics"}], **SECTIONS}),
    "tenant": _document("Tenant", "acme", TENANT),
}
DOCUMENTS["profile"]["spec"]["clients"] = [{"key": "metrics"}, *CLIENTS]
