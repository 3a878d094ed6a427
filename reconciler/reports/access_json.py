"""Answers about access as documents, and the matrix as rows."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TextIO

from reconciler.isolation.population import Population
from reconciler.isolation.queries import Access, WhyNot
from reconciler.model.access import EVERYWHERE, ORG_WIDE
from reconciler.model.origin import Origin
from reconciler.model.plan import FORMAT_VERSION

COLUMNS = (
    "subject",
    "name",
    "sort",
    "owner",
    "permission",
    "place",
    "placeId",
    "role",
    "grantedIn",
    "through",
    "said",
    "declared",
)
"""The columns of the matrix, one row for each grant that gives a cell."""

Where = Callable[[Origin], str]
"""An origin as `file:line`."""


def row(item: Access, people: Population, shown: Mapping[str, str], where: Where) -> dict[str, str]:
    """One cell with the grant that gives it, in names; `declared` is the place in the manifests or ""."""
    subject, cell = people.subjects[item.subject], item.cell
    origin = people.declared.get((cell.grant.group or item.subject, cell.grant.role, cell.grant.division))
    return {
        "subject": shown[item.subject],
        "name": subject.name,
        "sort": subject.sort,
        "owner": subject.owner,
        "permission": cell.permission,
        "place": cell.place if cell.place in (EVERYWHERE, ORG_WIDE) else people.name(cell.place),
        "placeId": cell.place,
        "role": people.name(cell.grant.role),
        "grantedIn": people.name(cell.grant.division),
        "through": people.name(cell.grant.group) if cell.grant.group else "",
        "said": cell.said,
        "declared": where(origin) if origin else "",
    }


def write_csv(rows: Iterable[Mapping[str, str]], to: TextIO) -> None:
    """RFC 4180, a row at a time. What a spreadsheet would take for a formula is quoted by an apostrophe."""
    writer = csv.DictWriter(to, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for each in rows:
        writer.writerow({name: _inert(value) for name, value in each.items()})


def _inert(value: str) -> str:
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def answer(asked: Mapping[str, str], rows: Iterator[dict[str, str]]) -> dict[str, Any]:
    """Who can: what was asked, and every grant that answers."""
    return {"formatVersion": FORMAT_VERSION, "asked": dict(asked), "access": list(rows)}


def refusal(asked: Mapping[str, str], missed: WhyNot, people: Population) -> dict[str, Any]:
    """Why not: where the permission is held instead, and what is held there instead."""
    return {
        "formatVersion": FORMAT_VERSION,
        "asked": dict(asked),
        "access": [],
        "elsewhere": [
            {"role": people.name(cell.grant.role), "division": people.name(cell.grant.division)}
            for cell in missed.elsewhere
        ],
        "here": [people.name(grant.role) for grant in missed.here],
    }
