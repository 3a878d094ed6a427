"""The promise about speed: a plan without changes against PyYAML's C loader on the same files.

Ratios of CPU time, never seconds: the least of several alternated runs, each in a process of its own.
"""

from __future__ import annotations

import math
from pathlib import Path
from statistics import linear_regression
from typing import Any

import pytest

from tests.benchmarks.worlds import measured, world

pytestmark = pytest.mark.bench

SIZES = (250, 500, 1_000)
ROUNDS = 4

MOST_RATIO, MOST_SLOPE, MOST_KIB, MOST_JUDGING = 2.5, 1.05, 64.0, 0.5
"""Plan to loader; growth of CPU by number of tenants, on logarithms; memory per tenant; judging to plan."""


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[int, dict[str, Any]]:
    """By number of tenants: the plan, the loader and the peak of memory."""
    place = tmp_path_factory.mktemp("worlds")
    roots = {size: world(place, size) for size in SIZES}
    rounds = [{size: _round(root) for size, root in roots.items()} for _ in range(ROUNDS)]
    return {size: _least([each[size] for each in rounds], root) for size, root in roots.items()}


def _round(root: Path) -> dict[str, dict[str, Any]]:
    return {"baseline": measured("baseline", root), "plan": measured("plan", root)}


def _least(rounds: list[dict[str, dict[str, Any]]], root: Path) -> dict[str, Any]:
    """The least disturbed run of each."""
    plan = min((each["plan"] for each in rounds), key=lambda found: float(found["total"]))
    baseline = min(float(each["baseline"]["total"]) for each in rounds)
    return {**plan, "baseline": baseline, "peak": measured("memory", root)["peak"]}


def _ratio(run: dict[str, Any]) -> float:
    return float(run["total"] / run["baseline"])


def _slope(runs: dict[int, dict[str, Any]]) -> float:
    sizes = [math.log(size) for size in SIZES]
    return linear_regression(sizes, [math.log(runs[size]["total"]) for size in SIZES]).slope


def _kib(runs: dict[int, dict[str, Any]]) -> float:
    """Memory of one tenant more."""
    least, most = SIZES[0], SIZES[-1]
    return float((runs[most]["peak"] - runs[least]["peak"]) / 1024 / (most - least))


def test_the_measurements(runs: dict[int, dict[str, Any]]) -> None:
    """Prints them; the claims are below."""
    print("\n\ntenants  objects  requests  load ms  plan ms  total ms  C loader ms  ratio  peak MiB")
    for size, run in runs.items():
        load, plan, total, baseline = (run[name] * 1000 for name in ("load", "plan", "total", "baseline"))
        print(
            f"{size:7,}  {run['objects']:7,}  {run['requests']:8}  {load:7.0f}  {plan:7.0f}  {total:8.0f}"
            f"  {baseline:11.0f}  {_ratio(run):5.2f}  {run['peak'] / 2**20:8.1f}"
        )
    print(
        f"growth of CPU: n^{_slope(runs):.2f} (at most {MOST_SLOPE}); "
        f"memory: {_kib(runs):.0f} KiB per tenant (at most {MOST_KIB:.0f}); ratio at most {MOST_RATIO}"
    )


def test_a_plan_costs_little_more_than_reading_the_files(runs: dict[int, dict[str, Any]]) -> None:
    assert _ratio(runs[SIZES[-1]]) <= MOST_RATIO


def test_cpu_grows_with_the_number_of_tenants(runs: dict[int, dict[str, Any]]) -> None:
    assert _slope(runs) <= MOST_SLOPE


def test_a_tenant_takes_little_memory(runs: dict[int, dict[str, Any]]) -> None:
    assert _kib(runs) <= MOST_KIB


def test_judging_takes_at_most_half_of_a_plan(
    runs: dict[int, dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = world(tmp_path_factory.mktemp("judged"), SIZES[-1])
    rounds = [measured("judge", root) for _ in range(ROUNDS)]
    ratio = min(float(each["total"]) for each in rounds) / float(runs[SIZES[-1]]["total"])
    print(f"\njudging {SIZES[-1]:,} tenants: {ratio:.2f} of the plan (at most {MOST_JUDGING})")
    assert rounds[0]["verdicts"] == ["PROVED"]
    assert ratio <= MOST_JUDGING
