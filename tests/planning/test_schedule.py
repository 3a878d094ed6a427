"""When the controller looks again: never later than promised, never for ever put off, soon where it helps."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.watched import ANSWERED, ENDINGS, Ending
from reconciler.planning.schedule import JITTER, LONGEST, TABLE, fails, wait

intervals = st.floats(60, 86_400)
shares = st.floats(0, 1)
endings = st.sampled_from(ENDINGS)


@given(endings, st.integers(0, 500), intervals, shares)
def test_no_look_is_put_off_for_longer_than_an_hour_or_its_interval(
    ending: Ending, row: int, every: float, share: float
) -> None:
    assert 0 < wait(ending, row, every, share) <= max(LONGEST, every) * (1 + JITTER)


@given(st.sampled_from(sorted(ANSWERED)), intervals, shares)
def test_what_was_answered_is_looked_at_within_its_interval_and_jitter(
    ending: Ending, every: float, share: float
) -> None:
    assert wait(ending, 0, every, share) <= every * (1 + JITTER)


@given(endings, intervals, shares)
def test_the_wait_never_shrinks_while_nothing_is_answered(ending: Ending, every: float, share: float) -> None:
    waits = [wait(ending, row, every, share) for row in range(1, 30)]
    assert waits == sorted(waits)


@given(st.lists(endings, max_size=60), intervals)
def test_one_answer_ends_every_back_off(before: list[Ending], every: float) -> None:
    row = 0
    for ending in before:
        row = fails(ending, row)
    assert fails("as declared", row) == 0 and wait("as declared", 0, every, 0) == every


def test_what_passes_by_itself_is_asked_again_sooner_than_what_needs_somebody() -> None:
    first: dict[Ending, float] = {ending: wait(ending, 1, 900, 0) for ending in ENDINGS}
    assert first["unreachable"] == first["held"] == 30 and first["invalid"] == first["corrected"] == 60
    assert first["refused"] == first["limited"] == first["bug"] == 900
    assert [wait("refused", row, 900, 0) for row in (2, 3, 4)] == [1800, 3600, 3600]
    assert [wait("unreachable", row, 900, 0) for row in (2, 3, 6, 7)] == [60, 120, 900, 900]


def test_every_exception_from_the_interval_has_its_reason() -> None:
    assert all(rule.why for rule in TABLE.values()) and not {"as declared", "drifted"} & set(TABLE)
