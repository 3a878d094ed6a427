"""The places of a way, each known by what happens there instead of by its number, and what can strike it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from typing import NamedTuple

from tests.faults.case import Where
from tests.faults.disk import DELIVER
from tests.faults.kinds import SORTS


class Spot(NamedTuple):
    """What happens, the `nth` time on this way, and the kinds of faults that can do anything there.

    `what` is a request's line or what is written where; at pauses and turns it is the request that left
    last, as (its line, the how manieth).
    """

    what: Hashable
    nth: int
    kinds: tuple[str, ...]


Ways = Mapping[Where, tuple[Spot, ...]]
"""All places of a way, by their sort and in order."""


def spots(trails: Mapping[Where, list[Hashable]], idle: Mapping[int, Collection[str]]) -> Ways:
    """Those of trails as `Place` keeps them; `idle` are the kinds that can do nothing, by request."""
    return {
        where: tuple(
            Spot(what, nth, _able(where, _idle(where, what, idle.get(at, ()))))
            for at, (what, nth) in enumerate(_numbered(trail), start=1)
        )
        for where, trail in trails.items()
    }


def _numbered(trail: Iterable[Hashable]) -> Iterator[tuple[Hashable, int]]:
    times: Counter[Hashable] = Counter()
    for what in trail:
        times[what] += 1
        yield what, times[what]


def _idle(where: Where, what: Hashable, of_request: Collection[str]) -> Collection[str]:
    """Half a write is left by a delivery alone; elsewhere it is the death before it."""
    if where == "request":
        return of_request
    return ("torn",) if where == "disk" and not str(what).startswith(DELIVER) else ()


def _able(where: Where, idle: Collection[str]) -> tuple[str, ...]:
    return tuple(kind for kind in SORTS[where] if kind not in idle)
