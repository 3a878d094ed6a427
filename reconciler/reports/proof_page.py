"""A proof as a page for people: the same facts as the text, with the matrix that they follow from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import NamedTuple

from reconciler.model.finding import Finding, Severity
from reconciler.model.picture import ORDER, Picture
from reconciler.model.proof import App, Proof, Reacher, Standing, TenantProof, Verdict
from reconciler.model.words import counted, inhabitants
from reconciler.reports.lines import folded
from reconciler.reports.matrix_view import STANDINGS, View, view
from reconciler.reports.page import moment, render
from reconciler.reports.path_drawing import WIDTH, Drawing, drawing
from reconciler.reports.proof_words import answer, app_of, ceiling, exception, place_of

WORDS: Mapping[Verdict, str] = {
    Verdict.LEAK: "leaking",
    Verdict.UNKNOWN: "unknown, not everything was seen",
    Verdict.VACUOUS: "nothing to prove",
    Verdict.EXCEPTED: "isolated but for declared exceptions",
    Verdict.PROVED: "isolated",
}
"""Verdict → what somebody reads who knows nothing of verdicts."""

_OUT: Mapping[Verdict, str] = {
    Verdict.LEAK: "what they may not",
    Verdict.UNKNOWN: "not known: not everything was seen",
    Verdict.VACUOUS: "nothing that could be proved",
    Verdict.EXCEPTED: "its own, and more that somebody answers for",
    Verdict.PROVED: "nothing but its own",
}
_IN: Mapping[Verdict, str] = {
    Verdict.LEAK: "somebody who should not",
    Verdict.UNKNOWN: "not known: not everything was seen",
    Verdict.VACUOUS: "nobody, there is nothing to reach",
    Verdict.EXCEPTED: "nobody but whom somebody answers for",
    Verdict.PROVED: "nobody who should not",
}
_MANY, _MOST_ALIKE = 50, 12
_QUIET = (Standing.OWN_PEOPLE, Standing.STAFF)


class Leak(NamedTuple):
    """A leak: what is so, what to do, and its path."""

    finding: Finding
    path: Drawing


class Reached(NamedTuple):
    """Who reaches a tenant: `why` is its standing, `answers` who answers for it, `leak` that nobody does."""

    who: str
    why: str
    where: str
    roles: str
    answers: tuple[str, ...]
    leak: bool


class Card(NamedTuple):
    """One tenant."""

    tenant: str
    verdict: Verdict
    words: str
    said: str
    facts: tuple[tuple[str, str], ...]
    matrix: View
    leaks: tuple[Leak, ...]
    reached: tuple[Reached, ...]
    excepted: tuple[str, ...]
    notes: tuple[str, ...]


class Breach(NamedTuple):
    """A rule, and everything that breaks it; `more` is the number of those that are not told."""

    rule: str
    severity: Severity
    number: int
    findings: tuple[Finding, ...]
    more: int


def proof_page(proof: Proof, picture: Picture, code: int) -> str:
    """The page; one file, to be opened, printed or mailed."""
    return render(
        "proof.html",
        proof=proof,
        code=code,
        when=when(proof),
        totals=totals(proof),
        cards=[_card(each, picture, proof) for each in proof.tenants],
        everywhere=view(picture.everywhere, picture, proof),
        everybody=[*_reached(proof.everywhere, proof)],
        intruders=[*_leaks(proof.intruders)],
        breaches=[*_breaches(proof.findings)],
        many=len(proof.tenants) > _MANY,
        width=WIDTH,
    )


def when(proof: Proof) -> str:
    """The day and the time of the last look, to the minute."""
    return moment(proof.began)


def totals(proof: Proof) -> str:
    """How many tenants there are, and how each of them fares."""
    verdicts = Counter(each.verdict for each in proof.tenants)
    words = {**WORDS, Verdict.VACUOUS: "with nothing to prove"}
    told = [f"{verdicts[each]:,} {words[each]}" for each in Verdict if verdicts[each]]
    return f"{counted(len(proof.tenants), 'tenant')}: {'; '.join(told)}" if told else "no tenant"


def _card(each: TenantProof, picture: Picture, proof: Proof) -> Card:
    leaks = [*_leaks((*each.leaks, *each.intruders))]
    return Card(
        tenant=each.tenant,
        verdict=each.verdict,
        words=WORDS[each.verdict],
        said=said(each, proof),
        facts=tuple(_facts(each, proof)),
        matrix=view(picture.tenants[each.tenant], picture, proof),
        leaks=tuple(leaks),
        reached=(*_operator(each, picture, proof), *_reached(each.reachers, proof)),
        excepted=tuple(exception(item, proof) for item in each.excepted),
        notes=tuple(_notes(each, proof)),
    )


def said(each: TenantProof, proof: Proof) -> str:
    """One tenant in one line, never without a time and what it leaves out."""
    looked = "proved" if each.verdict in (Verdict.PROVED, Verdict.EXCEPTED) else "looked at"
    exceptions = counted(each.exceptions, "exception")
    limits = counted(len(proof.outside), "known limit")
    return f"{WORDS[each.verdict]}, {looked} {when(proof)}, {exceptions}, {limits}"


def _facts(each: TenantProof, proof: Proof) -> Iterator[tuple[str, str]]:
    clients = [proof.subjects[subject] for subject in each.subjects]
    yield counted(len(clients), "client"), ", ".join(clients) or "none"
    walls = sorted(proof.names.get(wall, wall) for wall in each.walls)
    yield counted(len(walls), "division"), ", ".join(walls) or "none"
    yield counted(sum(each.objects.values()), "object"), inhabitants(each.objects) or "none that were counted"
    yield from (("Confined", ceiling(item, proof)) for item in each.confined)
    yield from (("App", _app(item, proof)) for item in each.apps)
    yield "What its clients reach", f"{_OUT[each.reaches]} ({each.reaches})"
    yield "Who else reaches it", f"{_IN[each.reached_by]} ({each.reached_by})"


def _app(item: App, proof: Proof) -> str:
    """Who can sign in and how far they reach; the witness is of the furthest."""
    said = f"{app_of(item, proof)}; {WORDS[item.verdict]} ({item.verdict})"
    return f"{said}. The furthest: {' → '.join(item.witness)}" if item.witness else said


def _notes(each: TenantProof, proof: Proof) -> Iterator[str]:
    if each.reached_by is Verdict.LEAK and not each.intruders:
        yield "Somebody who reaches every tenant reaches it too, and should not."
    yield from (reason for reason in each.reasons if reason not in proof.gaps)


def _leaks(findings: Iterable[Finding]) -> Iterator[Leak]:
    return (Leak(finding, drawing(finding.path)) for finding in findings)


def _operator(each: TenantProof, picture: Picture, proof: Proof) -> Iterator[Reached]:
    """The operator's row where it has no grant behind the walls: it is there all the same."""
    if any(item.standing is Standing.OPERATOR for item in each.reachers):
        return
    rows = (row for row in picture.tenants[each.tenant].rows if row.standing is Standing.OPERATOR)
    for row in rows:
        wide = [item for item in proof.everywhere if item.standing is Standing.OPERATOR]
        who = proof.subjects.get(row.subjects[0], row.subjects[0])
        yield from _reached(wide, proof)
        if not wide:
            yield Reached(who, STANDINGS[Standing.OPERATOR], "nothing", "", (), leak=False)


def _reached(reachers: Iterable[Reacher], proof: Proof) -> Iterator[Reached]:
    """Each by name, but who works there by number."""
    several = sorted(reachers, key=lambda item: ORDER.index(item.standing))
    for standing, group in groupby(several, lambda item: item.standing):
        together = list(group)
        if standing not in _QUIET:
            yield from (_one(item, proof) for item in together)
            continue
        names = folded([proof.subjects[item.subject] for item in together], 4)
        why = f"{len(together):,} of {STANDINGS[standing]}"
        yield Reached(names, why, _places(together, proof), _roles(together, proof), (), leak=False)


def _one(item: Reacher, proof: Proof) -> Reached:
    return Reached(
        who=proof.subjects[item.subject],
        why=STANDINGS[item.standing],
        where=_places([item], proof),
        roles=f"{_roles([item], proof)} ({counted(item.permissions, 'permission')})",
        answers=tuple(map(answer, item.shares)),
        leak=item.standing in (Standing.FOREIGN, Standing.UNOWNED),
    )


def _places(several: Iterable[Reacher], proof: Proof) -> str:
    found = dict.fromkeys(place_of(place, proof) for item in several for place in item.places)
    return ", ".join(found)


def _roles(several: Iterable[Reacher], proof: Proof) -> str:
    found = dict.fromkeys(proof.names.get(role, role) for item in several for role in item.roles)
    return folded(list(found), _MOST_ALIKE)


def _breaches(findings: Iterable[Finding]) -> Iterator[Breach]:
    for (severity, rule), several in groupby(findings, lambda each: (each.severity, each.rule)):
        found = tuple(several)
        more = max(0, len(found) - _MOST_ALIKE)
        yield Breach(rule, severity, len(found), found[:_MOST_ALIKE], more)
