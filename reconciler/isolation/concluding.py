"""Concluding: from one client's answers to what its token showed, in counts and hashes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from reconciler.isolation.answers import Known, judge, settled, shown_foreign
from reconciler.isolation.asking import foreign, listing, owned, singles
from reconciler.isolation.expecting import Expected
from reconciler.model.probe import (
    Ask,
    Candidate,
    ClientProbe,
    Form,
    Judged,
    Record,
    Reply,
    Seen,
    Verdict,
)
from reconciler.model.sight import Sight

_ORDER = list(Verdict)
_NOTHING = "it holds no permission that a read could try"


def excused(candidate: Candidate) -> ClientProbe:
    """A client that nobody could ask."""
    return ClientProbe(candidate.address, candidate.tenant, candidate.verdict, reasons=(candidate.excuse,))


def conclude(candidate: Candidate, expected: Expected, record: Record, known: Known) -> ClientProbe:
    """What one client's token showed."""
    sights = tuple(_seen(expected, sight, record, known) for sight in expected.sights)
    others = [
        settled(expected, ask, replies, known)
        for ask, replies in record.replies.items()
        if ask.form not in (Form.LIST, Form.ONE)
    ]
    verdicts = [*(each.verdict for each in others), *(each.verdict for each in sights)]
    verdict = _worst(each for each in verdicts if each is not Verdict.VACUOUS)
    if record.trouble:
        verdict = _worst((verdict, Verdict.UNKNOWN))
    if verdict is Verdict.CONFIRMED and not any(each.verdict is verdict for each in sights):
        verdict = Verdict.VACUOUS
    said = [*record.trouble, *(each.said for each in others if each.said)]
    return ClientProbe(
        address=candidate.address,
        tenant=candidate.tenant,
        verdict=verdict,
        permissions=sum(ask.form is Form.PERMITTED for ask in record.replies),
        sights=sights,
        open={ask.about: replies[0].total for ask, replies in record.replies.items()
              if ask.form is Form.COUNT},
        requests=record.requests,
        returned=record.returned,
        reasons=tuple(dict.fromkeys(said if sights or said else [*said, _NOTHING])),
    )  # fmt: skip


def _worst(verdicts: Iterable[Verdict]) -> Verdict:
    return min(verdicts, key=_ORDER.index, default=Verdict.CONFIRMED)


def _seen(expected: Expected, sight: Sight, record: Record, known: Known) -> Seen:
    """One list with the single reads below it."""
    replies = record.replies.get(listing(sight), [])
    listed = replies[-1] if replies else Reply(gap="not asked")
    mine = owned(expected, sight, record, known)
    asked = {
        ask: record.replies[ask] for ask in singles(expected, sight, record, known) if ask in record.replies
    }
    own = [ask for ask in asked if _is_own(expected, sight, ask, mine)]
    theirs = [ask for ask in asked if ask not in own]
    judged = [settled(expected, ask, several, known) for ask, several in asked.items()]
    judged.append(
        settled(expected, listing(sight), replies, known)
        if replies
        else judge(expected, listing(sight), listed, known)
    )
    controls = (
        sum(asked[ask][-1].status == 200 for ask in own)
        if sight.single
        else sum(each in listed.found for each in mine)
    )
    negatives = bool(theirs) if sight.single else bool(foreign(expected, sight, known))
    verdict = _worst(each.verdict for each in judged)
    why = _vacuous(controls, negatives) if verdict is Verdict.CONFIRMED else ""
    return Seen(
        type=sight.type,
        permission=sight.permission,
        verdict=Verdict.VACUOUS if why else verdict,
        listed=len(listed.found),
        foreign=len(shown_foreign(expected, sight, listed)),
        digest=_hash(listed.found) if listed.found else "",
        controls=controls,
        tried=len(theirs),
        answered=sum(asked[ask][-1].status == 200 for ask in theirs),
        said=_said(judged, why),
    )


def _is_own(expected: Expected, sight: Sight, ask: Ask, mine: tuple[str, ...]) -> bool:
    return any(ask.path == sight.single.format(id=each) for each in mine)


def _vacuous(controls: int, negatives: bool) -> str:
    if not controls:
        return "nothing of its own to be shown, so refusals prove nothing"
    return "" if negatives else "nobody could list a foreign object to try"


def _said(judged: Iterable[Judged], why: str) -> tuple[str, ...]:
    found = [each.said for each in judged if each.said]
    return tuple(dict.fromkeys([*found, why] if why else found))


def _hash(ids: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(ids)).encode()).hexdigest()
