"""The probe: which clients can be asked, and what their answers say of each tenant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from reconciler.errors import UsageError
from reconciler.isolation.answers import Known
from reconciler.isolation.asking import opening
from reconciler.isolation.concluding import conclude, excused
from reconciler.isolation.expecting import Expected
from reconciler.isolation.population import Subject
from reconciler.isolation.reach import Reach
from reconciler.model.access import Nature
from reconciler.model.address import ORG, Address, Selector
from reconciler.model.manifest import Manifests
from reconciler.model.probe import Candidate, ClientProbe, Record, Verdict
from reconciler.planning.proof import Ground

_APP = "it acts with the access of whoever signs in, and has no token of its own"
_IDLE = "it is not active and gets no token"
_KEPT = "its secret is kept where nothing of ours reads it"


def candidates(ground: Ground, manifests: Manifests, only: tuple[Selector, ...]) -> tuple[Candidate, ...]:
    """Every client of every tenant, by address. Raises UsageError for a selector that selects none."""
    tenants = {owner.name for owner in manifests.owners} - {ORG}
    found = sorted(_candidates(ground, tenants), key=lambda each: each.address)
    for selector in only:
        if not any(_selected(selector, each) for each in found):
            raise UsageError(
                f"--only {selector} selects no client of a tenant",
                remedy="give a tenant, or the address of one of its clients",
            )
    return tuple(each for each in found if not only or any(_selected(one, each) for one in only))


def without_clients(
    found: Iterable[Candidate], manifests: Manifests, only: tuple[Selector, ...]
) -> list[str]:
    """Tenants that nobody can be asked about, as notes."""
    asked = {each.tenant for each in found}
    tenants = sorted({owner.name for owner in manifests.owners} - {ORG} - asked)
    return [] if only else [f"{tenant} has no client to ask" for tenant in tenants]


def _candidates(ground: Ground, tenants: set[str]) -> Iterator[Candidate]:
    for subject in ground.people.subjects.values():
        if subject.nature is Nature.PROGRAM and subject.owner in tenants:
            yield _candidate(subject, ground)


def _candidate(subject: Subject, ground: Ground) -> Candidate:
    destination = ground.destinations.get(subject.id)
    excuse, verdict = "", Verdict.UNKNOWN
    if subject.acts_for_users or subject.idle:
        excuse, verdict = _APP if subject.acts_for_users else _IDLE, Verdict.VACUOUS
    elif destination is None:
        excuse = _KEPT
    return Candidate(subject.id, ground.shown[subject.id], subject.owner, destination, excuse, verdict)


def _selected(selector: Selector, each: Candidate) -> bool:
    try:
        return selector.matches(Address.parse(each.address))
    except ValueError:
        return selector == Selector(each.tenant)


def expectations(ground: Ground, found: Iterable[Candidate]) -> Mapping[str, Expected]:
    """What each client that can be asked should be shown, by its id."""
    reach = Reach(ground.people)
    return {
        each.id: Expected(each.id, each.tenant, reach, ground.bounds) for each in found if not each.excuse
    }


def seconds(expected: Iterable[Expected], at_once: int) -> int:
    """How long asking takes at the vendor's usual rate, at least: two seconds a question."""
    questions = [len(opening(each)) for each in expected]
    return 2 * max(max(questions, default=0), sum(questions) // at_once)


def conclusions(
    found: Iterable[Candidate],
    expected: Mapping[str, Expected],
    records: Mapping[str, Record],
    known: Known,
) -> tuple[ClientProbe, ...]:
    """What each client showed, in the order of `found`."""
    return tuple(
        conclude(each, expected[each.id], records[each.id], known) if each.id in expected else excused(each)
        for each in found
    )
