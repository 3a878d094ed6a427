"""Answers about access as documents, and the matrix as rows; both are written a row at a time."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TextIO

from reconciler.isolation.population import Population
from reconciler.isolation.queries import Access, WhyNot
from reconciler.model.access import EVERYWHERE, ORG_WIDE
from reconciler.model.origin import Origin
from reconciler.model.plan import FORMAT_VERSION
from reconciler.planning.picture import Picture
from reconciler.reports.documents import dumps
from reconciler.reports.lines import json_text, visible

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
    "subjectId",
    "placeOwner",
)
"""The columns of the matrix, one row for each grant that gives a cell."""

_ACTIVE = ("=", "+", "-", "@", "::", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""How a formula begins, in full width too, and a command to the runner of a pipeline."""

Where = Callable[[Origin], str]
"""An origin as `file:line`."""

Row = Mapping[str, str]


def row(item: Access, picture: Picture, where: Where) -> dict[str, str]:
    """One cell with the grant that gives it, in names; `declared` is the place in the manifests or ""."""
    people, cell = picture.people, item.cell
    subject = people.subjects[item.subject]
    origin = people.declared.get((cell.grant.group or item.subject, cell.grant.role, cell.grant.division))
    return {
        "subject": picture.shown[item.subject],
        "name": subject.name,
        "sort": subject.sort,
        "owner": people.owner(item.subject),
        "permission": cell.permission,
        "place": cell.place if cell.place in (EVERYWHERE, ORG_WIDE) else people.name(cell.place),
        "placeId": cell.place,
        "role": people.name(cell.grant.role),
        "grantedIn": people.name(cell.grant.division),
        "through": people.name(cell.grant.group) if cell.grant.group else "",
        "said": cell.said,
        "declared": where(origin) if origin else "",
        "subjectId": item.subject,
        "placeOwner": people.walls.get(cell.place, ""),
    }


def write_csv(rows: Iterable[Row], to: TextIO, columns: Sequence[str] = COLUMNS) -> None:
    """RFC 4180, a line for each row. What a spreadsheet would take for a formula gets an apostrophe."""
    writer = csv.DictWriter(to, columns, lineterminator="\r\n")
    writer.writeheader()
    for each in rows:
        writer.writerow({name: _inert(value) for name, value in each.items()})


def _inert(value: str) -> str:
    shown = visible(value)
    return f"'{shown}" if shown.lstrip().startswith(_ACTIVE) else shown


def head(picture: Picture, asked: Mapping[str, str]) -> dict[str, Any]:
    """What every answer begins with: of which state, when it was read, what was not seen, what was asked."""
    return {
        "formatVersion": FORMAT_VERSION,
        "state": picture.state,
        "org": {"name": picture.org, "id": picture.organization_id},
        "read": {"from": picture.began, "until": picture.ended},
        "home": picture.home,
        "gaps": list(picture.people.gaps),
        "asked": dict(asked),
    }


def write_answer(
    start: Mapping[str, Any], rows: Iterable[Mapping[str, Any]], to: TextIO, key: str = "access"
) -> None:
    """`start` (of `head`) and then, under `key`, every row of the answer: a line and no memory for each."""
    before, after = dumps({**start, key: []}).rsplit("[]", 1)
    to.write(f"{before}[")
    between = "\n    "
    for each in rows:
        to.write(between + json_text(each))
        between = ",\n    "
    to.write(f"]{after}" if between[0] == "\n" else f"\n  ]{after}")


def refusal(start: Mapping[str, Any], missed: WhyNot, people: Population) -> dict[str, Any]:
    """Why not: where the permission is held instead, and what is held there instead."""
    return {
        **start,
        "access": [],
        "elsewhere": [
            {"role": people.name(cell.grant.role), "division": people.name(cell.grant.division)}
            for cell in missed.elsewhere
        ],
        "here": [people.name(grant.role) for grant in missed.here],
    }
