"""Mutants of the protocols: what kills one, and what does not."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace

import pytest

from reconciler.engine import apply as applying
from reconciler.errors import UsageError
from tests.faults import mutants
from tests.faults.campaign import quietly
from tests.faults.monitors import COMMITS, ENDS
from tests.faults.seeds import replaced
from tests.faults.test_guarantees import ELSEWHERE
from tests.faults.trials import plain


@pytest.fixture(autouse=True)
def _quiet() -> None:
    quietly()


@pytest.mark.parametrize(
    "name", ["birth active", "widen before revoke", "match by name", "twins never told apart"]
)
def test_a_protocol_without_one_of_its_rules_is_noticed(name: str) -> None:
    (mutant,) = [each for each in mutants.ALL if each.name == name]
    assert mutants.hunt(mutant).violation is not None


def test_every_mutant_finds_the_rule_that_it_takes_away() -> None:
    for each in mutants.ALL:
        with each.seed():
            pass


def test_what_the_true_protocol_violates_too_kills_no_mutant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENDS, "always", lambda place: ["violated"])
    killed = mutants.hunt(mutants.Mutant("none", nullcontext, plain("no-op"), ("always",)))
    assert killed.violation is None and "always" in killed.but


@pytest.mark.parametrize("error", [TypeError("it has another form"), UsageError("out of order")])
def test_a_seed_that_does_not_fit_any_more_kills_no_mutant(error: Exception) -> None:
    def broken(*given: object) -> None:
        raise error

    noticed = ("I1 comes to rest", "S done", "a bug")
    mutant = mutants.Mutant("broken", replaced(applying, "outline", broken), plain("birth"), noticed)
    killed = mutants.hunt(mutant)
    assert killed.violation is None and str(error) in killed.but, killed


def test_what_is_none_of_its_monitors_kills_no_mutant() -> None:
    (mutant,) = [each for each in mutants.ALL if each.name == "birth active"]
    killed = mutants.hunt(replace(mutant, monitors=("I8 no widening",)))
    assert killed.violation is None and "I12 " in killed.but, killed


def test_mutants_name_monitors_that_there_are() -> None:
    assert {
        name for each in mutants.ALL for name in each.monitors
    } <= COMMITS.keys() | ENDS.keys() | ELSEWHERE
