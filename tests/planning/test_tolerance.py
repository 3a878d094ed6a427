"""Whom an exception means: one subject of that nature, by exact name or id, until its last day."""

from __future__ import annotations

import pytest

from reconciler.isolation.population import Subject
from reconciler.kinds import REGISTRY
from reconciler.model.access import Nature, Share, Tolerated
from reconciler.model.origin import Origin
from reconciler.planning.tolerance import Tolerance, tolerance
from tests.support.build import TODAY, role

SHARE = Share("was there before", "sec@northwind.example", TODAY.isoformat())
ROLES = [REGISTRY["role"].live(role(1, "Reader")), REGISTRY["role"].live(role(2, "Twice")),
         REGISTRY["role"].live(role(3, "Twice"))]  # fmt: skip
READER = ROLES[0].id
PEOPLE = [
    Subject("c1", "legacy", "client", Nature.PROGRAM),
    Subject("c2", "twin", "client", Nature.PROGRAM),
    Subject("c3", "twin", "client", Nature.PROGRAM),
    Subject("t1", "legacy", "trustee user", Nature.STRANGER),
]


def told(subject: str, *roles: str, nature: Nature = Nature.PROGRAM, share: Share = SHARE) -> Tolerance:
    entry = Tolerated(nature, subject, frozenset(roles), share, Origin("org.yaml"))
    return tolerance([entry], PEOPLE, ROLES, TODAY)


@pytest.mark.parametrize("role", ["Reader", READER], ids=["name", "id"])
@pytest.mark.parametrize("subject", ["legacy", "c1"])
def test_it_holds_through_its_last_day_for_that_one_subject(subject: str, role: str) -> None:
    assert told(subject, role) == Tolerance({"c1": {READER: SHARE}}, ())


def test_somebody_else_of_the_name_is_not_meant() -> None:
    assert told("legacy", "Reader", nature=Nature.STRANGER).roles == {"t1": {READER: SHARE}}


@pytest.mark.parametrize(
    ("subject", "said"),
    [("nobody", "means nobody"), ("twin", "means 2 subjects"), ("Legacy", "means nobody")],
)
def test_what_means_nobody_or_several_excepts_none_of_them(subject: str, said: str) -> None:
    found = told(subject, "Reader")
    (warning,) = found.warnings
    assert found.roles == {} and said in warning.message


@pytest.mark.parametrize("role", ["Gone", "Twice"])
def test_a_role_that_is_not_one_is_said_and_excepts_nothing(role: str) -> None:
    found = told("legacy", role)
    (warning,) = found.warnings
    assert found.roles == {"c1": {}} and f"role `{role}`" in warning.message


def test_after_its_last_day_it_excepts_nobody() -> None:
    found = told("legacy", "Reader", share=Share("x", "y", "2026-11-19"))
    (warning,) = found.warnings
    assert found.roles == {} and "ended after 2026-11-19" in warning.message
