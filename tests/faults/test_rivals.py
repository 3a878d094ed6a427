"""Two runners on one server: what schedules say, and that two writers would be noticed."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import pytest

from reconciler.engine import request
from reconciler.errors import SinkError
from tests.faults import mutants
from tests.faults.campaign import quietly
from tests.faults.rehearsal import rehearse
from tests.faults.rivals.arena import play
from tests.faults.rivals.schedule import ACCIDENTS, Schedule, schedules
from tests.support.database import empty_schema


@pytest.fixture(autouse=True)
def _quiet() -> None:
    quietly()


@pytest.mark.parametrize("schedule", schedules(len(ACCIDENTS)), ids=lambda each: each.accident or "none")
def test_whatever_befalls_the_first_one_writes_at_a_time(schedule: Schedule, server: str) -> None:
    ended = play(schedule, empty_schema(server))
    assert ended.violations == () and ended.ends[-1] == "exit 0", ended
    assert ended.struck == bool(schedule.accident)


def test_who_wakes_after_another_took_over_writes_nothing_any_more(server: str) -> None:
    schedule = Schedule("birth", "freeze", at=1, seconds=1_500.0, delay=0.01, wait=2_000.0)
    ended = play(schedule, empty_schema(server))
    assert ended.violations == () and ended.epochs == (2,) and ended.ends[:2] == ("exit 5", "exit 0"), ended


@pytest.mark.parametrize("scenario", ["rotation-in-place", pytest.param("birth", marks=pytest.mark.full)])
def test_who_wakes_with_a_secret_in_hand_puts_it_over_no_newer_one(scenario: str, server: str) -> None:
    schedule = Schedule(scenario, "in-hand", at=1, seconds=1_500.0, delay=20.0, wait=2_000.0)
    ended = play(schedule, empty_schema(server))
    assert ended.struck and ended.violations == () and ended.epochs == (1, 2), ended


def test_what_another_one_made_stale_is_not_applied(server: str) -> None:
    """The first one dies half-way: there is something to do, and it is not what was approved."""
    schedule = Schedule("birth", "kill", at=4, delay=0.01, wait=2_000.0, reviewed=True)
    ended = play(schedule, empty_schema(server))
    assert ended.violations == () and ended.ends[:2] == ("killed", "exit 6"), ended


def test_what_was_approved_is_applied_where_the_other_one_changed_nothing(server: str) -> None:
    schedule = Schedule("birth", "kill", at=1, delay=0.01, wait=2_000.0, reviewed=True)
    ended = play(schedule, empty_schema(server))
    assert ended.violations == () and ended.ends[:2] == ("killed", "exit 0"), ended


@pytest.mark.full
@pytest.mark.parametrize(
    ("error", "told"),
    [
        (TypeError("nobody foresaw it"), ("a bug", "TypeError: nobody foresaw it")),
        (SinkError("no room"), ("S done", "nothing befell a run, and it ended: exit 5")),
    ],
)
def test_a_bug_behind_a_write_is_no_run_cut_short(
    error: Exception, told: tuple[str, str], server: str
) -> None:
    async def fail(*given: Any) -> Any:
        raise error

    rehearse("people", "calm")
    with patch.object(request, "read_back", fail):
        ended = play(Schedule("people"), empty_schema(server))
    assert {*ended.violations} == {told}, ended


@pytest.mark.full
def test_a_dead_secret_over_a_new_one_is_noticed(server: str) -> None:
    (mutant,) = [each for each in mutants.ALL if each.name == "delivery without asking for the lease"]
    killed = mutants.hunt(mutant, server)
    assert killed.violation is not None and killed.violation.monitor == "I12 secret in its sink"


def test_a_line_says_all_there_is_to_a_schedule(server: str) -> None:
    schedule = Schedule("renames", "kill", at=2, delay=0.3, wait=60.0, token_seconds=300, weather="hazy")
    assert Schedule.parse(str(schedule)) == schedule
    assert play(schedule, empty_schema(server)) == play(schedule, empty_schema(server))


@pytest.mark.parametrize(
    "name",
    ["lease not checked before a write", pytest.param("take-over without waiting", marks=pytest.mark.full)],
)
def test_two_writers_are_noticed(name: str, server: str) -> None:
    (mutant,) = [each for each in mutants.ALL if each.name == name]
    killed = mutants.hunt(mutant, server)
    assert killed.violation is not None and killed.violation.monitor == "I17 one writer"


@pytest.mark.full
def test_a_stale_plan_that_runs_is_noticed(server: str) -> None:
    (mutant,) = [each for each in mutants.ALL if each.name == "retry of a refused stale plan"]
    killed = mutants.hunt(mutant, server)
    assert killed.violation is not None and killed.violation.monitor == "I19 stale plan"
