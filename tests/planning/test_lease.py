"""When a write may leave, and when a lease may be taken over: never both at once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.lease import Held, Lease
from reconciler.planning import lease as rules

SECONDS = st.floats(0, 1e5)
TIMES = st.floats(0, 1e6)
MARIA = Lease(7, "run-7", "maria@desk", "desk", since=1_000.0, expires=1_240.0, token_until=1_900.0)


@given(beat=TIMES, since=SECONDS, token=SECONDS)
def test_whatever_may_leave_has_ended_before_the_lease_may_be_taken_over(
    beat: float, since: float, token: float
) -> None:
    """A holder that was heard of at `beat` and sends `since` seconds later, at its best and at its worst."""
    lease = Lease(1, "run-1", "", "", 0.0, expires=beat + rules.LEASE_SECONDS, token_until=token)
    if rules.may_write(beat + since, beat + rules.LEASE_SECONDS):
        assert beat + since + rules.REQUEST_SECONDS < rules.free_from(lease)


def test_a_holder_may_write_until_a_requests_time_before_its_lease_ends() -> None:
    assert rules.may_write(0.0, rules.REQUEST_SECONDS + 0.1)
    assert not rules.may_write(0.0, rules.REQUEST_SECONDS)


def test_two_heartbeats_may_come_late_before_the_gate_closes() -> None:
    assert rules.may_write(rules.BEAT_SECONDS * 1.9, rules.LEASE_SECONDS)


def test_a_silent_holder_is_waited_for_until_lease_and_token_have_ended_and_clocks_agree_on_it() -> None:
    assert rules.free_from(MARIA) == 1_900.0 + rules.SKEW_SECONDS
    assert rules.free_from(Lease(1, "run-1", "", "", 0.0, 5_000.0, 1_900.0)) == 5_000.0 + rules.SKEW_SECONDS


def test_what_was_given_back_is_free_at_once() -> None:
    assert rules.free_from(Lease(7, "", "maria@desk", "desk", 0.0, 9e9, 9e9, released=1.0)) == 0.0


def test_a_living_holder_is_waited_for_only_where_somebody_says_so() -> None:
    held = Held(MARIA, alive=True, seconds=100.0)
    assert rules.next_look(held, 0.0, None) is None
    assert rules.next_look(held, 0.0, 0.0) is None
    assert rules.next_look(held, 0.0, 25.0) == rules.LOOK_AGAIN
    assert rules.next_look(held, 20.0, 25.0) == 5.0
    assert rules.next_look(held, 25.0, 25.0) is None


def test_a_silent_holder_is_waited_for_as_long_as_short_tokens_take() -> None:
    longest = 900.0 + rules.SKEW_SECONDS  # a token of the length that doctor asks for, fetched just before
    assert rules.next_look(Held(MARIA, alive=False, seconds=longest), 0.0, None) == rules.LOOK_AGAIN
    assert rules.next_look(Held(MARIA, alive=False, seconds=3.0), longest - 3.0, None) == 3.0
    assert rules.next_look(Held(MARIA, alive=False, seconds=86_400.0), 0.0, None) is None
    assert rules.next_look(Held(MARIA, alive=False, seconds=86_400.0), 0.0, 90_000.0) == rules.LOOK_AGAIN


@given(held=st.builds(Held, st.just(MARIA), st.booleans(), SECONDS), patience=st.none() | SECONDS)
def test_waiting_always_comes_to_an_end(held: Held, patience: float | None) -> None:
    waited = 0.0
    while (pause := rules.next_look(held, waited, patience)) is not None:
        assert pause > 0
        waited += max(pause, 1.0)
    assert waited <= max(rules.PATIENCE, patience or 0.0) + rules.LOOK_AGAIN


def test_a_reading_stands_where_nobody_held_the_lease_since_it_began() -> None:
    assert rules.is_good_still(quiet=60.0, age=59.0) and rules.is_good_still(quiet=60.0, age=60.0)
    assert not rules.is_good_still(quiet=60.0, age=61.0)
    assert not rules.is_good_still(quiet=0.0, age=1.0)


def test_a_holder_is_named_with_what_it_takes_to_find_it() -> None:
    said = rules.described(MARIA)
    assert said == "run run-7 of maria@desk on desk, since 1970-01-01T00:16:40Z, epoch 7"
    assert "has not said" in rules.described(None)
