"""What a person reviewed, applied within a history by the true command."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from reconciler.cli import apply as apply_command
from tests.faults.campaign import quietly
from tests.faults.case import STORES, Store, Weather
from tests.faults.story import NAMES, History


@pytest.fixture(autouse=True)
def _quiet() -> None:
    quietly()


def _reviewed_in_a_history(weather: Weather, store: Store, merged: int) -> tuple[int, list[str]]:
    """A person reviews moved grants, others merge version `merged`: how many writes, what was violated."""
    history = History()
    history.begin((weather, store))
    history.edit(NAMES.index("grants-move"))
    history.apply_what_was_reviewed(merged, 0.5)
    place = history.place
    return len(place.sim.writes()), [each.monitor for each in place.watch.violations]


@pytest.mark.parametrize("weather", ["calm", pytest.param("hazy", marks=pytest.mark.full)])
def test_what_was_reviewed_runs_and_nothing_runs_once_it_went_stale(weather: Weather) -> None:
    for store in STORES[weather]:
        writes, violated = _reviewed_in_a_history(weather, store, NAMES.index("grants-move"))
        assert writes and not violated, store
        assert _reviewed_in_a_history(weather, store, NAMES.index("role-changes")) == (0, []), store


def test_a_stale_plan_that_runs_is_noticed_in_a_history() -> None:
    with patch.object(apply_command, "require_digest", lambda plan, digest: None):
        writes, violated = _reviewed_in_a_history("calm", "kept", NAMES.index("role-changes"))
    assert writes and "I19 stale plan" in violated
