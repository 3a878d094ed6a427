"""Handing on: what our own client must hold to edit others' grants, and what it may take for a while.

Whoever puts a pair on a client must hold it, and whoever edits a client must hold what it holds.
Pairs on roles of ours can be borrowed and are returned; any other must be held. A role that this very
plan takes over is ours as soon as that is done. Where nobody waits for something in return, what goes
is revoked through the subjects API, which needs no holding.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import replace
from typing import NamedTuple

from reconciler.model.access import EVERYWHERE
from reconciler.model.address import OPERATOR, Address
from reconciler.model.kind import Action, Registry
from reconciler.model.plan import Change, FieldChange
from reconciler.model.value import Ref, Value, plain
from reconciler.planning.draft import Draft
from reconciler.planning.guard import Situation
from reconciler.planning.index import ours

Pair = tuple[Value, Value]

HELD = "held"
"""The guard that holds back what our client could not hand on."""


def covered(pair: Pair, held: Set[Pair]) -> bool:
    """Whether who holds `held` holds this pair; one in `*` covers every division."""
    return pair in held or (pair[0], EVERYWHERE) in held


class Purse(NamedTuple):
    """What the operator holds for good, what a dead run left in its hands, and the roles it may borrow.

    Roles are ids, or `Ref`s while they are not created yet.
    """

    held: frozenset[Pair]
    leftovers: frozenset[Pair]
    lends: frozenset[Value]

    def lacks(self, pair: Pair) -> bool:
        """Whether the operator does not hold this pair."""
        return not covered(pair, self.held)

    def can_have(self, pair: Pair) -> bool:
        """Whether it holds the pair or may borrow it."""
        return not self.lacks(pair) or pair[0] in self.lends


def purse(situation: Situation) -> Purse:
    """The operator's purse under the Org document's `handOn`.

    Under `borrow` every own grant on a role of ours counts as borrowed; under `held` none does.
    """
    pairs: frozenset[Pair] = situation.live.operator_pairs
    if situation.desired.org.hand_on == "held":
        return Purse(pairs, frozenset(), frozenset())
    lends = _roles_of_ours(situation)
    leftovers = frozenset(pair for pair in pairs if pair[0] in lends)
    return Purse(pairs - leftovers, leftovers, lends)


def _roles_of_ours(situation: Situation) -> frozenset[Value]:
    kind, org = situation.registry.pair[0], situation.desired.org.name
    live = {item.id for item in situation.live.of(kind) if ours(item, org)}
    declared = (item for item in situation.desired.resources.values() if item.address.kind == kind)
    return frozenset[Value](live | {Ref(item.address) for item in declared if not item.existing})


def hold_what_cannot_be_handed_on(drafts: list[Draft], situation: Situation, mine: Purse) -> list[Draft]:
    """Withhold changes that need pairs the operator can neither hold nor borrow.

    What goes is not borrowed only to be taken away: it is revoked elsewhere, so that nobody needs to
    hold it. A client that is given something in exchange keeps what it has until then. Calling it again
    holds back, besides, what counted on a role whose taking over was held back in between.
    """
    if situation.desired.org.hand_on == "borrow":
        mine = mine._replace(lends=mine.lends | adopted(drafts, situation.registry).keys())
    return [_handed_on(draft, situation, mine) if draft.runs else draft for draft in drafts]


def adopted(drafts: Iterable[Draft], registry: Registry) -> dict[str, Address]:
    """The roles that `drafts` take over, by id: from then on their pairs may be lent.

    Not before: what a run that did not end leaves in our hands is known by the role's marker alone.
    """
    return {
        draft.identity: draft.change.address
        for draft in drafts
        if draft.runs and draft.change.action == "adopt" and draft.change.address.kind == registry.pair[0]
    }


def _handed_on(draft: Draft, situation: Situation, mine: Purse) -> Draft:
    collection = situation.registry[draft.change.address.kind].collection
    if collection.second is None or draft.after is None:
        return draft
    field, alone = collection.second.field, collection.subjects is not None
    before: frozenset[Pair] = (draft.before or {}).get(field, frozenset())
    after: frozenset[Pair] = draft.after[field]
    asked = after - before if alone else after
    missing = sorted((pair for pair in asked if not mine.can_have(pair)), key=str)
    if missing and (before <= after or before.intersection(missing)):
        return _withheld(draft, missing, situation)
    if missing:
        draft = _without(draft, missing, field, situation)
        after = after.difference(missing)
    return draft if alone else _exchanged(draft, before, after, mine)


def _without(draft: Draft, missing: list[Pair], field: str, situation: Situation) -> Draft:
    """What goes goes, and what comes besides comes."""
    named = ", ".join(_named(pair, situation) for pair in missing)
    why = f"what our client does not hold, it cannot hand on: {named}"
    after = draft.after or {}
    return draft.lead_to({**after, field: after[field] - set(missing)}, why, situation.registry)


def _exchanged(draft: Draft, before: frozenset[Pair], after: frozenset[Pair], mine: Purse) -> Draft:
    """What our client lacks is revoked elsewhere, unless it is exchanged for something."""
    exchanged = draft.change.cause == "manifest" and bool(after - before)

    def elsewhere(pair: Pair) -> bool:
        kept = exchanged and pair[1] != EVERYWHERE and mine.can_have(pair)
        return mine.lacks(pair) and not kept

    return _revoked_elsewhere(draft, frozenset(filter(elsewhere, before - after)))


def _withheld(draft: Draft, missing: list[Pair], situation: Situation) -> Draft:
    named = ", ".join(_named(pair, situation) for pair in missing)
    reason = f"our client does not hold, and so cannot hand on: {named}"
    return draft.withhold(HELD, reason, f"grant these to `{situation.desired.org.operator}`")


def _named(pair: Pair, situation: Situation) -> str:
    role, division = (_name(part, situation) for part in pair)
    return f"{role} in {division}"


def _name(part: Value, situation: Situation) -> str:
    if isinstance(part, Ref):
        return str(part.address)
    if part == EVERYWHERE:
        return "every division"
    live = (item for kind in situation.registry.pair for item in situation.live.of(kind))
    return next((item.name for item in live if item.id == part), str(part))


def _revoked_elsewhere(draft: Draft, pairs: frozenset[Pair]) -> Draft:
    if not pairs or draft.live is None:
        return draft
    live = replace(draft.live, elsewhere=draft.live.elsewhere | pairs)
    return replace(draft, live=live, work=draft.work._replace(live=live))


class Loan(NamedTuple):
    """What the operator (its id) has to borrow, by the address that needs it, and what to return first."""

    operator: str
    needs: Mapping[Address, frozenset[Pair]]
    leftovers: frozenset[Pair]

    @property
    def borrowed(self) -> frozenset[Pair]:
        """Every pair that is taken and returned."""
        return frozenset().union(*self.needs.values())

    def by_reference(self, taken_over: Mapping[str, Address]) -> Loan:
        """The same, with references to what is taken over: such a pair is taken only once that is ours."""

        def named(pair: Pair) -> Pair:
            role, division = pair
            address = taken_over.get(role) if isinstance(role, str) else None
            return (Ref(address), division) if address else pair

        return self._replace(needs={each: frozenset(map(named, pairs)) for each, pairs in self.needs.items()})


NO_LOAN = Loan("", {}, frozenset())


def loan(drafts: Iterable[Draft], situation: Situation, mine: Purse) -> Loan:
    """What carrying out `drafts` asks of the operator."""
    return Loan(situation.live.operator_id, _needed(drafts, situation, mine), mine.leftovers)


def _needed(drafts: Iterable[Draft], situation: Situation, mine: Purse) -> dict[Address, frozenset[Pair]]:
    """By address: the pairs that have to be borrowed before the object's own requests."""
    found: dict[Address, frozenset[Pair]] = {}
    for draft in drafts:
        collection = situation.registry[draft.change.address.kind].collection
        second = collection.second
        if draft.runs and second is not None and draft.after is not None:
            pairs: frozenset[Pair] = draft.after[second.field]
            if collection.subjects is None:
                pairs |= _still_held(draft, second.field)
            else:
                pairs -= (draft.before or {})[second.field]
            lacking = frozenset(pair for pair in pairs if mine.lacks(pair))
            if lacking:
                found[draft.change.address] = lacking
    return found


def borrowing(asked: Loan, name: str) -> Change | None:
    """The change of our own client's grants, as people see it; None where it needs nothing."""
    if not asked.needs and not asked.leftovers:
        return None
    fields = (FieldChange("pairs", plain(asked.leftovers), plain(asked.borrowed)),)
    action: Action = "revoke" if asked.leftovers else "update"
    parts = ["returned: a run that did not end left it"] if asked.leftovers else []
    parts += ["borrowed to hand it on, returned at the end"] if asked.needs else []
    return Change(OPERATOR, action, name, asked.operator, "manifest", "; ".join(parts), fields)


def _still_held(draft: Draft, field: str) -> frozenset[Pair]:
    """What the object holds when its own requests come: everything that is not revoked elsewhere."""
    if draft.live is None:
        return frozenset()
    before: frozenset[Pair] = draft.live.fields[field]
    return before - draft.live.elsewhere
