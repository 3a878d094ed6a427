"""A plan, or a proposal, as values for a page: what its text says, in the order in which people decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from reconciler.model.access import Delta
from reconciler.model.consent import GRAVITY, Consent, Ground
from reconciler.model.finding import Finding
from reconciler.model.frame import Frame
from reconciler.model.words import population
from reconciler.reports.access_text import says, who
from reconciler.reports.causes import Causes
from reconciler.reports.findings_text import Locate
from reconciler.reports.folding import Row, rows
from reconciler.reports.frame_text import UNCOMMITTED, left
from reconciler.reports.lines import Line
from reconciler.reports.names import Names

WIDE = 1_000_000
"""Columns of lines that a page wraps itself."""

_GRAVE = GRAVITY.index("increase")


class Asked(NamedTuple):
    """One consent and what for: `whose` are all whom it concerns, `asked` all who have to agree."""

    consent: Consent
    grave: bool
    who: str
    message: str
    whose: tuple[str, ...]
    asked: tuple[str, ...]


class Reach(NamedTuple):
    """A row of access: who, what in words, the permissions as codes, what made it so and for whom."""

    lost: bool
    grave: bool
    who: str
    text: str
    codes: tuple[str, ...]
    cause: str
    whom: tuple[str, ...]


class Told(NamedTuple):
    """A finding and its place."""

    finding: Finding
    place: str


class Ending(NamedTuple):
    """What ends soon."""

    expires: str
    left: str
    address: str
    what: str
    owner: str
    place: str


class Deed(NamedTuple):
    """A change, or several alike: the symbol, who, what in lines, why, and for whom."""

    symbol: str
    grave: bool
    who: str
    lines: tuple[str, ...]
    notes: tuple[str, ...]
    whom: tuple[str, ...]


class Sheet(NamedTuple):
    """Everything on the page; `when` is to the minute, `total` the line that the text ends with."""

    title: str
    org: str
    when: str
    lead: str
    total: str
    facts: tuple[tuple[str, str], ...]
    asked: tuple[Asked, ...]
    leaks: tuple[Told, ...]
    access: tuple[Reach, ...]
    policy: tuple[str, ...]
    held: tuple[Deed, ...]
    ending: tuple[Ending, ...]
    heading: str
    deeds: tuple[Deed, ...]
    findings: tuple[Told, ...]
    stays: tuple[str, ...]
    unseen: tuple[str, ...]
    costs: tuple[str, ...]
    command: str


def asked_for(grounds: Iterable[Ground]) -> Iterator[Asked]:
    """The grounds in their order; those that say the same of one class together."""
    groups: dict[tuple[Consent, str], list[Ground]] = {}
    for each in grounds:
        groups.setdefault((each.consent, each.message), []).append(each)
    for (consent, message), several in groups.items():
        whose = tuple(dict.fromkeys(each.address for each in several))
        asked = tuple(dict.fromkeys(name for each in several for name in each.asked))
        called = whose[0] if len(whose) == 1 else population(whose)
        whom = whose if len(whose) > 1 else ()
        yield Asked(consent, GRAVITY.index(consent) > _GRAVE, called, message, whom, asked)


def reached(access: Delta, names: Names, causes: Causes) -> Iterator[Reach]:
    """Both sides, what is gained first."""
    for side, lost in ((access.gains, False), (access.losses, True)):
        yield from (_reach(row, names, lost=lost) for row in rows(side, names, causes))


def _reach(row: Row, names: Names, *, lost: bool) -> Reach:
    whom = row.subjects if len(row.subjects) > 1 else ()
    grave = bool(row.gravity or row.sentence.wide) and not lost
    text = says(row, names, lost=lost)
    return Reach(lost, grave, who(row), text, row.sentence.permissions, row.cause, whom)


def told(findings: Iterable[Finding], locate: Locate) -> Iterator[Told]:
    """Each with its place, where it has one."""
    for each in findings:
        position = locate(each.location) if each.location else None
        yield Told(each, str(position or ""))


def ending(frame: Frame, locate: Locate) -> Iterator[Ending]:
    """What ends soon, the first in front."""
    for each in frame.expiries:
        position = locate(each.origin) if each.origin else None
        yield Ending(each.expires, left(each), each.address, each.what, each.owner, str(position or ""))


def seen(frame: Frame) -> Iterator[tuple[str, str]]:
    """With what eyes it was made."""
    if frame.revision:
        yield "Commit", f"{frame.revision.commit}{UNCOMMITTED if frame.revision.dirty else ''}"
    if frame.catalogue:
        yield "Permission catalogue", frame.catalogue


def sentences_of(lines: Sequence[Line]) -> tuple[str, ...]:
    """Lines that were not wrapped, without their headings."""
    return tuple(line.text.strip() for line in lines if line.style != "title" and line.text.strip())
