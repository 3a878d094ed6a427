"""Handing on: the pairs that declared clients will hold, and which of them the operator holds itself.

Whoever puts a pair on a client must hold it (§8 of the fact sheet on the API); a pair in `*` covers
every division.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from reconciler.model.access import EVERYWHERE, Holds
from reconciler.model.address import Address
from reconciler.model.kind import Registry
from reconciler.model.manifest import Manifests
from reconciler.model.state import LiveState
from reconciler.model.value import resolved
from reconciler.planning.handing import covered
from reconciler.planning.resolve import DesiredState, resolve
from reconciler.planning.scope import scope


def not_held(
    manifests: Manifests,
    live: LiveState,
    registry: Registry,
    today: date,
    own: frozenset[tuple[str, str]],
) -> tuple[int, tuple[str, ...]]:
    """How many pairs the manifests need, and those that are not among `own`: `Role in DIVISION`, sorted."""
    desired, _ = resolve(manifests, registry, today)
    ids = scope(desired, live, registry).ids()
    needed = _needed(desired, registry, ids)
    names = _names(desired, live, registry)
    lacking = {
        f"{names.get(role, role)} in {names.get(division, division)}"
        for role, division in needed
        if not covered((role, division), own)
    }
    return len(needed), tuple(sorted(lacking))


def _needed(
    desired: DesiredState, registry: Registry, ids: Mapping[Address, str]
) -> frozenset[tuple[str, str]]:
    return frozenset(
        (fact.role, fact.division)
        for resource in desired.resources.values()
        for fact in registry[resource.address.kind].facts(
            str(resource.address), {name: resolved(value, ids) for name, value in resource.fields.items()}
        )
        if isinstance(fact, Holds)
    )


def _names(desired: DesiredState, live: LiveState, registry: Registry) -> dict[str, str]:
    """What people call an id, or a thing that is not there yet."""
    names = {f"{{{address}}}": item.name or item.existing for address, item in desired.resources.items()}
    names |= {item.id: item.name for kind in registry for item in live.of(kind.name)}
    return names | {EVERYWHERE: "every division"}


def to_create(manifests: Manifests, live: LiveState, registry: Registry, today: date, kind: str) -> int:
    """How many declared objects of a kind are not there yet."""
    desired, _ = resolve(manifests, registry, today)
    ids = scope(desired, live, registry).ids()
    return sum(address.kind == kind and address not in ids for address in desired.resources)
