"""What mutants are tried by: cases of a scenario, or two runs at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

from tests.faults.case import STORES, Case, Weather
from tests.faults.matrix import singles
from tests.faults.rivals.schedule import DELIVERING, Accident, Schedule
from tests.faults.rivals.schedule import SCENARIOS as TOGETHER
from tests.faults.scenarios import ALL as SCENARIOS

Tried = Case | Schedule


def plain(*names: str, hazy: bool = False) -> Callable[[], Iterator[Case]]:
    """Each scenario without any fault."""

    def cases() -> Iterator[Case]:
        for name in names:
            weather: Weather = "hazy" if hazy else "calm"
            yield Case(name, weather=weather, store=STORES[weather][0])

    return cases


def faulty(name: str, *wanted: str, hazy: bool = False) -> Callable[[], Iterator[Case]]:
    """The single faults of these kinds, at every place of a scenario."""

    def cases() -> Iterator[Case]:
        for case in singles(name, "hazy" if hazy else "calm"):
            if case.faults[0].kind in wanted:
                yield case

    return cases


def forbidden(name: str) -> Callable[[], Iterator[Case]]:
    """Refusals at every request of a scenario, in haze."""
    return faulty(name, "forbidden", hazy=True)


def side_by_side(accident: Accident, seconds: float) -> Callable[[], Iterator[Schedule]]:
    """Two runs, of which the first stands still for so long, wherever it may, and the second waits."""

    def cases() -> Iterator[Schedule]:
        for at, scenario in product(range(1, 9), DELIVERING if accident == "in-hand" else TOGETHER):
            yield Schedule(scenario, accident, at, seconds, delay=0.01, wait=2_000.0)

    return cases


def dying(*scenarios: str) -> Callable[[], Iterator[Schedule]]:
    """Two runs, of which the first dies at any write, and the second applies what was approved before."""

    def cases() -> Iterator[Schedule]:
        for at, scenario in product(range(1, 9), scenarios):
            yield Schedule(scenario, "kill", at, delay=0.01, wait=2_000.0, reviewed=True)

    return cases


def every_page() -> Iterator[Case]:
    """Lists that shift, or lack a row, in every scenario."""
    for name in SCENARIOS:
        yield from faulty(name, "page-shift")()
