"""Manifests of any size, the same every time: the shape of a provider with many small customers.

A tenant has on average 2 divisions, 3.5 roles, 3 clients and 6 grants (8.5 objects) in 2.2 KB of YAML.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from reconciler.wiring import public_evidence

ORGANIZATION_ID = "6f1f2b7e-3c59-4d7c-9a55-0c5c6b0e8a01"
OPERATOR = "nw-reconciler"

_ORG = f"""\
apiVersion: reconciler/v1
kind: Org
metadata: {{name: northwind}}
spec:
  region: us-east-1
  organizationId: {ORGANIZATION_ID}
  operator: {{client: {OPERATOR}}}
  sinks:
    vault: {{type: vault, mount: kv, path: "bpo/{{tenant}}/{{key}}"}}
---
apiVersion: reconciler/v1
kind: Shared
spec:
  divisions: [{{key: shared, name: NW-Shared}}]
  roles:
"""

_DIVISIONS = ("main", "sales", "support")
_ROLES = ("queue-reader", "wfm-reader", "call-analyst", "flow-reader", "quality-reader")
_CLIENTS = ("metrics", "adherence", "dashboard", "export")
_SHARED = 2
"""Roles that every tenant may be granted."""


@cache
def permissions() -> tuple[str, ...]:
    """The permissions that a division confines, by public evidence."""
    return tuple(sorted(public_evidence().confined))


def write(root: Path, tenants: int) -> None:
    """One file per tenant, and one for the organisation, below an empty `root`."""
    (root / "org.yaml").write_text(_ORG + "\n".join(_shared_roles()) + "\n", encoding="utf-8")
    (root / "tenants").mkdir()
    for number in range(tenants):
        (root / "tenants" / f"tenant-{number:05}.yaml").write_text(tenant(number), encoding="utf-8")


def _shared_roles() -> Iterator[str]:
    for number in range(_SHARED):
        yield from _role(f"shared-{number}", f"NW Shared {number}", number)


def tenant(number: int) -> str:
    """The document of one tenant."""
    divisions = _DIVISIONS[: 1 + number % 3]
    roles = _ROLES[: 2 + number % 4]
    clients = _CLIENTS[: 2 + number // 3 % 3]
    head = f"apiVersion: reconciler/v1\nkind: Tenant\nmetadata:\n  name: tenant-{number:05}\nspec:"
    lines = [head, "  divisions:"]
    for key in divisions:
        lines += [f"    - key: {key}", f"      name: T{number:05}-{key.upper()}"]
        lines.append(
            f"      description: Everything that belongs to {key} of customer {number}, voice and digital"
        )
    lines.append("  roles:")
    for place, key in enumerate(roles):
        lines += _role(key, f"T{number:05} {key}", number + place)
    lines.append("  clients:")
    for place, key in enumerate(clients):
        lines += _client(key, f"t{number:05}-{key}", _grants(place, roles, divisions))
    return "\n".join(lines) + "\n"


def _role(key: str, name: str, start: int) -> Iterator[str]:
    known = permissions()
    named = [known[(start * 7 + step) % len(known)] for step in range(4)]
    yield f"    - key: {key}"
    yield f"      name: {name}"
    yield "      description: What a program has to read, and nothing else"
    yield f"      permissions: [{', '.join(named)}]"


def _grants(place: int, roles: tuple[str, ...], divisions: tuple[str, ...]) -> Iterator[str]:
    """Two: one of the tenant's own roles in one division, a shared one wherever the tenant is."""
    yield f"{{role: {roles[place % len(roles)]}, divisions: [{divisions[place % len(divisions)]}]}}"
    yield f"{{role: shared-{place % _SHARED}, divisions: own}}"


def _client(key: str, name: str, grants: Iterable[str]) -> Iterator[str]:
    yield f"    - key: {key}"
    yield f"      name: {name}"
    yield f"      description: Runs the {key} of this customer every quarter of an hour"
    yield "      grants:"
    yield from (f"        - {grant}" for grant in grants)
    yield "      secret:"
    yield "        sink: vault"
    yield "        rotate: {afterDays: 90}"
