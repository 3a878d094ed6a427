"""How long something is known, and what it means when it is looked at again: moved, or as it was. Pure.

The organisation has no ETag: a full replace overwrites whatever somebody wrote since the reading that it
is based on. So an object of which the last reading or writing is old is read again before it is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import replace

from reconciler.model.kind import AnyKind
from reconciler.model.state import Live
from reconciler.model.value import Json, Value

KNOWN_FOR = 60.0
"""Seconds since it was read or written for which an object counts as known."""


_STAMPS = ("dateModified",)
"""What changes with every edit, on clients."""


def is_known(age: float) -> bool:
    """Whether an object read or written `age` seconds ago may be written without another look."""
    return age <= KNOWN_FOR


def moved(
    kind: AnyKind, now: Mapping[str, Json], known: Iterable[Live], taken: Set[Value]
) -> tuple[str, ...]:
    """What of an object differs from what is known of it; nothing where it is as it ever was in this run.

    Caches may still show what it was before our own last write, so each of `known` will do. `taken` are
    pairs that this run took away by another road: they may be there still, or not.
    """
    differences = [_differing(kind, kind.live(now), each, taken) for each in known]
    return () if () in differences else min(differences, key=len, default=())


def undated(known: Live) -> Live:
    """The same after a request of our own that leaves all of it as it was, but for when it was modified."""
    return replace(known, raw={name: value for name, value in known.raw.items() if name not in _STAMPS})


def _differing(kind: AnyKind, now: Live, before: Live, taken: Set[Value]) -> tuple[str, ...]:
    pairs = kind.collection.second.field if kind.collection.second else ""
    names = [
        name
        for name, value in now.fields.items()
        if value != before.fields[name] and (name != pairs or value - taken != before.fields[name] - taken)
    ]
    names += ["marker"] if now.marker != before.marker else []
    return tuple(sorted(names) or ([] if taken else _beside(kind, now, before)))


def _beside(kind: AnyKind, now: Live, before: Live) -> list[str]:
    """What we do not model and a full replace repeats, or when it was modified, where that is said.

    Lists and single readings may show more or less; of what was written, and not read, nobody knows.
    """
    if not before.raw:
        return []
    ours, theirs = (kind.write(now.fields, each.raw) for each in (before, now))
    told = {name: (ours[name], theirs[name]) for name in ours.keys() & theirs.keys()}
    told |= {
        name: (before.raw[name], now.raw[name])
        for name in _STAMPS
        if name in before.raw.keys() & now.raw.keys()
    }
    return sorted(name for name, (then, later) in told.items() if then != later)
