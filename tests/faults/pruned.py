"""What the matrix leaves out because it could do nothing where it strikes, and that it does nothing."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple

from tests.faults.case import STORES, Case, Fault, Violation, Weather
from tests.faults.kinds import SORTS
from tests.faults.matrix import GAPS, WEATHERS
from tests.faults.rehearsal import new_place, rehearse
from tests.faults.runs import Outcome, run_case
from tests.faults.scenarios import ALL


class Way(NamedTuple):
    """All that anybody could tell two cases by, but what struck them."""

    runs: tuple[str, ...]
    violations: tuple[Violation, ...]
    answers: Any
    files: Any
    words: Any
    places: Any
    organisation: Any


def pruned(name: str, weather: Weather) -> Iterator[Case]:
    """Each fault at each place of the scenario's ways at which it is not drawn."""
    for store in STORES[weather]:
        for where, spots in rehearse(name, weather, store).ways.items():
            for at, spot in enumerate(spots, start=1):
                for kind in SORTS[where]:
                    if kind not in spot.kinds:
                        yield Case(name, (Fault(where, at, kind),), weather, GAPS[0], store, idle=True)


def sample(number: int, names: Iterable[str] = tuple(ALL), seed: int = 20_261_121) -> list[Case]:
    """So many of them, of each kind in either weather as many, as far as there are."""
    alike: dict[tuple[str, str], list[Case]] = defaultdict(list)
    for name, weather in product(names, WEATHERS):
        for case in pruned(name, weather):
            alike[weather, case.faults[0].kind].append(case)
    lots, drawn = random.Random(seed), list[Case]()
    for left, (_, cases) in zip(range(len(alike), 0, -1), sorted(alike.items(), key=_number), strict=True):
        drawn += lots.sample(cases, min(len(cases), (number - len(drawn)) // left))
    return drawn


def _number(alike: tuple[tuple[str, str], list[Case]]) -> int:
    return len(alike[1])


def judge_idle(case: Case) -> Outcome:
    """Run it; a violation where it goes another way than without its fault."""
    way, outcome = _gone(case)
    other, _ = _known(_without(case))
    differing = [name for name in Way._fields if getattr(way, name) != getattr(other, name)]
    ((where, at, _),) = case.faults
    found = list(outcome.violations)
    if differing:
        found.append(Violation("harness", f"what the matrix leaves out has an effect: other {differing}"))
    return outcome._replace(violations=tuple(found), reached=int(at <= len(way.places[where])))


def _without(case: Case) -> Case:
    """The same case undisturbed; half a write that nothing is left of is the death before it."""
    faults = tuple(fault._replace(kind="crash-before") for fault in case.faults if fault.kind == "torn")
    return replace(case, faults=faults, idle=False)


def _gone(case: Case) -> tuple[Way, Outcome]:
    place = new_place(case)
    outcome = run_case(place)
    seen = (place.log, place.disk.files, place.said, dict(place.trails), place.sim.snapshot())
    return Way(outcome.runs, outcome.violations, *seen), outcome


_known = lru_cache(maxsize=256)(_gone)
