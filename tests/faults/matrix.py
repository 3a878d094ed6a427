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
    """Every kind at every request, local write, pause and turn of the scenario's first run."""
    counts = rehearse(name, weather).counts
    for where, sort in SORTS.items():
        for at, kind in product(range(1, counts.get(where, 0) + 1), sort):
            yield Case(name, (Fault(where, at, kind),), weather, GAPS[0], STORES[weather])


def all_singles(names: Iterable[str] = tuple(ALL)) -> list[Case]:
    """The whole matrix."""
    return [case for name in names for weather in WEATHERS for case in singles(name, weather)]


def holes(cases: Iterable[Case]) -> list[str]:
    """What of the matrix `cases` leave out, counted anew and in another way."""
    tried = {(case.scenario, case.weather, *fault) for case in cases for fault in case.faults}
    wanted = {
        (name, weather, where, at, kind)
        for name in ALL
        for weather in WEATHERS
        for where, number in rehearse(name, weather).counts.items()
        for at in range(1, number + 1)
        for kind in SORTS[where]  # type: ignore[index]
    }
    return sorted(map(str, wanted - tried))


def quick(seed: int = 20_261_121, share: float = 0.1, least: int = 0) -> list[Case]:
    """All singles of the central scenarios in calm weather, and a seeded share of all others."""
    central = [case for name in CENTRAL for case in singles(name, "calm")]
    others = [case for case in all_singles() if case.weather != "calm" or case.scenario not in CENTRAL]
    lots = random.Random(seed)
    return central + lots.sample(
        others, max(int(len(others) * share), min(least - len(central), len(others)))
    )


def pairs(name: str, weather: Weather, gap: float) -> Iterator[Case]:
    """Every two faults of which the second strikes the same run later or the one after it.

    Left out are pairs of two faults on reads that decide nothing: both only make a run end early.
    """
    rehearsed = rehearse(name, weather)
    number = rehearsed.counts.get("request", 0)
    for first, second in product(range(1, number + 1), range(1, number + 13)):
        if second <= first:
            continue
        for one, other in product(_PAIRED, _PAIRED):
            if _reads(rehearsed.trace, first) and _reads(rehearsed.trace, second) and one in _PASSING:
                continue
            yield Case(
                name,
                (Fault("request", first, one), Fault("request", second, other)),
                weather,
                gap,
                STORES[weather],
            )


_PAIRED = (
    "refuse", "timeout-after", "committed-5xx", "unavailable", "forbidden", "stale", "administrator",
    "crash-before", "crash-after", "proxy-page", "login-down", "cancel-after",
)  # fmt: skip
_PASSING = ("refuse", "unavailable", "proxy-page", "timeout-after", "committed-5xx", "login-down")


def _reads(trace: tuple[str, ...], at: int) -> bool:
    return at > len(trace) or trace[at - 1].startswith("GET ")


def all_pairs() -> Iterator[Case]:
    """The pairs of the central scenarios, of grants that move and of births half done, at every gap."""
    for name, gap, weather in product((*CENTRAL, "grants-move", "half-born"), GAPS, WEATHERS):
        yield from pairs(name, weather, gap)


def some_pairs(most: int) -> Iterator[Case]:
    """At least so many of them, evenly over all; 0 for every one."""
    step = max(1, sum(1 for _ in all_pairs()) // most) if most else 1
    return islice(all_pairs(), 0, None, step)
