"""A role's marker says whether groups or users were given it: there they are found when they leave git.

To ask every role who holds it would cost a request each. So the marker says it before the first of
them is given the role, and no longer once the last has lost it. Where it cannot say so, nobody is given it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import replace
from typing import NamedTuple

from reconciler.model.address import Address
from reconciler.model.kind import AnyKind
from reconciler.model.state import Live, Resource
from reconciler.model.value import Fields, Ref, Value, resolved
from reconciler.planning.binding import Scope
from reconciler.planning.draft import Draft, rewrite, stays_suspended
from reconciler.planning.guard import Situation
from reconciler.planning.subjects import pairs_of

GRANTED = "from now on groups or users are given it, and its marker says so"
NO_LONGER = "no group or user is given it any more, and its marker says so"


def tell_of_grants(drafts: list[Draft], situation: Situation, found: Scope) -> list[Draft]:
    """The drafts, in which the markers of roles say whether somebody is left whom they were given to."""
    role, live = situation.registry.pair[0], situation.live
    kinds = [kind for kind in situation.registry if kind.collection.subjects]
    flagged = any(item.marker and item.marker.granted for item in live.of(role))
    names = {kind.name for kind in kinds}
    entries = [item for item in situation.desired.resources.values() if item.address.kind in names]
    if not flagged and not entries:
        return drafts
    held = {pair[0] for kind in kinds for pair in _held(kind, drafts, situation)}
    given = _Given(held, {pair[0] for entry in entries for pair in _declared(entry, situation, found)})
    if situation.options.suspend or situation.options.revoke_only:
        return [_as_it_was(draft) if draft.change.address.kind == role else draft for draft in drafts]
    told = [_told(draft, given) if draft.change.address.kind == role else draft for draft in drafts]
    return [*told, *_refreshed(drafts, given, situation, found)]


class _Given(NamedTuple):
    """Roles that somebody will hold, and those that somebody is declared to hold."""

    held: Set[Value]
    declared: Set[Value]

    def tells(self, identity: Value, *, was: bool) -> bool:
        """Whether the marker is to say so: what is withheld keeps its mark, and does not get one."""
        return identity in self.held or (was and identity in self.declared)


def _held(kind: AnyKind, drafts: list[Draft], situation: Situation) -> Iterator[Value]:
    """The pairs that remain, and those that come."""
    after = {draft.slice: draft.after for draft in drafts if draft.runs}
    for item in situation.live.of(kind.name):
        fields: Fields | None = after.get(item.slice, item.fields)
        if fields and not item.protected:
            yield from fields[pairs_of(kind)]


def _declared(entry: Resource, situation: Situation, found: Scope) -> frozenset[Value]:
    field = pairs_of(situation.registry[entry.address.kind])
    return frozenset(resolved(entry.fields[field], found.ids()))


def _was(draft: Draft) -> bool:
    return _says_so(draft.live)


def _told(draft: Draft, given: _Given) -> Draft:
    role: Value = draft.live.id if draft.live else Ref(draft.change.address)
    return replace(draft, work=draft.work._replace(granted=given.tells(role, was=_was(draft))))


def _as_it_was(draft: Draft) -> Draft:
    return replace(draft, work=draft.work._replace(granted=_was(draft)))


def _refreshed(drafts: list[Draft], given: _Given, situation: Situation, found: Scope) -> Iterator[Draft]:
    """A draft for each marker that says otherwise and that nothing else writes."""
    busy = {draft.change.address for draft in drafts}
    gaining = {pair[0] for pair in _gained(drafts, situation)}
    for address, item in _roles(situation, found):
        if address in busy or item.marker is None:
            continue
        wanted = given.tells(item.id, was=item.marker.granted)
        if wanted == item.marker.granted:
            continue
        if situation.options.selects(address) or (wanted and item.id in gaining):
            reason = GRANTED if wanted else NO_LONGER
            stays = stays_suspended(item, address.owner, situation.desired)
            draft = rewrite(item, address, item.fields, reason, situation.desired, suspended=stays)
            yield replace(draft, work=draft.work._replace(granted=wanted))


def hold_untold(drafts: list[Draft], situation: Situation, found: Scope) -> list[Draft]:
    """Hold back what groups and users gain of roles whose markers will not say so; what they lose goes on."""
    untold = _untold(drafts, situation, found)
    return [
        _unless_untold(draft, untold, situation) if draft.runs and _is_subject(draft, situation) else draft
        for draft in drafts
    ]


def _is_subject(draft: Draft, situation: Situation) -> bool:
    return situation.registry[draft.change.address.kind].collection.subjects is not None


def _untold(drafts: list[Draft], situation: Situation, found: Scope) -> Mapping[Value, Address]:
    """The declared roles of ours whose markers say it neither now nor after this run, as pairs name them."""
    role = situation.registry.pair[0]
    telling = {draft.change.address for draft in drafts if draft.runs and draft.work.granted}
    untold: dict[Value, Address] = {}
    for address, resource in situation.desired.resources.items():
        if address.kind == role and not resource.existing and address not in telling:
            item = found.bound.get(address)
            if not _says_so(item):
                untold[item.id if item else Ref(address)] = address
    return untold


def _says_so(item: Live | None) -> bool:
    return item is not None and item.marker is not None and item.marker.granted


def _unless_untold(draft: Draft, untold: Mapping[Value, Address], situation: Situation) -> Draft:
    field = pairs_of(situation.registry[draft.change.address.kind])
    before, after = draft.before or {}, draft.after or {}
    early = frozenset(pair for pair in after[field] - before[field] if pair[0] in untold)
    if not early:
        return draft
    roles = ", ".join(sorted({str(untold[pair[0]]) for pair in early}))
    why = f"waits for {roles}: the marker must say first that groups or users are given it"
    kept = {**after, field: after[field] - early}
    if kept == before:
        return draft.withhold("waiting", f"it {why}", f"release {roles}")
    return draft.lead_to(kept, f"what it gains {why}", situation.registry)


def _gained(drafts: list[Draft], situation: Situation) -> Iterator[Value]:
    for draft in drafts:
        if draft.runs and _is_subject(draft, situation):
            field = pairs_of(situation.registry[draft.change.address.kind])
            yield from (draft.after or {})[field] - (draft.before or {})[field]


def _roles(situation: Situation, found: Scope) -> Iterator[tuple[Address, Live]]:
    role = situation.registry.pair[0]
    yield from ((address, item) for address, item in found.bound.items() if item.kind == role)
    yield from ((item.marker.address, item) for item in found.orphans if item.marker and item.kind == role)
