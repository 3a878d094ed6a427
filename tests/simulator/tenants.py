"""An organisation of many tenants, each with a division, a role, a client and eight objects."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.simulator import Seed
from reconciler.simulator.seed import parse_seed

OBJECTS = 8


def tenants(number: int) -> Seed:
    """So many of them."""
    return parse_seed("\n".join(_lines(number)), "tenants")


READS = """routing:queue:view, routing:wrapupCode:view, architect:flow:view, architect:datatable:view,
 analytics:conversationDetail:view, externalContacts:contact:view, directory:user:view"""
ENTRIES = {
    "divisions": ["{name: T%d}"],
    "roles": [f"{{name: Role %d, permissions: [{READS}]}}"],
    "users": [f"{{name: Person {who} of %d, email: {who}%d@tenants.example, division: T%d}}" for who in "ab"],
    "codes": ["{name: Code %d, division: T%d}"],
    "queues": [f"{{name: Queue {each} of %d, division: T%d, codes: [Code %d]}}" for each in "abc"],
    "flows": ["{name: Flow %d, division: T%d}"],
    "tables": ["{name: Table %d, division: T%d}"],
    "clients": [
        "{name: client-%d, id: client-%d, secret: secret-%d, grants: [{role: Role %d, divisions: [T%d]}]}"
    ],
}


def _lines(number: int) -> Iterator[str]:
    yield "base: bare"
    yield "organisation: {id: 1f0b5d0e-0000-4000-8000-000000000002, name: Tenants, domain: tenants}"
    for section, entries in ENTRIES.items():
        yield f"{section}:"
        yield from (f"  - {entry.replace('%d', str(each))}" for each in range(number) for entry in entries)
