"""What became of access between two readings, as a page for people: the gravest first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from reconciler.isolation.difference import Difference, Differing, Risk
from reconciler.reports.access_diff import HEADS, Telling, sizes, tellings
from reconciler.reports.access_holders import ways
from reconciler.reports.access_page import STATES
from reconciler.reports.access_read import Matrix
from reconciler.reports.page import moment, render


class Line(NamedTuple):
    """A row: what became of it, who, what, and below it the permissions and the grants."""

    lost: bool
    subject: str
    text: str
    codes: tuple[str, ...]
    ways: tuple[str, ...]


class Part(NamedTuple):
    """What reaches equally far, and how many rows of the document it tells; `grave` if beyond walls."""

    id: str
    heading: str
    grave: bool
    gained: int
    lost: int
    lines: tuple[Line, ...]


def diff_page(found: Difference, before: Matrix, after: Matrix) -> str:
    """The page; one file, to be opened, printed or mailed."""
    return render(
        "access_diff.html",
        before=before,
        after=after,
        state=STATES[before.state],
        first=moment(before.until),
        last=moment(after.until),
        sizes=sizes(found),
        parts=tuple(_parts(found)),
    )


def _parts(found: Difference) -> Iterator[Part]:
    for risk, heading in HEADS.items():
        gained = [each for each in found.gained if each.risk is risk]
        lost = [each for each in found.lost if each.risk is risk]
        if gained or lost:
            lines = (*_lines(gained, lost=False), *_lines(lost, lost=True))
            yield Part(str(risk), heading, risk is not Risk.WITHIN, len(gained), len(lost), lines)


def _lines(several: list[Differing], *, lost: bool) -> Iterator[Line]:
    return (_line(each, lost=lost) for each in tellings(several, lost=lost))


def _line(each: Telling, *, lost: bool) -> Line:
    codes = tuple(dict.fromkeys(row["permission"] for row in each.rows))
    return Line(lost, each.subject, each.text, codes, ways(each.rows))
