"""Exit codes are a contract: the first fact that is true decides."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.cli.exits import TABLE, Facts, exit_code, of_error
from reconciler.errors import (
    JournalError,
    LeaseHeld,
    LeaseLost,
    ManifestError,
    OrgError,
    ReconcilerError,
    Refused,
    SinkError,
    StalePlan,
    Unavailable,
    UsageError,
    WrongOrganisation,
)

ORDER = [
    ("interrupted", 130),
    ("usage", 1),
    ("invalid", 3),
    ("leak", 8),
    ("incomplete", 5),
    ("refused", 7),
    ("leased", 9),
    ("stale", 6),
    ("withheld", 4),
    ("changes", 2),
]


def test_nothing_to_say_is_0() -> None:
    assert exit_code(Facts()) == 0
    assert {name for name, _ in ORDER} == {field.name for field in fields(Facts)}
    assert {0, *(code for _, code in ORDER)} == {code for code, _ in TABLE}


@given(st.sets(st.sampled_from([name for name, _ in ORDER]), min_size=1))
def test_the_first_of_the_contract_decides(true: set[str]) -> None:
    facts = replace(Facts(), **dict.fromkeys(true, True))
    assert exit_code(facts) == next(code for name, code in ORDER if name in true)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("x"), 1),
        (ReconcilerError("x"), 1),
        (JournalError("x"), 1),
        (ManifestError("x"), 3),
        (SinkError("x"), 5),
        (LeaseHeld("x"), 9),
        (LeaseLost("x"), 9),
        (StalePlan("x"), 6),
        (OrgError("x"), 7),
        (WrongOrganisation("x"), 7),
        (Refused("x"), 7),
        (Unavailable("x", sent=False), 7),
    ],
    ids=lambda value: type(value).__name__,
)
def test_every_error_has_its_code(error: ReconcilerError, code: int) -> None:
    assert of_error(error) == code
