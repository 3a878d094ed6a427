"""A scenario: an organisation at rest, the manifests it shall follow, and what is known of the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from reconciler.model.manifest import Limits, Manifests, Org, Owner, Sink
from reconciler.model.origin import Origin
from reconciler.planning.rotation.choose import Asked
from reconciler.simulator import Seed
from tests.support import build
from tests.support.people import PLANNERS, SEED

ORG = Org(
    *(build.ORG, "us-east-1", build.ORG_ID, "nw-reconciler", Origin("org.yaml")),
    sinks={"local": Sink("local", "file", {"path": "{tenant}/{key}.json"}, Origin("org.yaml"))},
    limits=Limits(removals=50, removal_percent=100, change_percent=100, gains=10_000),
    prune=True,
)
VIEW, EDIT, PLAN = "routing:queue:view", "routing:queue:edit", "wfm:schedule:view"
READER = {"key": "reader", "name": "Queue Reader", "permissions": [VIEW]}
PLANNER = {"key": "planner", "name": "Schedule Planner", "permissions": [PLAN]}

Hands = Callable[[Callable[..., Any]], None]
"""What an administrator does beforehand, given `edit(method, path, body)`."""


@dataclass(frozen=True)
class Scenario:
    """`before` is applied without any fault, `hands` act, `dies_at` is the request at which a run of
    `after` dies; then cases begin: they apply `after`. `adopts` names what is taken over on request,
    `switches` say what sort of organisation it is. `rotates`: a rotation of what is due follows each
    apply, after one that `rotated` already, or none. `licensed`: its permission catalogue is whole.
    """

    name: str
    after: Manifests
    before: Manifests | None = None
    hands: Hands | None = None
    dies_at: int = 0
    adopts: frozenset[str] = frozenset()
    allow: Mapping[str, int] = field(default_factory=dict)
    switches: Mapping[str, str] = field(default_factory=dict)
    seed: Seed = field(default_factory=lambda: SEED)
    rotates: Asked | None = None
    rotated: bool = False
    licensed: bool = False


def client(key: str, *grants: tuple[str, str], **more: Any) -> dict[str, Any]:
    """A client's entry; grants are (role, division)."""
    listed = [{"role": role, "divisions": [where]} for role, where in grants]
    return {"key": key, "grants": listed, "secret": {"sink": "local"}, **more}


def tenant(name: str, *clients: dict[str, Any], state: str = "active", **sections: Any) -> Owner:
    """A tenant with one division `main`, unless `divisions` says otherwise."""
    named = [{"name": f"{name}-{each['key']}", **each} for each in clients]
    data = {"divisions": [{"key": "main", "name": name.upper()}], "clients": named, **sections}
    return build.owner(name, {**data, "state": state})


def organisation(
    *tenants: Owner, roles: Any = (READER, PLANNER), shared: Any = None, **org: Any
) -> Manifests:
    """Manifests of these tenants, with the roles they share."""
    common = build.owner("org", {"roles": list(roles), **(shared or {})})
    return Manifests(replace(ORG, **org), (common,), (), tenants)


def share(until: str = "2027-06-30") -> dict[str, str]:
    """Why something reaches over a tenant's walls."""
    return {"reason": "a story", "owner": "sec@northwind.example", "expires": until}


__all__ = [
    "EDIT", "ORG", "PLAN", "PLANNER", "PLANNERS", "READER", "VIEW", "Hands", "Scenario", "client",
    "organisation", "share", "tenant",
]  # fmt: skip
