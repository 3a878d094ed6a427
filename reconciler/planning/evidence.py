"""From what was read to the evidence that rules about a whole organisation look at."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.isolation.boundaries import Boundaries
from reconciler.isolation.evidence import Evidence, Thing
from reconciler.isolation.population import Population
from reconciler.model.kind import Registry
from reconciler.model.state import LiveState
from reconciler.model.tokens import Tokens


def evidence(people: Population, bounds: Boundaries, live: LiveState, registry: Registry) -> Evidence:
    """The evidence; what was not read of settings and limits breaks no rule."""
    return Evidence(
        population=people,
        things=tuple(_things(live, registry)),
        tokens=dict(_tokens(live, registry)),
        home=bounds.home,
        stock=live.counts.get(bounds.home, {}),
        wall_limit=live.wall_limit,
        backfill=bool((live.settings or {}).get("backfillEnabled")),
    )


def _things(live: LiveState, registry: Registry) -> Iterator[Thing]:
    for kind in registry:
        for item in live.of(kind.name) if kind.collection.subjects is None else ():
            yield Thing(item.id, item.name, kind.name, bool(item.protected))


def _tokens(live: LiveState, registry: Registry) -> Iterator[tuple[str, Tokens]]:
    for kind in registry:
        if read := kind.collection.tokens:
            yield from ((item.id, read(item)) for item in live.of(kind.name))
