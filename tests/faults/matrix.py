"""The matrix: which cases there are, and that none is missing."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice, product

from tests.faults import kinds
from tests.faults.case import STORES, Case, Fault, Store, Weather, Where
from tests.faults.organisation import LAG
from tests.faults.rehearsal import rehearse
from tests.faults.scenarios import ALL, CENTRAL
from tests.faults.spots import Spot

WEATHERS: tuple[Weather, ...] = ("calm", "hazy")
GAPS = (0.5, LAG - 1, LAG + 1, 3600.0)
"""Seconds until the next start: at once, just before and just after all caches agree, much later."""
_Chance = tuple[Where, Spot, str]
"""That a kind of fault strikes at a place, whatever the place's number on one way or another."""


def singles(name: str, weather: Weather) -> Iterator[Case]:
    """Every kind wherever it can strike in the scenario's first run: request, local write, pause and turn.

    Places are known by what happens there (see `Spot`). Stores take turns, along the kinds and along the
    places, among those on whose way the place is; a kind with fewer places than stores has them more often.
    """
    chances = _chances(name, weather)
    turns = Counter({kind: number for sort in kinds.SORTS.values() for number, kind in enumerate(sort)})
    tried: set[tuple[Where, str, Store]] = set()
    for (where, _, kind), ways in chances.items():
        store = [*ways][turns[kind] % len(ways)]
        turns[kind] += 1
        tried.add((where, kind, store))
        yield Case(name, (Fault(where, ways[store], kind),), weather, GAPS[0], store)
    for (where, kind, store), at in _anywhere(chances).items():
        if (where, kind, store) not in tried:
            yield Case(name, (Fault(where, at, kind),), weather, GAPS[0], store)


def _anywhere(chances: Mapping[_Chance, Mapping[Store, int]]) -> dict[tuple[Where, str, Store], int]:
    """Some place of each kind on the way of each store."""
    return {
        (where, kind, store): at for (where, _, kind), ways in chances.items() for store, at in ways.items()
    }


def _chances(name: str, weather: Weather) -> dict[_Chance, dict[Store, int]]:
    """What can strike, and as the how manieth of its sort on the way of each store."""
    found: dict[_Chance, dict[Store, int]] = defaultdict(dict)
    for store in STORES[weather]:
        for where, spots in rehearse(name, weather, store).ways.items():
            for at, spot in enumerate(spots, start=1):
                for kind in spot.kinds:
                    found[where, spot._replace(kinds=()), kind][store] = at
    return found


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
        tried.update(_shown(case) if case.faults else [(case.scenario, case.weather, case.store)])
    return sorted(map(str, {*_wanted(names)} - tried))


def _shown(case: Case) -> Iterator[tuple[object, ...]]:
    """What a case's faults strike on the way that it goes, where they can do anything."""
    ways = rehearse(case.scenario, case.weather, case.store).ways
    for where, at, kind in case.faults:
        for what, nth, able in ways[where][at - 1 : at]:
            if kind in able:
                yield case.scenario, case.weather, where, what, nth, kind
                yield case.scenario, case.weather, case.store, where, kind


def _wanted(names: Iterable[str]) -> Iterator[tuple[object, ...]]:
    """Each kind at each place of the way with any store, and each kind with each store somewhere."""
    for name, weather in product(names, WEATHERS):
        yield name, weather, "off"
        for store in STORES[weather]:
            for where, spots in rehearse(name, weather, store).ways.items():
                for what, nth, able in spots:
                    yield from ((name, weather, where, what, nth, kind) for kind in able)
                    yield from ((name, weather, store, where, kind) for kind in able)


def quick(seed: int = 20_261_121, share: float = 0.1, least: int = 0) -> list[Case]:
    """All singles of the central scenarios in calm weather, late edits, and a seeded share of all others."""
    central = [*unrecorded(), *(case for name in CENTRAL for case in singles(name, "calm"))]
    central += held_up()
    chosen = set(central)
    others = [case for case in all_singles() if case not in chosen]
    lots = random.Random(seed)
    return central + lots.sample(
        others, max(int(len(others) * share), min(least - len(central), len(others)))
    )


def held_up(name: str = "role-changes") -> Iterator[Case]:
    """Somebody edits once the plan is made, and soon after an answer takes minutes: what was read is old."""
    trace = rehearse(name, "calm").trace
    planned = next(at for at, line in enumerate(trace) if not line.startswith("GET ") and at)
    for first in range(planned - 1, len(trace)):
        for second in range(first + 1, first + 10):
            if second % 2:  # these drip for longest
                yield Case(name, (Fault("request", first, "administrator"), Fault("request", second, "drip")))


PAIRED = (*CENTRAL, "grants-move", "half-born", "rotation-in-place", "rotation-overlaps")
"""Those that two faults strike: births and roles, grants that move, a birth half done, a secret under way."""


def pairs(name: str, weather: Weather, gap: float) -> Iterator[Case]:
    """Every two faults of which the second strikes the same run later or the one after it.

    Left out are pairs of two faults on reads that decide nothing: both only make a run end early.
    Stores take turns, along either fault's kinds and places.
    """
    for turn, store in enumerate(STORES[weather]):
        rehearsed = rehearse(name, weather, store)
        for sum_of_both, struck in _struck_twice(rehearsed.trace, rehearsed.ways["request"]):
            if sum_of_both % len(STORES[weather]) == turn:
                yield Case(name, struck, weather, gap, store)


def _struck_twice(
    trace: tuple[str, ...], spots: tuple[Spot, ...]
) -> Iterator[tuple[int, tuple[Fault, Fault]]]:
    """Two faults on the way of `trace`, with the sum of their places and kinds.

    The first can do something there; nobody knows the way behind it.
    """
    for first, second in product(range(1, len(trace) + 1), range(1, len(trace) + 13)):
        if second <= first:
            continue
        idle = _reads(trace, first) and _reads(trace, second)
        for (one, kind), (other, then) in product(enumerate(_KINDS), enumerate(_KINDS)):
            if kind in spots[first - 1].kinds and not (idle and kind in _PASSING):
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
