"""What went wrong decides how soon a look is repeated."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler import errors
from reconciler.model.watched import ANSWERED, Ending
from reconciler.planning.endings import of_correction, of_error
from tests.reports.drifts import night

WRONG: list[tuple[BaseException, Ending]] = [
    (errors.ManifestError("x"), "invalid"),
    (errors.LeaseHeld("x"), "held"),
    (errors.LeaseLost("x"), "held"),
    (errors.StalePlan("x"), "held"),
    (errors.Refused("x", status=401), "refused"),
    (errors.WrongOrganisation("x"), "refused"),
    (errors.PartlyVisible("x"), "refused"),
    (errors.UsageError("no credentials"), "refused"),
    (errors.Unavailable("x", sent=True, status=429), "limited"),
    (errors.Unavailable("x", sent=True, status=503), "unreachable"),
    (errors.Unreadable("x"), "unreachable"),
    (errors.Rejected("x", status=400), "unreachable"),
    (errors.JournalError("x"), "failed"),
    (errors.SinkError("x"), "failed"),
    (errors.Unfinished("x"), "failed"),
    (KeyError("x"), "bug"),
]


@pytest.mark.parametrize(("error", "ending"), WRONG, ids=lambda each: getattr(each, "message", ""))
def test_an_error_is_no_answer_and_says_whose_turn_it_is(error: BaseException, ending: Ending) -> None:
    assert of_error(error) == ending and ending not in ANSWERED


LEAKING = night()
CALM = replace(LEAKING, objects=tuple(replace(each, leaks=()) for each in LEAKING.objects))
ALL = {each.address for each in LEAKING.objects}


def test_a_correction_is_told_by_its_exit_code() -> None:
    told = {code: of_correction(code, CALM, ALL)[0] for code in (0, 4, 9, 5, 130)}
    assert told == {0: "corrected", 4: "withheld", 9: "held", 5: "failed", 130: "failed"}
    assert all(of_correction(code, CALM, ALL)[1] == code for code in told)


@pytest.mark.parametrize("code", [0, 4, 5, 8, 9])
def test_a_leak_that_was_not_ended_is_a_leak_whatever_else_was_done(code: int) -> None:
    first = next(each.address for each in LEAKING.objects if each.leaks)
    assert of_correction(code, LEAKING, ALL - {first}) == ("leak", 8)
    assert of_correction(code, LEAKING, ()) == ("leak", 8)


def test_where_nothing_was_written_nothing_was_corrected() -> None:
    assert of_correction(0, CALM, ()) == ("drifted", 2)
