"""From what was read to the evidence that rules about a whole organisation look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reconciler.isolation.boundaries import Boundaries
from reconciler.isolation.evidence import Evidence, Thing
from reconciler.isolation.naming import Naming
from reconciler.isolation.population import Population
from reconciler.model.address import ORG
from reconciler.model.kind import Registry
from reconciler.model.state import LiveState
from reconciler.model.stock import Stock
from reconciler.model.tokens import Tokens


def evidence(
    people: Population,
    bounds: Boundaries,
    live: LiveState,
    registry: Registry,
    meant: Mapping[str, str],
    objects: Stock,
) -> Evidence:
    """The evidence; what was not read breaks no rule. `meant` is whose declared divisions are, by name."""
    walls = {wall: owner or meant.get(people.name(wall), "") for wall, owner in people.walls.items()}
    called = [(people.name(wall), owner) for wall, owner in walls.items() if owner]
    return Evidence(
        population=people,
        things=tuple(_things(live, registry)),
        tokens=dict(_tokens(live, registry)),
        home=bounds.home,
        stock=live.counts.get(bounds.home, {}),
        wall_limit=live.wall_limit,
        idle=dict(_idle(live, registry)),
        backfill=bool((live.settings or {}).get("backfillEnabled")),
        objects=objects,
        tenants={wall: owner for wall, owner in walls.items() if owner not in ("", ORG)},
        naming=Naming([*called, *meant.items()]),
    )


def _things(live: LiveState, registry: Registry) -> Iterator[Thing]:
    for kind in registry:
        for item in live.of(kind.name) if kind.collection.subjects is None else ():
            yield Thing(item.id, item.name, kind.name, bool(item.protected))


def _idle(live: LiveState, registry: Registry) -> Iterator[tuple[str, frozenset[str]]]:
    for kind in registry:
        if read := kind.collection.idle:
            yield from ((item.id, found) for item in live.of(kind.name) if (found := read(item)))


def _tokens(live: LiveState, registry: Registry) -> Iterator[tuple[str, Tokens]]:
    for kind in registry:
        if read := kind.collection.tokens:
            yield from ((item.id, read(item)) for item in live.of(kind.name))
