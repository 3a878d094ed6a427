"""Without a rule for those who stand beside what is declared, a monitor says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from reconciler.planning import growth, order, plan
from tests.faults.campaign import quietly
from tests.faults.case import Case
from tests.faults.rehearsal import new_place
from tests.faults.runs import run_case


def nobody(*_: Any) -> Iterator[Any]:
    return iter(())


def as_they_are(drafts: Any, *_: Any) -> Any:
    return drafts


def unhurried(nodes: Mapping[str, Any]) -> None: ...


@pytest.mark.parametrize(
    ("scenario", "where", "rule", "without", "monitor"),
    [
        ("role-waits", growth, "_nobodys_turn", nobody, "I8 no widening"),
        ("role-waits", plan, "hold_untold", as_they_are, "I6 people told"),
        ("successor-half-born", order, "hurry_changeovers", unhurried, "S handed over"),
    ],
)
def test_a_rule_that_is_taken_away_is_noticed(
    scenario: str, where: Any, rule: str, without: Any, monitor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    quietly()
    case = Case(scenario)
    assert run_case(new_place(case)).violations == ()
    monkeypatch.setattr(where, rule, without)
    assert {each.monitor for each in run_case(new_place(case)).violations} == {monitor}
