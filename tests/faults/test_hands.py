"""What an administrator insists on: put right three times a day, then left alone and told."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from reconciler.planning import contested
from reconciler.planning.contested import MOST_REPAIRS
from tests.faults.campaign import quietly
from tests.faults.case import Case
from tests.faults.edits import Told
from tests.faults.monitors.ends import end_state
from tests.faults.monitors.hands import left_alone
from tests.faults.place import Place
from tests.faults.rehearsal import new_place
from tests.faults.runs import run_once, seeded

HOUR = 3600.0
RENAME, DEACTIVATE, REVOKE, EMPTY_A_ROLE, RENAME_THE_FIRST = 8, 9, 12, 14, 0


@pytest.fixture(autouse=True)
def _quiet() -> None:
    quietly()


def insist(place: Place, deed: int, times: int) -> list[str]:
    """The same edit so often, an hour apart, each followed by a run; how these ended."""
    ended = []
    for _ in range(times):
        place.administrate(deed)
        ended.append(run_once(place).how)
        place.now += HOUR
    return ended


@pytest.mark.parametrize(
    "deed",
    [RENAME, *(pytest.param(each, marks=pytest.mark.full) for each in (DEACTIVATE, REVOKE, EMPTY_A_ROLE))],
)
def test_what_somebody_insists_on_is_left_alone_and_told(deed: int) -> None:
    place = new_place(Case("no-op"))
    with seeded():
        assert insist(place, deed, MOST_REPAIRS) == ["done"] * MOST_REPAIRS and [*end_state(place)] == []
        assert insist(place, deed, 1) == ["nothing"] and [*end_state(place)] != []
        assert [each.guard for each in place.withheld] == ["contested"] and [*left_alone(place)] == []
        place.now += 24 * HOUR
        assert run_once(place).how == "done" and [*end_state(place)] == []
    assert place.watch.violations == []


@pytest.mark.full
@pytest.mark.parametrize("store", ["off", "older"])
def test_without_a_journal_that_knows_of_it_nobody_stands_back(store: str) -> None:
    place = new_place(Case("no-op", store=store))  # type: ignore[arg-type]  # one of them
    with seeded():
        assert insist(place, RENAME, MOST_REPAIRS + 1) == ["done"] * (MOST_REPAIRS + 1)
    assert place.watch.violations == []


@pytest.mark.full
def test_what_the_manifests_changed_too_was_not_put_right() -> None:
    """The first run carries out a change of the same client: nobody can tell whose wish it undoes."""
    place = new_place(Case("role-changes"))
    with seeded():
        assert insist(place, RENAME_THE_FIRST, MOST_REPAIRS + 2) == ["done"] * (MOST_REPAIRS + 1) + [
            "nothing"
        ]
    assert place.watch.violations == []


def test_who_fights_on_is_noticed() -> None:
    place = new_place(Case("no-op"))
    with seeded(), patch.object(contested, "MOST_REPAIRS", 99):
        insist(place, RENAME, MOST_REPAIRS + 1)
    assert [each.monitor for each in place.watch.violations] == ["I20 no fight"]


def test_who_leaves_an_edit_and_does_not_say_so_is_noticed() -> None:
    place = new_place(Case("no-op"))
    place.administrate(RENAME)
    place.told.append(Told({}, place.now, remembers=True))
    (words,) = left_alone(place)
    assert "name of " in words and "no plan says so" in words
