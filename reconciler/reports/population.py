"""Many addresses in a few words: `38 clients in 38 tenants`."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.model.address import ORG, Address
from reconciler.reports.lines import counted


def population(subjects: Iterable[str]) -> str:
    """How many of which kind, in how many tenants. What is no address counts as a foreign client."""
    kinds: dict[str, int] = {}
    tenants: set[str] = set()
    for subject in dict.fromkeys(subjects):
        kind, owner = _placed(subject)
        kinds[kind] = kinds.get(kind, 0) + 1
        tenants.add(owner)
    tenants -= {ORG, ""}
    who = ", ".join(counted(number, kind) for kind, number in kinds.items())
    return f"{who} in {counted(len(tenants), 'tenant')}" if tenants else who


def _placed(subject: str) -> tuple[str, str]:
    try:
        address = Address.parse(subject)
    except ValueError:
        return "foreign client", ""
    return address.kind, address.owner
