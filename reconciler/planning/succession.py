"""Succession: while a rotation overlaps, one entry of the manifests has two objects.

The successor (`~next`) is declared by what declares its predecessor, so whatever is planned, judged or
proved of the one holds for the other. Where the predecessor is gone or has retired (`~old`, which nothing
declares), the successor takes its place. The markers alone say so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from reconciler.model.address import NEXT, OLD, Address
from reconciler.model.finding import Finding
from reconciler.model.kind import Registry
from reconciler.model.manifest import Manifests
from reconciler.model.state import Live, LiveState, Resource
from reconciler.planning.binding import Scope, earlier_address
from reconciler.planning.index import ours
from reconciler.planning.resolve import DesiredState, resolve

_CALLED = {NEXT: "next", OLD: "old"}


def called(name: str, part: str) -> str:
    """What people see of the object of that part: two of one name would be mistaken for each other."""
    return f"{name} ({_CALLED[part]})" if part else name


def resolve_with(
    manifests: Manifests, live: LiveState, registry: Registry, today: date
) -> tuple[DesiredState, tuple[Finding, ...]]:
    """The desired state with the successors that stand, and all that is wrong or worth saying."""
    desired, findings = resolve(manifests, registry, today)
    return with_successors(desired, live, registry), findings


def with_successors(desired: DesiredState, live: LiveState, registry: Registry) -> DesiredState:
    """`desired` with an entry for each successor whose predecessor is there."""
    successors = _marked(desired, live, registry, (NEXT,))
    if not successors:
        return desired
    standing = _marked(desired, live, registry, ("",))
    return with_heirs(
        desired,
        (
            address
            for address, resource in desired.resources.items()
            if not standing.isdisjoint(names := _names(resource, desired))
            and not successors.isdisjoint(name.beside(NEXT) for name in names)
        ),
    )


def with_heirs(desired: DesiredState, addresses: Iterable[Address]) -> DesiredState:
    """`desired` with a successor for each of these entries that it declares."""
    resources, shared = dict(desired.resources), dict(desired.shared)
    for address in addresses:
        if address in desired.resources:
            resources[address.beside(NEXT)] = successor_of(desired.resources[address])
        if address in desired.shared:
            shared[address.beside(NEXT)] = desired.shared[address]
    return replace(desired, resources=resources, shared=shared)


def successor_of(resource: Resource) -> Resource:
    """What an entry says of its successor: the same, under a name that tells the two apart."""
    name = called(resource.name, NEXT)
    fields = {**resource.fields, "name": name}
    address = resource.address.beside(NEXT)
    return replace(resource, address=address, name=name, fields=fields, pin="", adopt=False)


def keeper(entry: Address, found: Scope) -> Live | None:
    """Of an entry's live objects the one whose secret its sink should hold: the successor once it has one."""
    heir = found.bound.get(entry.beside(NEXT))
    arrived = heir is not None and not (heir.marker and heir.marker.nonce)
    return heir if arrived else found.bound.get(entry)


def _names(resource: Resource, desired: DesiredState) -> tuple[Address, ...]:
    """The addresses that its object may carry: its own, and the one before it was renamed."""
    if resource.previously is None:
        return (resource.address,)
    earlier = earlier_address(resource.address, resource.previously)
    return (resource.address,) if earlier in desired.resources else (resource.address, earlier)


def _marked(
    desired: DesiredState, live: LiveState, registry: Registry, parts: Iterable[str]
) -> frozenset[Address]:
    """The addresses of those parts that markers of ours name, of kinds that sign in."""
    return frozenset(
        item.marker.address
        for kind in registry
        if kind.collection.tokens
        for item in live.of(kind.name)
        if item.marker and item.marker.address.part in parts
        if ours(item, desired.org.name) and not item.protected
    )
