"""What the matrix leaves out does nothing, and it would be noticed if it did."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.faults.campaign import judge, quietly
from tests.faults.case import Case, Fault
from tests.faults.matrix import singles
from tests.faults.pruned import sample


@pytest.fixture(autouse=True)
def _quiet() -> None:
    quietly()


def test_what_is_left_out_though_it_does_something_is_noticed() -> None:
    left_out = [replace(case, idle=True) for case in singles("half-born", "calm")]
    for kind in ("stale", "page-shift", "truncate", "administrator"):
        alike = (judge(str(case))[1].violations for case in left_out if case.faults[0].kind == kind)
        assert any("has an effect" in each.words for found in alike for each in found), kind


def test_a_line_says_that_nothing_is_to_come_of_it() -> None:
    case = Case("no-op", (Fault("request", 3, "stale"),), idle=True)
    assert Case.parse(str(case)) == case != Case.parse(str(replace(case, idle=False)))


@pytest.mark.full
def test_what_is_left_out_has_no_effect() -> None:
    cases = sample(18, ["half-born"])
    assert {case.faults[0].kind for case in cases} == {"stale", "page-shift", "truncate", "torn"}
    for case in cases:
        _, outcome = judge(str(case))
        assert outcome.violations == () and outcome.reached == 1, (str(case), outcome)


@pytest.mark.full
def test_of_what_is_left_out_every_kind_is_drawn_in_either_weather() -> None:
    drawn = {(case.weather, case.faults[0].kind) for case in sample(60, ["birth", "no-op"])}
    kinds = ("stale", "page-shift", "truncate", "torn", "administrator")
    assert drawn == {(weather, kind) for weather in ("calm", "hazy") for kind in kinds}
