"""Numbers in words that people use: `41 clients in 40 tenants`, `12 queues and 3 users`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconciler.model.access import untitled
from reconciler.model.address import ORG, Address

_FOREIGN = "foreign client"
_SPELT = {"BUSINESSUNIT": "business unit", "DATATABLES": "data table", "MANAGEMENTUNIT": "management unit"}
"""Types of the vendor whose names are no words."""


def counted(number: int, noun: str) -> str:
    """`1 client`, `2,000 clients`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def population(subjects: Iterable[str]) -> str:
    """How many of which kind, in how many tenants; groups and users by their titles.

    What is neither an address nor a title counts as a foreign client, last.
    """
    kinds: dict[str, int] = {}
    tenants: set[str] = set()
    for subject in dict.fromkeys(subjects):
        kind, owner = _placed(subject)
        kinds[kind] = kinds.get(kind, 0) + 1
        tenants.add(owner)
    tenants -= {ORG, ""}
    foreign = kinds.pop(_FOREIGN, 0)
    kinds |= {_FOREIGN: foreign} if foreign else {}
    who = ", ".join(counted(number, kind) for kind, number in kinds.items())
    return f"{who} in {counted(len(tenants), 'tenant')}" if tenants else who


def _placed(subject: str) -> tuple[str, str]:
    try:
        address = Address.parse(subject)
    except ValueError:
        return untitled(subject)[0] or _FOREIGN, ""
    return address.kind, address.owner


def inhabitants(counts: Mapping[str, int]) -> str:
    """Objects by the vendor's type, most first: `12 queues, 3 contact lists`; "" for none."""
    there = sorted((-number, kind) for kind, number in counts.items() if number)
    return ", ".join(
        counted(-number, _SPELT.get(kind) or kind.lower().replace("_", " ")) for number, kind in there
    )
