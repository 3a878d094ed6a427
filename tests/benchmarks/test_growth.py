"""What a plan without changes costs, in counts: the same on every machine, however busy."""

from __future__ import annotations

import cProfile
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reconciler.model.value import Fields
from reconciler.planning.diff import field_changes
from tests.benchmarks import generate
from tests.benchmarks.measure import MANIFESTS, PAGES, plan
from tests.benchmarks.worlds import measured, world

SMALL, LARGE = 50, 200


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("worlds")


def profiled(deed: Callable[[], Any]) -> tuple[int, dict[str, int]]:
    """All calls, and the calls by function name."""
    profile = cProfile.Profile()
    profile.runcall(deed)
    calls: dict[str, int] = {}
    for entry in profile.getstats():
        name = entry.code if isinstance(entry.code, str) else entry.code.co_name
        calls[name] = calls.get(name, 0) + entry.callcount
    return sum(calls.values()), calls


def test_generated_tenants_have_the_measured_shape() -> None:
    texts = [generate.tenant(number) for number in range(900)]
    assert sum(map(len, texts)) / len(texts) == pytest.approx(2_150, rel=0.02)
    assert sum(text.count("\n") for text in texts) / len(texts) == pytest.approx(57.5, rel=0.05)


def test_nothing_is_planned_and_nothing_heavy_is_imported(place: Path) -> None:
    found = measured("plan", world(place, SMALL))
    assert (found["changes"], found["imported"]) == (0, [])
    texts = [path.read_text() for path in (world(place, SMALL) / MANIFESTS).rglob("*.yaml")]
    assert found["objects"] == sum(text.count("key: ") for text in texts)


def test_every_answer_is_asked_for_once(place: Path) -> None:
    """Token, organisation, settings, operator, and each page of 100; all clients are one answer."""
    root = world(place, LARGE)
    found = measured("plan", root)
    assert found["asked"] == sorted(path.name for path in (root / PAGES).iterdir())
    divisions, roles = LARGE * 2 + 1, LARGE * 3.5 + 2
    assert found["requests"] == 4 + math.ceil(divisions / 100) + math.ceil(roles / 100) + 2


def test_calls_grow_with_the_number_of_tenants(place: Path) -> None:
    """Four times the tenants are four times the work, whatever part of it is looked at."""
    one, four = world(place, SMALL), world(place, LARGE)
    plan(one)  # what is done once, like making models, is done now
    small, few = profiled(lambda: plan(one))
    large, many = profiled(lambda: plan(four))
    assert large / small <= 4.2
    bent = {name: count for name, count in many.items() if count > 1_000 and count > 6 * few.get(name, 0)}
    assert bent == {}


def test_every_object_is_hashed_twice(place: Path) -> None:
    """Its fingerprint, and what is declared of it; then the manifests, the plan and the catalogue."""
    root = world(place, SMALL)
    made = plan(root)
    _, calls = profiled(lambda: plan(root))
    assert calls["<built-in method _hashlib.openssl_sha256>"] == 2 * made["objects"] + 3


def role(permissions: int) -> tuple[Fields, Fields]:
    """A large role, and the same with its other half replaced and everything in another order."""
    names = [f"domain{number % 20}:entity{number}:view" for number in range(permissions * 3 // 2)]
    before, after = names[:permissions], names[permissions // 2 :]
    return _fields(before), _fields(reversed(after))


def _fields(permissions: Any) -> Fields:
    return {"name": "large", "permissions": frozenset((name, "") for name in permissions)}


def test_the_difference_of_a_large_role_costs_what_it_is_long() -> None:
    """Comparing lists while ignoring their order would try every pair: sixteen times for four."""
    field_changes(*role(10))
    counts = [profiled(lambda size=size: field_changes(*role(size)))[0] for size in (100, 200, 400)]  # type: ignore[misc]
    assert counts[1] / counts[0] <= 2.2
    assert counts[2] / counts[1] <= 2.2


def test_the_difference_of_a_large_role_is_the_half_that_changed() -> None:
    (change,) = field_changes(*role(400))
    assert (change.path, len(change.live), len(change.desired)) == ("permissions", 200, 200)
