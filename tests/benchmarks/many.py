"""An organisation with many of each kind, for asking the simulator a lot."""

from __future__ import annotations

from collections.abc import Iterator

ENTITIES = 1_000
READS = "[authorization:role:view, routing:queue:view]"


def seed_text(number: int) -> str:
    """A seed with that many divisions, roles, users and queues, and a client that sees them."""
    return "\n".join(_lines(number))


def _lines(number: int) -> Iterator[str]:
    yield "base: bare"
    yield "organisation: {id: 1f0b5d0e-0000-4000-8000-000000000001, name: Many, domain: many}"
    yield "divisions:"
    yield from (f"  - {{name: Tenant {each:04d}, description: customer {each}}}" for each in range(number))
    yield "roles:"
    yield from (f"  - {{name: Role {each:04d}, permissions: {READS}}}" for each in range(number))
    yield "users:"
    yield from (
        f"  - {{name: User {each}, email: u{each}@many.example, division: Tenant {each:04d}}}"
        for each in range(number)
    )
    yield "queues:"
    yield from (f"  - {{name: Queue {each:04d}, division: Tenant {each:04d}}}" for each in range(number))
    yield "clients:"
    yield "  - {name: reader, id: reader, secret: reader-secret,"
    yield "     grants: [{role: Role 0000, divisions: ['*']}]}"
