"""What went wrong in a history is told by its steps, and any line that was told is run again."""

from __future__ import annotations

import json

import pytest
from hypothesis import __version__
from hypothesis.stateful import invariant

from tests.faults import processes, retold
from tests.faults.campaign import quietly
from tests.faults.case import Case
from tests.faults.processes import Point, points
from tests.faults.replay import again
from tests.faults.rivals.schedule import Schedule
from tests.faults.story import History

BLOB = "AABBAABBAEEAAABBAAAAQQAA"


@pytest.fixture(autouse=True)
def _quiet() -> None:
    quietly()


def _found(words: str, *notes: str) -> AssertionError:
    error = AssertionError(words)
    for note in notes:
        error.add_note(note)
    return error


def test_each_of_several_histories_is_told_with_its_own_steps_and_line() -> None:
    blob = f"\nadd @reproduce_failure('{__version__}', b'{BLOB}') as a decorator"
    one, other = _found("twins", "state.apply()", blob), _found("wider", "state.wait()", blob)
    first, second = retold.told(BaseExceptionGroup("2 distinct failures", [one, other]))
    assert [*first.lines()] == [
        "VIOLATION in a history: AssertionError: twins",
        "state.apply()",
        f'  replay: {{"hypothesis": "{__version__}", "history": "{BLOB}"}}',
    ]
    assert (second.words, second.steps) == ("AssertionError: wider", "state.wait()")


def test_a_group_that_the_run_itself_raised_is_one_history() -> None:
    group = ExceptionGroup("unhandled", [OSError("gone")])
    group.add_note(f"@reproduce_failure('{__version__}', b'{BLOB}')")
    assert [json.loads(each.line)["history"] for each in retold.told(group)] == [BLOB]


class Twice(History):
    """Nobody runs twice."""

    allowed = 1

    @invariant()
    def runs_once(self) -> None:
        if hasattr(self, "place"):
            assert self.place.generation <= self.allowed, "it ran once more"


@pytest.mark.full
def test_a_history_that_fails_prints_its_steps_and_fails_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert retold.tell_histories(3, Twice) == 1
    steps, line = capsys.readouterr().out.partition("  replay: ")[::2]
    assert "AssertionError: it ran once more" in steps and steps.count("state.apply()") == 2, steps
    line = line.splitlines()[0]
    assert retold.replay(line, Twice) == 1
    monkeypatch.setattr(Twice, "allowed", 9)
    assert retold.replay(line, Twice) == 0


def test_any_line_that_was_told_is_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    struck: list[Point] = []

    def kill(chosen: list[Point]) -> int:
        struck.extend(chosen)
        return len(chosen)

    monkeypatch.setattr(processes, "kill", kill)
    (point,) = points(1)
    assert again(str(point))() == 1 and struck == [point]
    assert again(str(Case("no-op")))() == 0
    asked = [again(str(each)).func for each in (Case("birth"), Schedule("birth"), point)]  # type: ignore[attr-defined]
    assert len({*asked}) == 3


@pytest.mark.parametrize("line", ["nonsense", "7", "{}", '{"blob": "AA"}'])
def test_any_other_line_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"none of|Expecting"):
        again(line)
