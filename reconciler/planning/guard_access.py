"""Guards that look at access: nothing may cross a tenant, and not too much may be gained at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from reconciler.isolation.judge import Boundaries, crossings
from reconciler.isolation.matrix import delta
from reconciler.model.access import Access, Delta
from reconciler.model.address import Address
from reconciler.model.finding import Finding
from reconciler.model.value import Ref, Value
from reconciler.planning.draft import Draft
from reconciler.planning.guard import Situation
from reconciler.planning.project import before_and_after, facts_after, facts_before
from reconciler.planning.scope import Scope

LEAK = "leak"
"""The guard that holds back foreign access; the exit code asks for it."""


class Judged(NamedTuple):
    """Drafts after the access guards, and what was found on the way."""

    drafts: list[Draft]
    findings: tuple[Finding, ...]


def judge_access(drafts: list[Draft], situation: Situation, found: Scope) -> Judged:
    """Withhold what would leak, then what would gain too much at once."""
    access = access_change(drafts, situation)
    bounds = boundaries(situation, found)
    leaks = tuple(crossings(access.gains, bounds))
    if leaks:
        drafts = _withhold_leaks(drafts, leaks, access, situation)
        access = access_change(drafts, situation)
    return Judged(_limit_gains(drafts, access, situation), leaks)


def access_change(drafts: list[Draft], situation: Situation) -> Delta:
    """The access that the running drafts give and take, by the identities facts carry."""
    if not any(draft.runs for draft in drafts):
        return Delta()
    before, after = before_and_after(situation.live, drafts, situation.registry)
    return delta(before, after, situation.live.catalogue or {})


def boundaries(situation: Situation, found: Scope) -> Boundaries:
    """Whose each id is, and what may cross."""
    ids = found.ids()
    owners = {identity: address.owner for address, identity in ids.items()}
    owners |= {
        f"{{{address}}}": address.owner for address in situation.desired.resources if address not in ids
    }
    owners |= {item.id: item.marker.address.owner for item in found.orphans if item.marker}
    names = _names(situation)
    return Boundaries(
        owner_of=lambda identity: owners.get(identity, ""),
        name=lambda identity: names.get(identity, identity.strip("{}")),
        home=_home(situation),
        shared=_shared(situation, ids),
        excepted=_excepted(situation),
    )


def _names(situation: Situation) -> Mapping[str, str]:
    live = situation.live
    return {item.id: item.name for kind in situation.registry for item in live.of(kind.name)}


def _home(situation: Situation) -> str:
    """The wall that the organisation itself protects."""
    walls = situation.live.of(situation.registry.pair[1])
    return next((item.id for item in walls if item.protected), "")


def _shared(situation: Situation, ids: Mapping[Address, str]) -> frozenset[tuple[str, str]]:
    return frozenset(
        (ids.get(subject, f"{{{subject}}}"), _identity(division, ids))
        for subject, division in situation.desired.shared
    )


def _identity(division: Value, ids: Mapping[Address, str]) -> str:
    return ids.get(division.address, str(division)) if isinstance(division, Ref) else str(division)


def _excepted(situation: Situation) -> frozenset[str]:
    today = situation.options.today.isoformat()
    return frozenset(item.permission for item in situation.desired.org.org_wide if item.expires >= today)


def _withhold_leaks(
    drafts: list[Draft], leaks: Iterable[Finding], access: Delta, situation: Situation
) -> list[Draft]:
    """Hold back each change that gives what leaks: of the subject itself, or of the role it comes through."""
    messages = {finding.address: finding for finding in leaks}
    through = {item.via: messages[item.subject] for item in access.gains if item.subject in messages}
    return [
        _unless_leaking(draft, messages.get(draft.identity) or through.get(draft.identity), situation)
        for draft in drafts
    ]


def _unless_leaking(draft: Draft, leak: Finding | None, situation: Situation) -> Draft:
    if leak is None or not _widens(draft, situation):
        return draft
    return draft.withhold(LEAK, leak.message, leak.remedy)


def _widens(draft: Draft, situation: Situation) -> bool:
    registry = situation.registry
    return draft.after is not None and bool(facts_after(draft, registry) - facts_before(draft, registry))


def _limit_gains(drafts: list[Draft], access: Delta, situation: Situation) -> list[Draft]:
    gains = [item for item in access.gains if not _is_new(item)]
    cells = {(item.subject, item.permission, item.division) for item in gains}
    limit, planned = situation.desired.org.limits.gains, len(cells)
    allowed = situation.options.allow.get("gains")
    if planned == allowed or (planned <= limit and (allowed is None or not planned)):
        return drafts
    reason = _gains_reason(planned, limit, allowed, len({item.subject for item in gains}))
    widening = [draft for draft in drafts if draft.live and draft.runs and _widens(draft, situation)]
    addresses = {draft.change.address for draft in widening}
    release = f"--allow gains={planned}"
    return [
        draft.withhold("gains", reason, release) if draft.change.address in addresses else draft
        for draft in drafts
    ]


def _gains_reason(planned: int, limit: int, allowed: int | None, subjects: int) -> str:
    if allowed is not None:
        return f"--allow gains={allowed} does not name the planned number, {planned}"
    return (
        f"{subjects} who are there already would gain {planned} accesses; {limit} are let through in one run"
    )


def _is_new(item: Access) -> bool:
    return item.subject.startswith("{")
