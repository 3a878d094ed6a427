"""Doubt: an object that carries the right marker and may be the wrong one, and references in dispute.

Markers are plain text that people copy and move. In doubt nobody gains anything on such an object,
and nobody loses what they hold of it either.
"""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.address import Address
from reconciler.model.plan import Withheld
from reconciler.model.state import Live, Resource
from reconciler.model.value import Fields, Ref, Value
from reconciler.planning.diff import stale_marker


def doubt(resource: Resource, item: Live, pair: tuple[str, str]) -> Withheld | None:
    """Why `item` may be the wrong object although it carries the marker of `resource`; `id` settles it.

    Only what `pair` is made of is doubted for its name: to it access is granted.
    """
    if resource.pin == item.id:
        return None
    if resource.pin:
        reason = f"the manifest pins id {resource.pin}, but the marker is on {item.id}"
        return Withheld("pinned", reason, "correct `id`, or remove the wrong marker")
    if item.kind not in pair or item.name == resource.name:
        return None
    if item.marker is None or not stale_marker(item.fields, item.marker):
        return None
    reason = f"`{item.name}` was renamed and changed by hand; it may carry a copied marker"
    return Withheld("renamed", reason, f"say `id: {item.id}` on the entry if it is the right object")


def keeping_disputed(fields: Fields, live: Fields, candidates: Mapping[Address, tuple[Live, ...]]) -> Fields:
    """`fields` in which an open reference stands for whichever candidate the object holds already."""
    meant = {item.id: Ref(address) for address, items in candidates.items() for item in items}
    return {name: _kept(value, live.get(name), meant) for name, value in fields.items()}


def _kept(value: Value, live: Value, meant: Mapping[str, Ref]) -> Value:
    if not meant or not isinstance(value, frozenset) or not isinstance(live, frozenset):
        return value
    held = {item: _referring(item, meant) for item in live if isinstance(item, tuple)}
    kept = {item: open_ for item, open_ in held.items() if open_ != item and open_ in value}
    return (value - frozenset(kept.values())) | frozenset(kept)


def _referring(item: tuple[Value, ...], meant: Mapping[str, Ref]) -> tuple[Value, ...]:
    return tuple([meant.get(part, part) if isinstance(part, str) else part for part in item])
