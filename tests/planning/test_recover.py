"""How long a plan waits for what earlier runs did moments ago, and when it need not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from reconciler.model.address import Address
from reconciler.model.history import Intent, Recent, Step, moment
from reconciler.model.plan import Plan
from reconciler.planning.recover import bears, patience
from tests.planning.test_twins import METRICS, ROLE, WALL, wanted, working
from tests.support.build import client, live, manifests, marked, plan

NOW = datetime(2026, 11, 20, 14, 0, 0, tzinfo=UTC)
ADDRESS = Address.parse(METRICS)


def step(ago: float, method: str = "PUT", heard: bool = True) -> Step:
    when = moment(NOW - timedelta(seconds=ago))
    return Step(Intent(f"{METRICS}:x", ADDRESS, method, "/api/v2/oauth/clients"), when, when if heard else "")


def birth() -> Plan:
    """Something of ours stands, and a client is to be made."""
    return plan(wanted(), live(divisions=[WALL], roles=[ROLE]))


def known(*steps: Step) -> Recent:
    """All that anybody wrote."""
    return Recent(steps, NOW, whole=True)


def waits(found: Plan, recent: Recent | None, *delivered: Address) -> float:
    pause = patience(found, recent, delivered)
    return pause.seconds if pause else 0.0


def test_nobody_waits_when_nothing_happened() -> None:
    assert waits(birth(), known()) == 0


def test_what_was_written_moments_ago_has_to_settle() -> None:
    assert [waits(birth(), known(step(ago))) for ago in (1, 9, 11)] == [9, 1, 0]


def test_a_clock_that_was_set_back_makes_nobody_wait_longer_than_from_now_on() -> None:
    assert waits(birth(), known(step(-3600))) == 10
    assert waits(birth(), known(step(-3600, "POST", heard=False))) == 35


def test_a_birth_that_nobody_heard_of_is_waited_for_longer() -> None:
    assert waits(birth(), known(step(5, "POST", heard=False))) == 30


def test_a_journal_without_any_run_says_nothing_about_what_stands() -> None:
    assert waits(birth(), None) == 10
    assert waits(plan(wanted(), live()), None) == 0, "nothing is ours yet: nobody can have lost anything"


def test_a_journal_of_one_machine_says_nothing_about_the_others() -> None:
    alone = Recent((step(9),), NOW, whole=False)
    assert waits(birth(), alone) == 10, "what was written nine seconds ago need not be the last"
    assert waits(plan(wanted(), live()), alone._replace(steps=())) == 0, "nothing is ours yet"
    assert waits(birth(), alone._replace(steps=(step(5, "POST", heard=False),))) == 30


def test_a_secret_that_lies_in_its_sink_is_a_client_that_may_work() -> None:
    assert waits(birth(), known(), ADDRESS) == 10


def standing(there: dict[str, Any] | None = None, **entry: Any) -> Plan:
    """A client that is `there` (default: one that works), and what the manifest says of it."""
    return plan(wanted(**entry), live(divisions=[WALL], roles=[ROLE], clients=[there or working(21)]))


def test_what_makes_gives_and_replaces_nothing_never_waits() -> None:
    assert bears(birth())
    assert not bears(standing())


def test_a_replace_waits_for_what_is_on_record_and_for_nothing_else() -> None:
    """It would repeat the pairs that a run has just taken, and leave out the suspension."""
    found = standing(tokenSeconds=700)
    assert bears(found) and not found.access.gains
    assert waits(found, known(step(4))) == 6
    assert waits(found, None) == waits(found, Recent((), NOW, whole=False)) == 0


def test_a_suspension_waits_for_nobody() -> None:
    state = live(divisions=[WALL], roles=[ROLE], clients=[working(21)])
    found = plan(wanted(), state, suspend="acme")
    assert any(each.method == "PUT" for each in found.operations) and not bears(found)


def test_a_replace_that_repeats_a_suspension_waits_like_any_other() -> None:
    """Somebody may have ended it moments ago: an old list shows the flag, and none of what came back."""
    flagged = marked(client(21, "acme-metrics"), METRICS, suspended=True)
    found = standing(flagged, tokenSeconds=700)
    (replace,) = found.operations
    assert replace.body["description"]["suspended"] and replace.body["roleDivisions"] == []
    assert bears(found) and waits(found, known(step(4))) == 6


@pytest.mark.parametrize("pairs", [((11, 1),), ()], ids=["with what it holds", "with nothing"])
def test_who_is_switched_on_waits_as_who_is_given_access(pairs: tuple[tuple[int, int], ...]) -> None:
    """A cache may still show what it lost moments ago, in a run that no journal here tells of."""
    off = marked(client(21, "acme-metrics", *pairs, state="inactive"), METRICS)
    found = standing(off, grants=[{"role": "reader", "divisions": ["us"]}] if pairs else [])
    assert len(found.operations) == 1 and not found.access.gains
    assert waits(found, None) == waits(found, Recent((), NOW, whole=False)) == 10
    assert waits(found, known()) == 0, "nobody wrote"


def test_who_stays_switched_off_gains_nothing() -> None:
    """Its end is a replace; what the list shows of its access, nobody can use."""
    off = marked(client(21, "acme-metrics", (11, 1)), METRICS)
    gone = live(divisions=[WALL], roles=[ROLE], clients=[{**off, "state": "inactive"}])
    found = plan(manifests(acme={"divisions": [{"key": "us", "name": "ACME-US"}]}), gone)
    assert found.operations and waits(found, None) == 0
