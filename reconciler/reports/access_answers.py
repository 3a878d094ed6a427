"""Answers about access in text: who can, why, and why not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from reconciler.isolation.population import Population
from reconciler.isolation.queries import WhyNot
from reconciler.model.access import EVERYWHERE, ORG_WIDE, Access
from reconciler.reports.lines import Line, Style, flow, folded, named
from reconciler.reports.names import Names
from reconciler.reports.words import Sentence, sentences, told

MOST_ROWS = 200


def who_can_text(rows: Iterable[Mapping[str, str]], width: int) -> Iterator[Line]:
    """A line per subject, and below it each grant that lets it."""
    last = ""
    for number, row in enumerate(rows):
        if number >= MOST_ROWS:
            yield Line("and more (-o json or -o csv lists each)")
            return
        if row["subject"] != last:
            last = row["subject"]
            yield Line(last, "title")
        yield from flow("  ", grant_words(row), width, hang=4)


def matrix_text(
    cells: Iterable[Access], people: Population, shown: Mapping[str, str], width: int
) -> Iterator[Line]:
    """What everybody can do where, in words; what reaches furthest comes first with each subject."""
    named_so = {identity.strip("{}"): name for identity, name in people.names.items()}
    names = Names({**named_so, **{label: label for label in shown.values()}}, shown)
    told_of: dict[str, list[Sentence]] = {}
    for sentence in sentences(cells, names):
        told_of.setdefault(sentence.subject, []).append(sentence)
    for subject, several in sorted(told_of.items()):
        yield Line(subject, "title")
        for sentence in several:
            style: Style = "alarm" if sentence.wide else "plain"
            yield from flow("  ", told(sentence, names, lost=False), width, style, hang=4)


def grant_words(row: Mapping[str, str]) -> str:
    """`Tenant Queue Metrics in ACME-US, through the group NW Team (tenants/acme.yaml:12)`."""
    where = "every division" if row["grantedIn"] == EVERYWHERE else named(row["grantedIn"])
    through = f", through the group {named(row['through'])}" if row["through"] else ""
    said = "" if row["said"] == row["permission"] else f", as {row['said']}"
    wide = ", which no division confines" if row["placeId"] == ORG_WIDE else ""
    told = f" ({row['declared']})" if row["declared"] else " (not in the manifests)"
    return f"{named(row['role'])} in {where}{through}{said}{wide}{told}"


def why_text(asked: Mapping[str, str], rows: list[dict[str, str]], width: int) -> Iterator[Line]:
    """Yes, and by which grants."""
    yield from flow("yes. ", f"{_who(asked)} can use {asked['permission']} {_where(asked)}:", width, "title")
    for row in rows:
        yield from flow("    ", grant_words(row), width, hang=6)


def why_not_text(
    asked: Mapping[str, str],
    missed: WhyNot,
    held: Iterable[Mapping[str, str]],
    people: Population,
    width: int,
) -> Iterator[Line]:
    """No, and what comes nearest; `held` are the grants elsewhere in names."""
    text = f"No grant of a role holding {asked['permission']} {_where(asked)}."
    yield from flow("no. ", text, width, "title")
    if missed.elsewhere:
        grants = list(dict.fromkeys(map(grant_words, held)))
        yield from flow("    ", f"It holds {folded(grants, 6)}.", width, hang=6)
    if missed.here:
        roles = [named(people.name(grant.role)) for grant in missed.here]
        yield from flow("    ", f"There it holds {folded(roles, 6)}, without that permission.", width, hang=6)
    if not missed.elsewhere and not missed.here:
        yield Line("    It holds that permission nowhere, and nothing there.")


def _who(asked: Mapping[str, str]) -> str:
    return asked["subject"]


def _where(asked: Mapping[str, str]) -> str:
    return "in every division" if asked["division"] == EVERYWHERE else f"in {named(asked['division'])}"
