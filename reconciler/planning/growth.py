"""Growth: a role grows only once those who are to lose it have lost it.

In one run the order of operations sees to that. Where a guard holds the loss back, or a later run brings
it, the growth waits with it: else who keeps the role for now would get what neither the old nor the new
manifests give.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from reconciler.model.access import Allows, Fact, Holds
from reconciler.model.address import Address
from reconciler.model.kind import Registry
from reconciler.model.state import Live
from reconciler.model.value import Fields, resolved
from reconciler.planning.binding import Scope
from reconciler.planning.doubt import keeping_disputed
from reconciler.planning.draft import Draft
from reconciler.planning.guard import Situation
from reconciler.planning.index import ours
from reconciler.planning.narrow import narrowed_fields
from reconciler.planning.project import facts_after, facts_before, gained


class _Keeper(NamedTuple):
    """Who keeps a role for now, and what makes them lose it."""

    address: Address
    release: str


_Later = tuple[_Keeper, set[Fact]]
"""Somebody, and what they hold after this run that they are to lose."""


def hold_growth(drafts: list[Draft], situation: Situation, found: Scope) -> list[Draft]:
    """Hold back what roles gain while somebody keeps them who is to lose them; what they lose goes on."""
    kept = _kept(drafts, situation, found)
    return [_unless_kept(draft, kept, situation.registry) if draft.runs else draft for draft in drafts]


def _kept(drafts: list[Draft], situation: Situation, found: Scope) -> dict[str, _Keeper]:
    """Roles that somebody keeps beyond this run who is to lose them, and who (the first by address)."""
    losing = [*_held_back(drafts, situation.registry), *_nobodys_turn(drafts, situation, found)]
    return {
        fact.role: keeper
        for keeper, facts in sorted(losing, key=lambda each: each[0], reverse=True)
        for fact in facts
        if isinstance(fact, Holds)
    }


def _held_back(drafts: list[Draft], registry: Registry) -> Iterator[_Later]:
    for draft in drafts:
        if not draft.runs:
            address = draft.change.address
            lost = facts_before(draft, registry) - facts_after(draft, registry)
            yield _Keeper(address, f"release {address}"), set(lost)


def _nobodys_turn(drafts: list[Draft], situation: Situation, found: Scope) -> Iterator[_Later]:
    """What no change of this plan takes: of several objects of one address a run takes at most one.

    What `--only` leaves out is no part of the plan, and its reader sees the gain.
    """
    going = {draft.slice for draft in drafts if draft.runs and draft.change.action != "adopt"}
    for keeper, item, declared in _others(situation, found):
        if item.slice not in going and situation.options.selects(keeper.address):
            facts = situation.registry[item.kind].facts
            kept = facts(item.id, declared) if declared else ()
            yield keeper, {*facts(item.id, item.fields)}.difference(kept)


def _others(situation: Situation, found: Scope) -> Iterator[tuple[_Keeper, Live, Fields | None]]:
    """Who stands beside what an address stands for, or is ours only from now on, and what they may keep."""
    for item in (*found.orphans, *found.twins):
        if item.marker is not None:
            yield _later(item.marker.address), item, None
    for address in found.adopting:
        item = found.bound[address]
        yield _later(address), item, _declared(address, item, situation, found)
    yield from _disputed(situation, found)


def _disputed(situation: Situation, found: Scope) -> Iterator[tuple[_Keeper, Live, Fields | None]]:
    bound = {item.slice for item in found.bound.values()}
    for address, items in found.candidates.items():
        settled = f"release {address}" if address in found.withheld else "remove the marker from all but one"
        for item in items:
            if ours(item, situation.desired.org.name) and item.slice not in bound:
                yield _Keeper(address, settled), item, _declared(address, item, situation, found)


def _later(address: Address) -> _Keeper:
    return _Keeper(address, f"apply again: a later run takes it from {address}")


def _declared(address: Address, item: Live, situation: Situation, found: Scope) -> Fields | None:
    """What is declared of the address, as its object `item` would have it; None for a mere reference."""
    resource = situation.desired.resources[address]
    if resource.existing:
        return None
    ids = found.ids()
    fields = {name: resolved(value, ids) for name, value in resource.fields.items()}
    return keeping_disputed(fields, item.fields, found.candidates)


def _unless_kept(draft: Draft, kept: dict[str, _Keeper], registry: Registry) -> Draft:
    growing = (fact.role for fact in gained(draft, registry) if isinstance(fact, Allows))
    keeper = next((kept[role] for role in growing if role in kept), None)
    if keeper is None or draft.before is None:
        return draft
    less = narrowed_fields(draft, registry)
    why = f"waits for {keeper.address}, which is to lose this role first"
    if less == draft.before:
        return draft.withhold("waiting", f"it {why}", keeper.release)
    return draft.lead_to(less, f"what it gains {why}", registry)
