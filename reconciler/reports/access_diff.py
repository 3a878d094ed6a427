"""What became of access between two readings: in words, as a document, and as rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Any, NamedTuple

from reconciler.isolation.difference import Difference, Differing, Risk, Row
from reconciler.model.access import Access
from reconciler.model.plan import FORMAT_VERSION
from reconciler.reports.access_json import COLUMNS
from reconciler.reports.access_read import Matrix
from reconciler.reports.lines import Line, Style, flow, named
from reconciler.reports.names import Names
from reconciler.reports.words import sentences, told

DIFF_COLUMNS = ("change", "risk", *COLUMNS)
"""The columns of a difference: `gained` or `lost`, how far it reaches, and the row of its matrix."""

HEADS = {
    Risk.WALL: "Across a tenant's wall",
    Risk.EVERYWHERE: "In every division",
    Risk.HOME: "In Home",
    Risk.ORG_WIDE: "In the whole organisation",
    Risk.WITHIN: "Within walls",
}
"""How far a cell reaches → what people read, the gravest first."""


class Telling(NamedTuple):
    """A sentence without its `subject`, and the rows that it tells."""

    subject: str
    text: str
    rows: list[Row]


def diff_text(found: Difference, before: Matrix, after: Matrix, width: int) -> Iterator[Line]:
    """Who can see now what where, and who no longer can: the gravest first."""
    text = f"Access of {before.org.name} at {before.until} and at {after.until}"
    yield from flow("", text, width, "title")
    for risk, head in HEADS.items():
        gained = [each for each in found.gained if each.risk is risk]
        lost = [each for each in found.lost if each.risk is risk]
        if gained or lost:
            yield Line(head, "title")
            yield from _told("▲", gained, width, "alarm" if risk is not Risk.WITHIN else "add", lost=False)
            yield from _told("▼", lost, width, "remove", lost=True)
    if not found.gained and not found.lost:
        yield Line("nobody gained or lost access")
    yield Line(f"access diff: {sizes(found)}", "total")


def sizes(found: Difference) -> str:
    """How many rows were gained and lost, and how many of those gained are foreign."""
    crossing = sum(each.risk is Risk.WALL for each in found.gained)
    return f"+{len(found.gained)} -{len(found.lost)} · {crossing} gained across a tenant's wall"


def _told(sign: str, several: list[Differing], width: int, style: Style, *, lost: bool) -> Iterator[Line]:
    for each in tellings(several, lost=lost):
        yield from flow(f"  {sign} ", f"{each.subject} {each.text}", width, style)


def tellings(several: list[Differing], *, lost: bool) -> Iterator[Telling]:
    """A sentence for each subject and set of places; of foreign walls also whose they are."""
    rows = _shown(several)
    labels = {row["placeId"]: row["place"] for row in rows} | {row["subject"]: row["subject"] for row in rows}
    names = Names(labels, {row["subjectId"]: row["subject"] for row in rows})
    owners = sorted({row["placeOwner"] for row in rows})
    for owner in owners if several and several[0].risk is Risk.WALL else [""]:
        theirs = [row for row in rows if not owner or row["placeOwner"] == owner]
        whose = f", behind the wall of {named(owner)}" if owner else ""
        held = _held(theirs, names)
        for each in sentences(map(_access, theirs), names):
            text = f"{told(each, names, lost=lost, now=not lost)}{whose}"
            cells = product(each.permissions, each.divisions)
            yield Telling(each.subject, text, [row for cell in cells for row in held[each.subject, *cell]])


def _held(rows: Iterable[Any], names: Names) -> Mapping[tuple[str, ...], list[Row]]:
    """The rows by subject in words, permission and place."""
    found: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        cell = (names.subject(row["subjectId"]), row["permission"], row["placeId"])
        found.setdefault(cell, []).append(row)
    return found


def _shown(several: Iterable[Differing]) -> list[Any]:
    """Without what a wildcard stands for, where the wildcard itself is told."""
    rows = [each.row for each in several]
    said = {(row["subjectId"], row["permission"]) for row in rows if row["said"] == row["permission"]}
    return [
        row for row in rows if row["said"] == row["permission"] or (row["subjectId"], row["said"]) not in said
    ]


def _access(row: Any) -> Access:
    return Access(row["subjectId"], row["permission"], row["placeId"], row["role"])


def diff_rows(found: Difference) -> Iterator[dict[str, str]]:
    """What was gained, then what was lost, the gravest first of each."""
    for change, several in (("gained", found.gained), ("lost", found.lost)):
        for each in several:
            yield {"change": change, **_row(each)}


def diff_document(found: Difference, before: Matrix, after: Matrix) -> dict[str, Any]:
    """The same as a document, with what was not seen of either."""
    return {
        "formatVersion": FORMAT_VERSION,
        "state": before.state,
        "org": {"name": after.org.name, "id": after.org.id},
        "before": {"from": before.read["from"], "until": before.until, "gaps": before.gaps},
        "after": {"from": after.read["from"], "until": after.until, "gaps": after.gaps},
        "gained": [_row(each) for each in found.gained],
        "lost": [_row(each) for each in found.lost],
    }


def _row(each: Differing) -> dict[str, str]:
    return {"risk": str(each.risk), **{name: each.row[name] for name in COLUMNS}}
