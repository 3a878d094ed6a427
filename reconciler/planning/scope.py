"""Scope: which live object is which declared thing, what is ours, and what we never touch.

Found by marker, renamed by name. An object of the wanted name without our marker is a conflict
until the manifest says `adopt`; an object with another installation's marker is somebody else's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from typing import TypeVar

from reconciler.model.address import Address, Selector
from reconciler.model.kind import Registry
from reconciler.model.plan import Withheld
from reconciler.model.state import Live, LiveState, Resource
from reconciler.planning.doubt import doubt
from reconciler.planning.resolve import DesiredState

K = TypeVar("K")


@dataclass(slots=True)
class Scope:
    """What belongs to what.

    `bound` are live objects by the address they carry out; `adopting` those of them that are still
    unmarked; `references` ids of objects we only refer to; `withheld` why an address cannot be bound;
    `orphans` are ours and no longer declared; `unmanaged` are not ours; `candidates` are what an
    address could be bound to and is not, because only an author can decide.
    """

    bound: dict[Address, Live] = field(default_factory=dict)
    adopting: set[Address] = field(default_factory=set)
    references: dict[Address, str] = field(default_factory=dict)
    withheld: dict[Address, Withheld] = field(default_factory=dict)
    orphans: list[Live] = field(default_factory=list)
    unmanaged: list[Live] = field(default_factory=list)
    candidates: dict[Address, tuple[Live, ...]] = field(default_factory=dict)

    def ids(self) -> dict[Address, str]:
        """Every address whose id is known."""
        return self.references | {address: live.id for address, live in self.bound.items()}


@dataclass(frozen=True, slots=True)
class _Index:
    """The live objects, by everything they may be looked up by."""

    org: str
    declared: Set[Address]
    pair: tuple[str, str]
    operator_id: str
    marked: Mapping[Address, tuple[Live, ...]]
    by_id: Mapping[str, Live]
    by_name: Mapping[tuple[str, str], tuple[Live, ...]]

    def named(self, kind: str, name: str) -> tuple[Live, ...]:
        return self.by_name.get((kind, name.casefold()), ())


def scope(desired: DesiredState, live: LiveState, registry: Registry) -> Scope:
    """Bind every declared thing to its live object, if there is one and it is ours to have."""
    found = Scope()
    index = _index(desired, live, registry)
    for resource in desired.resources.values():
        if resource.existing:
            _refer(resource, index, found)
        else:
            _bind(resource, index, found)
    _refuse_claimed_twice(found)
    _sort_rest(live, registry, index, found)
    return found


def _index(desired: DesiredState, live: LiveState, registry: Registry) -> _Index:
    org = desired.org.name
    marked: dict[Address, list[Live]] = defaultdict(list)
    by_name: dict[tuple[str, str], list[Live]] = defaultdict(list)
    by_id: dict[str, Live] = {}
    for kind in registry:
        for item in live.of(kind.name):
            by_id[item.id] = item
            by_name[kind.name, item.name.casefold()].append(item)
            if _ours(item, org) and item.marker and not item.marker.successor and not item.protected:
                marked[item.marker.address].append(item)
    declared = desired.resources.keys()
    return _Index(org, declared, registry.pair, live.operator_id, _tuples(marked), by_id, _tuples(by_name))


def _tuples(lists: Mapping[K, list[Live]]) -> dict[K, tuple[Live, ...]]:
    return {key: tuple(items) for key, items in lists.items()}


def _ours(item: Live, org: str) -> bool:
    return item.marker is not None and item.marker.org == org and item.marker.address.kind == item.kind


def _refer(resource: Resource, index: _Index, found: Scope) -> None:
    """An `existing` reference: an id, or an exact name that only one object has."""
    kind = resource.address.kind
    by_id = index.by_id.get(resource.existing)
    matches = (
        [by_id]
        if by_id and by_id.kind == kind
        else [item for item in index.named(kind, resource.existing) if item.name == resource.existing]
    )
    if len(matches) == 1:
        found.references[resource.address] = matches[0].id
        return
    found.candidates[resource.address] = tuple(matches)
    reason = (
        f"{len(matches) or 'no'} live {kind}{'s' if len(matches) != 1 else ''} called `{resource.existing}`"
    )
    found.withheld[resource.address] = Withheld("reference", reason, "give its `id` under `existing`")


def _bind(resource: Resource, index: _Index, found: Scope) -> None:
    claimed = _claimed(resource, index)
    pinned = [item for item in claimed if item.id == resource.pin]
    if len(claimed) > 1:
        found.candidates[resource.address] = claimed
    if len(claimed) == 1 or pinned:
        _bind_claimed(resource, (pinned or claimed)[0], index, found)
    elif claimed:
        found.withheld[resource.address] = _double(claimed)
    elif resource.adopt:
        _adopt(resource, index, found)
    else:
        _refuse_conflict(resource, index, found)


def _claimed(resource: Resource, index: _Index) -> tuple[Live, ...]:
    claimed = index.marked.get(resource.address, ())
    if claimed or resource.previously is None:
        return claimed
    earlier = _earlier(resource.address, resource.previously)
    return () if earlier in index.declared else index.marked.get(earlier, ())


def _earlier(address: Address, previously: Selector) -> Address:
    """The address before the rename: what the selector leaves open stayed the same."""
    return Address(previously.owner, previously.kind or address.kind, previously.key or address.key)


def _bind_claimed(resource: Resource, item: Live, index: _Index, found: Scope) -> None:
    obstacle = doubt(resource, item, index.pair) or _taken(resource, item, index)
    if obstacle is not None:
        found.withheld[resource.address] = obstacle
    found.bound[resource.address] = item


def _taken(resource: Resource, item: Live, index: _Index) -> Withheld | None:
    """Why an object of ours cannot have the name that the manifest now gives it."""
    if item.name.casefold() == resource.name.casefold():
        return None
    others = [other for other in index.named(item.kind, resource.name) if not _ours(other, index.org)]
    if not others:
        return None
    reason = f"it would be called `{resource.name}`, as another {item.kind} is that is not ours"
    return Withheld("conflict", reason, "choose another name")


def _refuse_claimed_twice(found: Scope) -> None:
    """Two entries that adopt, or were, the same object: neither has it, whichever was written first."""
    claims: dict[str, list[Address]] = defaultdict(list)
    for address, item in found.bound.items():
        claims[item.id].append(address)
    for addresses in claims.values():
        for address in addresses if len(addresses) > 1 else ():
            item = found.bound.pop(address)
            found.adopting.discard(address)
            found.candidates[address] = (item,)
            reason = f"`{item.name}` is claimed by {' and '.join(sorted(map(str, addresses)))}"
            found.withheld[address] = Withheld("conflict", reason, "let one entry alone claim it")


def _double(claimed: tuple[Live, ...]) -> Withheld:
    ids = ", ".join(item.id for item in claimed)
    return Withheld(
        "duplicate",
        f"{len(claimed)} live objects carry this marker: {ids}",
        "remove the marker from all but one",
    )


def _adopt(resource: Resource, index: _Index, found: Scope) -> None:
    if isinstance(resource.adopt, str):
        candidates = [
            item for item in (index.by_id.get(resource.adopt),) if item and item.kind == resource.address.kind
        ]
    else:
        candidates = [
            item for item in index.named(resource.address.kind, resource.name) if item.marker is None
        ]
    if len(candidates) != 1:
        found.candidates[resource.address] = tuple(candidates)
        found.withheld[resource.address] = _no_candidate(resource, candidates)
    elif (obstacle := _obstacle(candidates[0], index)) is not None:
        found.withheld[resource.address] = obstacle
    else:
        found.bound[resource.address] = candidates[0]
        found.adopting.add(resource.address)


def _no_candidate(resource: Resource, candidates: list[Live]) -> Withheld:
    if not candidates:
        wanted = resource.adopt if isinstance(resource.adopt, str) else f"called `{resource.name}`"
        return Withheld(
            "adopt",
            f"there is no unowned {resource.address.kind} {wanted} to adopt",
            "remove `adopt` to create it",
        )
    ids = ", ".join(item.id for item in candidates)
    return Withheld(
        "adopt", f"{len(candidates)} are called `{resource.name}`: {ids}", "write the id: `adopt: <id>`"
    )


def _obstacle(item: Live, index: _Index) -> Withheld | None:
    if item.protected:
        return Withheld(
            "protected", f"`{item.name}` cannot be taken over: {item.protected}", "declare another name"
        )
    if item.id == index.operator_id:
        return Withheld("operator", f"`{item.name}` is our own client", "manage it outside these manifests")
    if item.marker is not None:
        return Withheld(
            "conflict",
            f"`{item.name}` belongs to {item.marker.org}/{item.marker.address}",
            "choose another name",
        )
    return None


def _refuse_conflict(resource: Resource, index: _Index, found: Scope) -> None:
    """Creating would make a second object of that name, or be refused."""
    taken = index.named(resource.address.kind, resource.name)
    if not taken:
        if resource.pin:
            reason = f"the manifest pins id {resource.pin}, and no object of ours has it"
            found.withheld[resource.address] = Withheld(
                "pinned", reason, "say `adopt` with that id, or remove `id`"
            )
        return
    found.candidates[resource.address] = tuple(item for item in taken if item.marker is None)
    found.withheld[resource.address] = _conflict(taken[0], index)


def _conflict(item: Live, index: _Index) -> Withheld:
    if obstacle := _obstacle(item, index):
        if item.marker is not None and item.marker.org == index.org:
            reason = f"`{item.name}` is {item.marker.address} until now"
            return Withheld(
                "conflict", reason, f"say `previously: {item.marker.address}`, or choose another name"
            )
        return obstacle
    reason = f"a {item.kind} `{item.name}` exists and is not ours"
    return Withheld("conflict", reason, f"say `adopt: {item.id}` on the entry, or choose another name")


def _sort_rest(live: LiveState, registry: Registry, index: _Index, found: Scope) -> None:
    """Everything that no declaration claims: orphans of ours, or unmanaged."""
    claimed = {item.id for item in found.bound.values()} | set(found.references.values())
    disputed = {item.id for items in found.candidates.values() for item in items}
    for item in _all(live, registry):
        if item.id in claimed or item.id == index.operator_id or item.protected:
            continue
        if not _ours(item, index.org):
            found.unmanaged.append(item)
        elif item.id not in disputed and not _is_rotating(item, index):
            found.orphans.append(item)


def _is_rotating(item: Live, index: _Index) -> bool:
    """A successor stands beside its predecessor until the rotation is over."""
    return item.marker is not None and item.marker.successor and item.marker.address in index.declared


def _all(live: LiveState, registry: Registry) -> Iterable[Live]:
    return (item for kind in registry for item in live.of(kind.name))
