"""The guard that looks at access: nothing may cross a tenant's walls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from reconciler.isolation.boundaries import Boundaries
from reconciler.isolation.judge import crossings
from reconciler.isolation.matrix import delta
from reconciler.model.access import Access, Allows, Delta, Holds
from reconciler.model.address import ORG, Address
from reconciler.model.finding import Finding
from reconciler.planning.binding import Scope
from reconciler.planning.ceiling import ceilings
from reconciler.planning.draft import Draft
from reconciler.planning.guard import Situation
from reconciler.planning.project import before_and_after, gained
from reconciler.planning.shares import allowed, excepted, share_finder

LEAK = "leak"
"""The guard that holds back foreign access; the exit code asks for it."""


class Judged(NamedTuple):
    """Drafts after the guard, and what it found."""

    drafts: list[Draft]
    findings: tuple[Finding, ...]


def judge_access(drafts: list[Draft], situation: Situation, found: Scope) -> Judged:
    """Withhold what would leak, until what is left adds nothing foreign."""
    bounds = boundaries(situation, found)
    findings: list[Finding] = []
    while leaks := _leaks(access_change(drafts, situation), bounds):
        findings += [leak for _, leak in leaks if leak not in findings]
        drafts = _withhold_leaks(drafts, leaks, situation)
    return Judged(drafts, tuple(findings))


def _leaks(access: Delta, bounds: Boundaries) -> list[tuple[Access, Finding]]:
    return [(item, leak) for item in access.gains for leak in crossings((item,), bounds)]


def access_change(drafts: list[Draft], situation: Situation) -> Delta:
    """The access that the running drafts give and take, by the identities facts carry."""
    if not any(draft.runs for draft in drafts):
        return Delta()
    before, after = before_and_after(situation.live, drafts, situation.registry)
    return delta(before, after, situation.live.catalogue or {})


def boundaries(situation: Situation, found: Scope) -> Boundaries:
    """Whose each id is, and what may cross."""
    ids = found.ids()
    parts = list(ids.items())
    parts += [(item.marker.address, item.id) for item in found.orphans if item.marker]
    owners: dict[str, str] = {}
    for address, identity in parts:  # a subject in which several tenants have a part is nobody's alone
        owners[identity] = address.owner if owners.get(identity, address.owner) == address.owner else ORG
    owners |= {
        f"{{{address}}}": address.owner for address in situation.desired.resources if address not in ids
    }
    names = _names(situation)
    return Boundaries(
        owner_of=lambda identity: owners.get(identity, ""),
        name=lambda identity: names.get(identity, identity.strip("{}")),
        home=_home(situation),
        share_of=share_finder(situation.desired, _rights(situation, ids), ids),
        excepted=excepted(situation.desired, situation.options.today),
        accepted={
            ids[item.address]: item.accepted
            for item in situation.desired.resources.values()
            if item.accepted and item.address in ids
        },
        ceilings=ceilings(situation.desired.resources, ids),
        sharing=frozenset(ids[address] for address in situation.desired.shared if address in ids),
    )


def _names(situation: Situation) -> Mapping[str, str]:
    live = situation.live
    return {item.id: item.name for kind in situation.registry for item in live.of(kind.name)}


def _home(situation: Situation) -> str:
    """The wall that the organisation itself protects."""
    walls = situation.live.of(situation.registry.pair[1])
    return next((item.id for item in walls if item.protected), "")


def _rights(situation: Situation, ids: Mapping[Address, str]) -> Callable[[Address], frozenset[str]]:
    """What a role allows as declared, and as it is where it is only referred to."""
    live = {item.id: item for item in situation.live.of(situation.registry.pair[0])}

    def rights(address: Address) -> frozenset[str]:
        resource, item = situation.desired.resources.get(address), live.get(ids.get(address, ""))
        if resource is None:
            return frozenset()  # its tenant is retired: what it allowed is declared no more
        fields = resource.fields if not resource.existing else item.fields if item else {}
        return allowed(situation.registry[address.kind].facts("", fields)) if fields else frozenset()

    return rights


def _withhold_leaks(
    drafts: list[Draft], leaks: Iterable[tuple[Access, Finding]], situation: Situation
) -> list[Draft]:
    """Hold back who takes a role anew; where nobody does, the role that grows for those who hold it."""
    taking = {
        (draft.identity, fact.role)
        for draft in drafts
        if draft.runs
        for fact in gained(draft, situation.registry)
        if isinstance(fact, Holds)
    }
    culprits: dict[tuple[str, str], Finding] = {}
    for item, leak in leaks:
        culprit = item.subject if (item.subject, item.via) in taking else item.via
        culprits.setdefault((culprit, item.via), leak)
    return [_unless_leaking(draft, culprits, situation) for draft in drafts]


def _unless_leaking(draft: Draft, culprits: Mapping[tuple[str, str], Finding], situation: Situation) -> Draft:
    """By what it gains: of one subject only the part that takes the leaking role is held back."""
    for fact in sorted(gained(draft, situation.registry)) if culprits else ():
        if isinstance(fact, Holds | Allows) and (leak := culprits.get((draft.identity, fact.role))):
            return draft.withhold(LEAK, leak.message, leak.remedy)
    return draft
