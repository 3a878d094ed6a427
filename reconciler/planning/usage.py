"""Which programs are old enough to be asked how much they are used."""

from __future__ import annotations

from datetime import date, timedelta

from reconciler.model.kind import Registry
from reconciler.model.state import LiveState
from reconciler.model.stock import UNUSED_DAYS


def untried(live: LiveState, registry: Registry, today: date) -> tuple[str, ...]:
    """The ids of programs that are on and older than they would have to be unused for, and our own.

    Ours is asked about to see that anything is counted at all.
    """
    since = (today - timedelta(days=UNUSED_DAYS)).isoformat()
    programs = (
        (item, read(item))
        for kind in registry
        if (read := kind.collection.tokens)
        for item in live.of(kind.name)
    )
    return tuple(
        item.id
        for item, told in programs
        if item.id == live.operator_id
        or ("" < told.made[:10] < since and item.fields.get("state", "active") == "active")
    )
