"""Scope: what of the organisation is declared, what is ours all the same, and what we never touch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from reconciler.model.address import Address
from reconciler.model.kind import Registry
from reconciler.model.plan import Withheld
from reconciler.model.state import Live, LiveState
from reconciler.planning.binding import Scope, bind, refer
from reconciler.planning.index import Index, index_of, ours
from reconciler.planning.resolve import DesiredState


def scope(desired: DesiredState, live: LiveState, registry: Registry) -> Scope:
    """Bind every declared thing to its live object, if there is one and it is ours to have."""
    found = Scope()
    index = index_of(desired, live, registry)
    unlisted = {kind.name for kind in registry if kind.collection.subjects}
    for resource in desired.resources.values():
        if resource.address.kind in unlisted:
            continue  # `subjects` binds these, to what the others are bound to
        if resource.existing:
            refer(resource, index, found)
        else:
            bind(resource, index, found, registry)
    _refuse_claimed_twice(found)
    _sort_rest(live, registry, index, found)
    return found


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


def _sort_rest(live: LiveState, registry: Registry, index: Index, found: Scope) -> None:
    """Everything that no declaration claims: orphans of ours, or unmanaged."""
    claimed = {item.id for item in (*found.bound.values(), *found.twins)} | set(found.references.values())
    disputed = {item.id for items in found.candidates.values() for item in items}
    for item in _all(live, registry):
        if item.id in claimed or item.id == index.operator_id or item.protected:
            continue
        if not ours(item, index.org):
            found.unmanaged.append(item)
        elif item.id not in disputed:
            found.orphans.append(item)


def _all(live: LiveState, registry: Registry) -> Iterable[Live]:
    listed = (kind for kind in registry if kind.collection.subjects is None)
    return (item for kind in listed for item in live.of(kind.name))
