"""What looking at a write means, second by second."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reconciler.planning.settle import DEADLINE, Settled, Wait, after_readings, after_refusals


def looks(agrees_at: Callable[[float], bool]) -> tuple[list[float], Settled]:
    """When somebody looks who follows the rules, and how it ends; `agrees_at` is asked with the seconds."""
    now, times, agreed = 0.0, list[float](), list[bool]()
    while isinstance(step := after_readings(agreed, now), Wait):
        now += step.seconds
        times.append(now)
        agreed.append(agrees_at(now))
    return times, step


def test_nobody_looks_at_once() -> None:
    """An early read can pin a wrong answer."""
    assert after_readings([], 0.0) == Wait(1.0)


def test_a_first_look_that_agrees_is_enough() -> None:
    assert looks(lambda now: True) == ([1.0], Settled.CONFIRMED)


def test_looks_become_rarer_until_the_deadline() -> None:
    assert looks(lambda now: False) == ([1, 3, 7, 15, 31, 63, 120], Settled.UNCONFIRMED)


def test_an_agreement_after_a_disagreement_has_to_be_seen_twice() -> None:
    assert looks(lambda now: now >= 10) == ([1, 3, 7, 15, 20], Settled.CONFIRMED)


def test_caches_that_waver_are_not_believed() -> None:
    assert looks(lambda now: now == 3.0) == ([1, 3, 8, 16, 32, 64, 120], Settled.UNCONFIRMED)


def test_an_agreement_at_the_deadline_still_gets_its_second_look() -> None:
    assert looks(lambda now: now >= DEADLINE) == ([1, 3, 7, 15, 31, 63, 120, 125], Settled.CONFIRMED)


@pytest.mark.parametrize(("count", "elapsed", "seconds"), [(1, 0.0, 1.0), (2, 1.0, 2.0), (7, 118.0, 2.0)])
def test_what_is_not_there_yet_is_asked_for_again(count: int, elapsed: float, seconds: float) -> None:
    assert after_refusals(count, elapsed) == Wait(seconds)


def test_what_is_not_there_at_the_deadline_is_not_coming() -> None:
    assert after_refusals(8, DEADLINE) is Settled.UNCONFIRMED
