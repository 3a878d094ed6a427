"""Tolerance: whom the exceptions of the Org document mean today, and which of them mean nobody.

Names are exact, and a name that two bear means neither: whoever takes the name of somebody who is
tolerated must not be tolerated with him.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from reconciler.isolation.population import Subject
from reconciler.model.access import Share, Tolerated
from reconciler.model.finding import Finding, Severity
from reconciler.model.rule import Rule
from reconciler.model.state import Live
from reconciler.model.words import counted

IDLE = Rule(
    "isolation/idle-exception",
    "An exception that means nobody waits for whoever takes that name next.",
    "Remove it, or correct whom it names.",
)


class Tolerance(NamedTuple):
    """The roles by subject that are tolerated today, and what is to be said about the exceptions."""

    roles: Mapping[str, Mapping[str, Share]]
    warnings: tuple[Finding, ...]


def tolerance(
    entries: Iterable[Tolerated], subjects: Iterable[Subject], roles: Iterable[Live], today: date
) -> Tolerance:
    """Whom `entries` mean among everybody there is."""
    named: dict[tuple[str, str], set[str]] = defaultdict(set)
    for each in subjects:
        for text in (each.id, each.name):
            named[each.nature, text].add(each.id)
    known: dict[str, set[str]] = defaultdict(set)
    for role in roles:
        for text in (role.id, role.name):
            known[text].add(role.id)
    found: dict[str, dict[str, Share]] = defaultdict(dict)
    warnings: list[Finding] = []
    for entry in entries:
        met = named.get((entry.nature, entry.subject), set())
        meant = {text: known.get(text, set()) for text in sorted(entry.roles)}
        warnings += _idle(entry, met, meant, today)
        if len(met) == 1 and entry.share.expires >= today.isoformat():
            alone = (next(iter(ids)) for ids in meant.values() if len(ids) == 1)
            found[next(iter(met))] |= dict.fromkeys(alone, entry.share)
    return Tolerance(dict(found), tuple(warnings))


def _idle(entry: Tolerated, met: set[str], meant: Mapping[str, set[str]], today: date) -> Iterator[Finding]:
    """Why an exception, or a role of it, excepts nothing."""
    if entry.share.expires < today.isoformat():
        yield _warning(entry, f"the exception for `{entry.subject}` ended after {entry.share.expires}")
    elif len(met) != 1:
        many = f"means {counted(len(met), 'subject')}" if met else "means nobody who was seen"
        yield _warning(entry, f"the exception for `{entry.subject}` {many}")
    for text, ids in meant.items():
        if len(ids) != 1:
            yield _warning(
                entry, f"the exception for `{entry.subject}` names {len(ids) or 'no'} role `{text}`"
            )


def _warning(entry: Tolerated, message: str) -> Finding:
    remedy = "give an id, correct it, or remove the entry under `reachedBy` of the Org document"
    return Finding(IDLE, Severity.WARNING, message, remedy, location=entry.origin)
