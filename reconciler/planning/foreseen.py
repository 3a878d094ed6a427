"""Foreseen: the leak that a live object would be, were it declared as somebody's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from reconciler.isolation.boundaries import Boundaries
from reconciler.isolation.judge import crossings
from reconciler.isolation.matrix import AccessState, Catalogue, delta
from reconciler.model.finding import Finding
from reconciler.model.kind import Registry
from reconciler.model.state import Live

_NOBODY = AccessState({}, {})


def leak_of(
    item: Live,
    roles: Iterable[Live],
    owner: str,
    bounds: Boundaries,
    catalogue: Catalogue,
    registry: Registry,
) -> Finding | None:
    """What would be withheld of `item` as the owner's, with these roles as they would be declared."""

    def owner_of(identity: str) -> str:
        return owner if identity == item.id else bounds.owner_of(identity)

    facts = [fact for each in (item, *roles) for fact in registry[each.kind].facts(each.id, each.fields)]
    gains = delta(_NOBODY, AccessState.of(facts), catalogue).gains
    return next(crossings(gains, replace(bounds, owner_of=owner_of)), None)
