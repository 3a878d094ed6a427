"""The isolation statement: what one tenant may be told about who reaches its data, in plain words.

No other tenant is named: not itself, its divisions, its programs or its people.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from reconciler.model.access import EVERYWHERE, ORG_WIDE, untitled
from reconciler.model.address import ORG, Address
from reconciler.model.finding import Bond, Finding
from reconciler.model.proof import Excepted, Proof, Reacher, Standing, TenantProof, Verdict
from reconciler.model.words import counted, inhabitants
from reconciler.reports.discretion import OTHER, discreet
from reconciler.reports.proof_words import answer, place_of

_REACHED: Mapping[Verdict, str] = {
    Verdict.PROVED: "your data were reachable only by those listed here.",
    Verdict.EXCEPTED: "your data were reachable only by those listed here, some of them by an exception that "
    "somebody answers for.",
    Verdict.LEAK: "your data could be reached by somebody who should not reach them. That is a leak; it is "
    "told below.",
    Verdict.UNKNOWN: "not everything could be seen. We cannot state that nobody else could reach your data.",
    Verdict.VACUOUS: "there was nothing of yours to reach.",
}
_REACHING: Mapping[Verdict, str] = {
    Verdict.PROVED: "",
    Verdict.EXCEPTED: " Your own programs may do more than work with your data; somebody answers for that.",
    Verdict.LEAK: " Your own programs could reach what they may not. That is a leak too; it is told below.",
    Verdict.UNKNOWN: " What your own programs could reach beyond your data is not known.",
    Verdict.VACUOUS: "",
}
_SORTS = {"group": "group", "user": "person"}
_OWN = {Standing.STAFF, Standing.OWN_PEOPLE, Standing.OPERATOR, Standing.ORGANISATION}
_LEAKING = {Standing.FOREIGN, Standing.UNOWNED}


class Part(NamedTuple):
    """A heading and what stands below it, a sentence a line."""

    heading: str
    lines: tuple[str, ...]


class Statement(NamedTuple):
    """Everything that a statement says; `verdict` is the worse of both."""

    org: str
    tenant: str
    verdict: Verdict
    lead: str
    parts: tuple[Part, ...]
    source: str

    @property
    def title(self) -> str:
        """What stands on top."""
        return f"Isolation statement for {self.tenant}"


def statement(proof: Proof, tenant: str) -> Statement:
    """What `tenant`, one of those proved, may be told."""
    each = next(item for item in proof.tenants if item.tenant == tenant)
    tell = discreet(proof, tenant)
    parts = (Part(heading, tuple(map(tell, lines(each, proof)))) for heading, lines in _PARTS)
    when = f"On {proof.began[:10]} at {proof.began[11:16]} UTC"
    return Statement(
        org=proof.org_name,
        tenant=tenant,
        verdict=each.verdict,
        lead=f"{when}, {_REACHED[each.reached_by]}{_REACHING[each.reaches]}",
        parts=tuple(part for part in parts if part.lines),
        source=f"Worked out by {proof.tool} from everything that was read between {proof.began} and "
        f"{proof.ended} (SHA-256 {proof.snapshot}).",
    )


def _about(each: TenantProof, proof: Proof) -> Iterator[str]:
    walls = sorted(proof.names.get(wall, wall) for wall in each.walls)
    living = inhabitants(each.objects)
    yield f"Your divisions: {', '.join(walls) or 'none'}" + (f", with {living}." if living else ".")
    yield from (f"{reason[:1].upper()}{reason[1:]}." for reason in each.reasons if reason not in proof.gaps)


def _reachable(each: TenantProof, proof: Proof) -> Iterator[str]:
    own = [proof.subjects[subject] for subject in each.subjects]
    yield f"Your own programs: {', '.join(own)}." if own else "No program of your own."
    several = Counter((item.standing, _sort(item, proof)) for item in _everybody(each, proof))
    for (standing, sort), number in sorted(several.items()):
        if standing is Standing.OWN_PEOPLE:
            yield f"Your own people: {_many(number, sort)} with access of their own."
        elif standing is Standing.STAFF:
            yield f"Our staff: {_many(number, sort)}."
        elif standing is Standing.ORGANISATION:
            yield f"Programs of ours that are declared: {number:,}."
    yield "The program by which we keep all this as declared."


def _shared(each: TenantProof, proof: Proof) -> Iterator[str]:
    for item in _everybody(each, proof):
        if item.standing in _OWN | _LEAKING:
            continue
        why = "; ".join(answer(share) for share in item.shares) or "declared"
        where = ", ".join(_place(place, each, proof) for place in item.places)
        yield f"{_who(item, each, proof)}, {counted(item.permissions, 'permission')} in {where}: {why}."


def _beyond(each: TenantProof, proof: Proof) -> Iterator[str]:
    yield from (f"{_exception(item, each, proof)}: {answer(item.share)}." for item in each.excepted)


def _exception(item: Excepted, each: TenantProof, proof: Proof) -> str:
    who = proof.subjects[item.subject]
    if not item.permissions:
        return f"{who} acts for whoever signs in to it"
    return f"{who} uses {counted(len(item.permissions), 'permission')} in {_place(item.place, each, proof)}"


def _place(place: str, each: TenantProof, proof: Proof) -> str:
    own = place in (*each.walls, EVERYWHERE, ORG_WIDE)
    return place_of(place, proof) if own else "a division that is not yours"


def _leaks(each: TenantProof, proof: Proof) -> Iterator[str]:
    for leak in each.leaks:
        yield f"Your program {leak.address} can use {_used(leak, each, proof)}."
    wide = [item for item in proof.intruders if _owner(item.address) != each.tenant] if each.walls else []
    found = Counter(_intrusion(leak, each, proof) for leak in (*each.intruders, *wide))
    for sentence, number in found.items():
        yield f"{sentence}." if number == 1 else f"{sentence} ({number:,} times)."


def _intrusion(leak: Finding, each: TenantProof, proof: Proof) -> str:
    sort = _noun(leak.address)
    reachers = (*each.reachers, *proof.everywhere)
    foreign = any(
        proof.subjects[item.subject] == leak.address and item.standing is Standing.FOREIGN
        for item in reachers
    )
    who = f"{OTHER.capitalize()}'s {sort}" if foreign else f"A {sort} that nobody answers for"
    return f"{who} can use {_used(leak, each, proof)}"


def _used(leak: Finding, each: TenantProof, proof: Proof) -> str:
    """What the witness ends with; a place that is not the tenant's own has no name."""
    link = next(link for link in leak.path if link.bond is Bond.PERMISSION)
    own = {place_of(place, proof): place for place in (EVERYWHERE, ORG_WIDE)}
    own |= {proof.names.get(wall, wall): wall for wall in each.walls}
    where = _place(own[link.place], each, proof) if link.place in own else "a division that is not yours"
    return f"{link.text} in {where}"


def _unseen(each: TenantProof, proof: Proof) -> Iterator[str]:
    if proof.gaps:
        yield f"{counted(len(proof.gaps), 'thing')} that we would have had to see: ask us which."


def _limits(each: TenantProof, proof: Proof) -> Iterator[str]:
    yield from (f"{line[:1].upper()}{line[1:]}." for line in proof.outside)


def _everybody(each: TenantProof, proof: Proof) -> Iterator[Reacher]:
    """Those behind its walls, and those who reach every tenant, once."""
    behind = {item.subject for item in each.reachers}
    yield from each.reachers
    for item in proof.everywhere:
        if item.subject not in behind and _owner(proof.subjects[item.subject]) != each.tenant:
            yield item


def _who(item: Reacher, each: TenantProof, proof: Proof) -> str:
    sort = _sort(item, proof)
    owner = _owner(proof.subjects[item.subject])
    if owner not in ("", ORG, each.tenant) or sort == "person":
        return f"{OTHER.capitalize()}'s {sort}"
    return f"A {sort} of ours" if owner == ORG or sort == "group" else f"A {sort} that we except for a while"


def _many(number: int, sort: str) -> str:
    return f"{number:,} people" if sort == "person" and number != 1 else counted(number, sort)


def _sort(item: Reacher, proof: Proof) -> str:
    return _noun(proof.subjects[item.subject])


def _noun(shown: str) -> str:
    """What somebody is, from what people are shown for him: a person, a group, or else a program."""
    return _SORTS.get(untitled(shown)[0], "program")


def _owner(shown: str) -> str:
    """Whose a subject is, from its address; "" for what has none."""
    try:
        return Address.parse(shown).owner
    except ValueError:
        return ""


_PARTS: tuple[tuple[str, Callable[[TenantProof, Proof], Iterator[str]]], ...] = (
    ("What this is about", _about),
    ("Leaks", _leaks),
    ("Not seen", _unseen),
    ("Who could reach your data", _reachable),
    ("Shared services and exceptions", _shared),
    ("What your own programs may do beyond your divisions", _beyond),
    ("Limits of this statement", _limits),
)
