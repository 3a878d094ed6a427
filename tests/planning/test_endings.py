"""What went wrong decides how soon a look is repeated."""

from __future__ import annotations

import pytest

from reconciler import errors
from reconciler.model.watched import ANSWERED, Ending
from reconciler.planning.endings import of_correction, of_error

WRONG: list[tuple[BaseException, Ending]] = [
    (errors.ManifestError("x"), "invalid"),
    (errors.LeaseHeld("x"), "held"),
    (errors.LeaseLost("x"), "held"),
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


def test_a_correction_is_told_by_its_exit_code() -> None:
    told = {code: of_correction(code) for code in (0, 4, 9, 5, 130)}
    assert told == {0: "corrected", 4: "withheld", 9: "held", 5: "failed", 130: "failed"}
