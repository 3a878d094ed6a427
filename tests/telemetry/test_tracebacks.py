"""Where something broke is told without a word of what it said."""

from __future__ import annotations

from reconciler.telemetry.tracebacks import where


def broken(word: str) -> None:
    raise RuntimeError(word)


def caught(word: str) -> Exception:
    try:
        broken(word)
    except RuntimeError as error:
        return error
    raise AssertionError


def test_the_calls_are_named_and_nothing_of_the_message() -> None:
    told = where(caught("CANARY"))
    assert [call.split("/")[-1].split(" ")[1] for call in told] == ["caught", "broken"]
    assert "CANARY" not in str(told)


def test_of_several_that_broke_together_all_are_named() -> None:
    try:
        raise ExceptionGroup("both CANARY", [caught("one"), ExceptionGroup("", [caught("two")])])
    except ExceptionGroup as group:
        told = where(group)
    assert [call.split(" ")[-1] for call in told].count("broken") == 2 and "CANARY" not in str(told)
