"""What waits for what is withheld: a grant that refers to something held back is held back too."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

from reconciler.model.address import Address
from reconciler.model.kind import Registry
from reconciler.model.plan import Withheld
from reconciler.model.value import Ref, Value, refs_in
from reconciler.planning.binding import Scope
from reconciler.planning.draft import Draft
from reconciler.planning.resolve import DesiredState


@dataclass(frozen=True, slots=True)
class Blocked:
    """What must not be referred to anew: addresses without an id, and ids in doubt.

    `references` are those of the addresses that never have a change of their own to say why.
    """

    addresses: Set[Address]
    ids: Set[str]
    references: Mapping[Address, Withheld]

    def holds(self, value: Value) -> bool:
        """Whether `value` refers to something blocked."""
        if isinstance(value, tuple) and not isinstance(value, Ref):
            return any(self.holds(item) for item in value)
        return value.address in self.addresses if isinstance(value, Ref) else value in self.ids


def hold_dependents(
    drafts: list[Draft], desired: DesiredState, found: Scope, registry: Registry
) -> list[Draft]:
    """Hold back gains that refer to what is held back; losses of the same object go on."""
    blocked = _blocked(drafts, desired, found)
    return [_without_blocked(draft, blocked, registry) if draft.runs else draft for draft in drafts]


def _blocked(drafts: list[Draft], desired: DesiredState, found: Scope) -> Blocked:
    creating = {draft.change.address for draft in drafts if draft.runs and draft.live is None}
    known = found.ids()
    addresses = {address for address in desired.resources if address not in known and address not in creating}
    doubted = {item.id for address, item in found.bound.items() if address in found.withheld}
    references = {
        address: found.withheld[address] for address in addresses if _refers(address, desired, found)
    }
    return Blocked(addresses, doubted, references)


def _refers(address: Address, desired: DesiredState, found: Scope) -> bool:
    return bool(desired.resources[address].existing) and address in found.withheld


def _without_blocked(draft: Draft, blocked: Blocked, registry: Registry) -> Draft:
    if draft.after is None:
        return draft
    before = draft.before or {}
    reduced = {name: _kept(value, before.get(name), blocked) for name, value in draft.after.items()}
    if reduced == draft.after:
        return draft
    reason = _reason(draft, blocked)
    if draft.live is None or reduced == before:
        if refused := sorted(_open(draft) & blocked.references.keys()):
            guard, why, release = blocked.references[refused[0]]
            return draft.withhold(guard, f"it refers to {refused[0]}: {why}", f"{release} of {refused[0]}")
        return draft.withhold("waiting", f"it waits for {reason}", "release what it waits for")
    return draft.lead_to(reduced, f"what it gains waits for {reason}", registry)


def _kept(value: Value, before: Value, blocked: Blocked) -> Value:
    """A set without the elements that would newly refer to something blocked."""
    if not isinstance(value, frozenset):
        return value
    already = before if isinstance(before, frozenset) else frozenset[Value]()
    kept = frozenset(item for item in value if item in already or not blocked.holds(item))
    return value if len(kept) == len(value) else kept


def _reason(draft: Draft, blocked: Blocked) -> str:
    names = sorted(map(str, _open(draft) & blocked.addresses))
    return ", ".join(names) or "an object in doubt"


def _open(draft: Draft) -> set[Address]:
    """What it leads to and has no id yet."""
    return {ref.address for value in (draft.after or {}).values() for ref in refs_in(value)}
