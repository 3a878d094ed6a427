"""The matrix: which cases there are, and that none is missing."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from itertools import islice, product

from tests.faults import kinds
from tests.faults.case import STORES, Case, Fault, Weather, Where
from tests.faults.organisation import LAG
from tests.faults.rehearsal import rehearse
from tests.faults.scenarios import ALL, CENTRAL

WEATHERS: tuple[Weather, ...] = ("calm", "hazy")
GAPS = (0.5, LAG - 1, LAG + 1, 3600.0)
"""Seconds until the next start: at once, just before and just after all caches agree, much later."""
SORTS: dict[Where, tuple[str, ...]] = {
    "request": (*kinds.REQUEST, *kinds.CANCEL),
    "disk": kinds.DISK,
    "pause": kinds.PAUSE,
    "turn": kinds.TURN,
}


def singles(name: str, weather: Weather) -> Iterator[Case]:
    """Every kind at every request, local write, pause and turn of the scenario's first run.

    Stores take turns, along the kinds and along the places; a place that not every store's way has is
    tried with those that have it.
    """
    ways = {store: rehearse(name, weather, store).counts for store in STORES[weather]}
    for where, sort in SORTS.items():
        for at in range(1, max(counts.get(where, 0) for counts in ways.values()) + 1):
            stores = [store for store, counts in ways.items() if at <= counts.get(where, 0)]
            for number, kind in enumerate(sort, start=at):
                yield Case(name, (Fault(where, at, kind),), weather, GAPS[0], stores[number % len(stores)])


def unrecorded(names: Iterable[str] = tuple(ALL)) -> list[Case]:
    """Every scenario without any fault, and without a journal."""
    return [Case(name, weather=weather, store="off") for name in names for weather in WEATHERS]


def all_singles(names: Iterable[str] = tuple(ALL)) -> list[Case]:
    """The whole matrix."""
    struck = [case for name in names for weather in WEATHERS for case in singles(name, weather)]
    return [*unrecorded(names), *struck]


def holes(cases: Iterable[Case], names: Iterable[str] = tuple(ALL)) -> list[str]:
    """What of the matrix of these scenarios `cases` leave out, counted anew and in another way."""
    tried: set[tuple[object, ...]] = set()
    for case in cases:
        tried.add((case.scenario, case.weather, case.store, *(fault.kind for fault in case.faults)))
        tried.update((case.scenario, case.weather, *fault) for fault in case.faults)
    return sorted(map(str, {*_wanted(names)} - tried))


def _wanted(names: Iterable[str]) -> Iterator[tuple[object, ...]]:
    """Each kind at each place that the way has with some store, and each kind with each store somewhere."""
    for name, weather in product(names, WEATHERS):
        yield name, weather, "off"
        for store in STORES[weather]:
            for kind in SORTS["request"]:
                yield name, weather, store, kind
            for where, number in rehearse(name, weather, store).counts.items():
                for at, kind in product(range(1, number + 1), SORTS[where]):  # type: ignore[index]
                    yield name, weather, where, at, kind


def quick(seed: int = 20_261_121, share: float = 0.1, least: int = 0) -> list[Case]:
    """All singles of the central scenarios in calm weather, and a seeded share of all others."""
    central = [*unrecorded(), *(case for name in CENTRAL for case in singles(name, "calm"))]
    chosen = set(central)
    others = [case for case in all_singles() if case not in chosen]
    lots = random.Random(seed)
    return central + lots.sample(
        others, max(int(len(others) * share), min(least - len(central), len(others)))
    )


PAIRED = (*CENTRAL, "grants-move", "half-born", "rotation-in-place", "rotation-overlaps")
"""Those that two faults strike: births and roles, grants that move, a birth half done, a secret under way."""


def pairs(name: str, weather: Weather, gap: float) -> Iterator[Case]:
    """Every two faults of which the second strikes the same run later or the one after it.

    Left out are pairs of two faults on reads that decide nothing: both only make a run end early.
    Stores take turns, along either fault's kinds and places.
    """
    for turn, store in enumerate(STORES[weather]):
        trace = rehearse(name, weather, store).trace
        for sum_of_both, struck in _struck_twice(trace):
            if sum_of_both % len(STORES[weather]) == turn:
                yield Case(name, struck, weather, gap, store)


def _struck_twice(trace: tuple[str, ...]) -> Iterator[tuple[int, tuple[Fault, Fault]]]:
    """Two faults on the way of `trace`, with the sum of their places and kinds."""
    for first, second in product(range(1, len(trace) + 1), range(1, len(trace) + 13)):
        if second <= first:
            continue
        idle = _reads(trace, first) and _reads(trace, second)
        for (one, kind), (other, then) in product(enumerate(_KINDS), enumerate(_KINDS)):
            if not (idle and kind in _PASSING):
                yield (
                    first + second + one + other,
                    (Fault("request", first, kind), Fault("request", second, then)),
                )


_KINDS = (
    "refuse", "timeout-after", "committed-5xx", "unavailable", "forbidden", "stale", "administrator",
    "crash-before", "crash-after", "proxy-page", "login-down", "cancel-after",
)  # fmt: skip
_PASSING = ("refuse", "unavailable", "proxy-page", "timeout-after", "committed-5xx", "login-down")


def _reads(trace: tuple[str, ...], at: int) -> bool:
    return at > len(trace) or trace[at - 1].startswith("GET ")


def all_pairs() -> Iterator[Case]:
    """The pairs of what `PAIRED` names, at every gap."""
    for name, gap, weather in product(PAIRED, GAPS, WEATHERS):
        yield from pairs(name, weather, gap)


def some_pairs(most: int) -> Iterator[Case]:
    """At least so many of them, evenly over all; 0 for every one."""
    step = max(1, sum(1 for _ in all_pairs()) // most) if most else 1
    return islice(all_pairs(), 0, None, step)
