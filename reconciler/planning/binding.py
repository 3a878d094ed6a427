"""Binding: which live object a declared thing is, and why it may not be had.

Found by marker, renamed by name. An object of the wanted name without our marker is a conflict
until the manifest says `adopt`; an object with another installation's marker is somebody else's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from reconciler.model.address import NEXT, Address, Selector
from reconciler.model.kind import Registry
from reconciler.model.plan import Withheld
from reconciler.model.state import Live, Resource
from reconciler.planning.doubt import doubt
from reconciler.planning.index import Index, ours
from reconciler.planning.twins import sort_twins


@dataclass(slots=True)
class Scope:
    """What belongs to what.

    `bound` are live objects by the address they carry out; `adopting` those of them that are still
    unmarked; `references` ids of objects we only refer to; `withheld` why an address cannot be bound;
    `orphans` are ours and no longer declared, `twins` ours and half born beside one that counts;
    `unmanaged` are not ours; `candidates` are what an address could be bound to and is not, because
    only an author can decide; `unnamed` says why an object cannot have the name it is to have: all
    else about it goes on.
    """

    bound: dict[Address, Live] = field(default_factory=dict)
    adopting: set[Address] = field(default_factory=set)
    references: dict[Address, str] = field(default_factory=dict)
    withheld: dict[Address, Withheld] = field(default_factory=dict)
    orphans: list[Live] = field(default_factory=list)
    twins: list[Live] = field(default_factory=list)
    unmanaged: list[Live] = field(default_factory=list)
    candidates: dict[Address, tuple[Live, ...]] = field(default_factory=dict)
    unnamed: dict[Address, Withheld] = field(default_factory=dict)

    def ids(self) -> dict[Address, str]:
        """Every address whose id is known."""
        return self.references | {address: live.id for address, live in self.bound.items()}


def refer(resource: Resource, index: Index, found: Scope) -> None:
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


def bind(resource: Resource, index: Index, found: Scope, registry: Registry) -> None:
    """Find a declared thing's live object, or say why there is none to be had."""
    claimed, twins = sort_twins(_claimed(resource, index), resource.pin, registry)
    found.twins += twins
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


def _claimed(resource: Resource, index: Index) -> tuple[Live, ...]:
    return next((found for name in _names(resource, index) if (found := index.marked.get(name))), ())


def _names(resource: Resource, index: Index) -> Iterator[Address]:
    """The addresses that its object may carry, the likeliest first: most are found by their own."""
    names = [resource.address]
    yield resource.address
    if resource.previously is not None:
        earlier = earlier_address(resource.address, resource.previously)
        names += [] if earlier in index.declared else [earlier]
        yield from names[1:]
    if not resource.address.part:  # where the predecessor is gone, its successor takes its place
        yield from (name.beside(NEXT) for name in names)


def earlier_address(address: Address, previously: Selector) -> Address:
    """The address before the rename: what the selector leaves open stayed the same."""
    key = previously.key + address.part if previously.key else address.key
    return Address(previously.owner, previously.kind or address.kind, key)


def _bind_claimed(resource: Resource, item: Live, index: Index, found: Scope) -> None:
    if (obstacle := doubt(resource, item, index.pair)) is not None:
        found.withheld[resource.address] = obstacle
    elif (taken := _taken(resource, item, index)) is not None:
        found.unnamed[resource.address] = taken
    found.bound[resource.address] = item


def _taken(resource: Resource, item: Live, index: Index) -> Withheld | None:
    """Why an object of ours cannot have the name that the manifest now gives it."""
    if item.name.casefold() == resource.name.casefold():
        return None
    others = [other for other in index.named(item.kind, resource.name) if not ours(other, index.org)]
    if not others:
        return None
    reason = f"it would be called `{resource.name}`, as another {item.kind} is that is not ours"
    return Withheld("conflict", reason, "choose another name")


def _double(claimed: tuple[Live, ...]) -> Withheld:
    ids = ", ".join(item.id for item in claimed)
    return Withheld(
        "duplicate",
        f"{len(claimed)} live objects carry this marker: {ids}",
        "remove the marker from all but one",
    )


def _adopt(resource: Resource, index: Index, found: Scope) -> None:
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


def _obstacle(item: Live, index: Index) -> Withheld | None:
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
    if item.id in index.own_roles:
        reason = f"our own client holds `{item.name}`, and would have to return it once the role is ours"
        release = "refer to it by `existing`; or give our client another role and take this one from it"
        return Withheld("operator", reason, release)
    return None


def _refuse_conflict(resource: Resource, index: Index, found: Scope) -> None:
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


def _conflict(item: Live, index: Index) -> Withheld:
    if obstacle := _obstacle(item, index):
        if item.marker is not None and item.marker.org == index.org:
            reason = f"`{item.name}` is {item.marker.address} until now"
            return Withheld(
                "conflict", reason, f"say `previously: {item.marker.address}`, or choose another name"
            )
        return obstacle
    reason = f"a {item.kind} `{item.name}` exists and is not ours"
    return Withheld("conflict", reason, f"say `adopt: {item.id}` on the entry, or choose another name")
