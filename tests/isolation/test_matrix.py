"""The matrix against a model too simple to be wrong: every triple asked one by one."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.isolation.matrix import AccessState, delta
from reconciler.model.access import EVERYWHERE, ORG_WIDE, Allows, Fact, Holds, Wall

SUBJECTS, ROLES, DIVISIONS = ("x", "y"), ("r", "s", "t"), ("1", "2", EVERYWHERE)
PERMISSIONS = ("confined", "also-confined", "wide", "unknown")
CATALOGUE = {"confined": True, "also-confined": True, "wide": False}

HOLDS = st.builds(Holds, *map(st.sampled_from, (SUBJECTS, ROLES, DIVISIONS)))
ALLOWS = st.builds(Allows, st.sampled_from(ROLES), st.sampled_from(PERMISSIONS), st.booleans())
FACTS = st.lists(st.one_of(HOLDS, ALLOWS, st.builds(Wall, st.sampled_from(DIVISIONS))), max_size=12)
Cell = tuple[str, str, str]


def may(facts: Iterable[Fact], subject: str, permission: str, division: str) -> bool:
    """Whether the facts let `subject` use `permission` in `division`, asked in the plainest way."""
    facts = list(facts)
    for held in facts:
        if not isinstance(held, Holds) or held.subject != subject:
            continue
        for allowed in facts:
            if isinstance(allowed, Allows) and (allowed.role, allowed.permission) == (held.role, permission):
                confined = CATALOGUE.get(permission, False)
                if not confined or held.division in (division, EVERYWHERE):
                    return True
    return False


def cells(facts: list[Fact]) -> set[Cell]:
    """Everything that is allowed; `3` is a division that nobody has heard of yet."""
    return {
        (subject, permission, division)
        for subject in SUBJECTS
        for permission in PERMISSIONS
        for division in ("1", "2", "3")
        if may(facts, subject, permission, division)
    }


def covered(subject: str, reach: Iterable[tuple[str, str]]) -> set[Cell]:
    every = ("1", "2", "3")
    return {
        (subject, permission, division)
        for permission, where in reach
        for division in (every if where in (EVERYWHERE, ORG_WIDE) else (where,))
    }


@given(facts=FACTS)
def test_reach_is_exactly_what_the_facts_allow(facts: list[Fact]) -> None:
    state = AccessState.of(facts)
    found = set[Cell]().union(*(covered(name, state.reach(name, CATALOGUE)) for name in SUBJECTS))
    assert found == cells(facts)


@given(before=FACTS, after=FACTS)
def test_gains_and_losses_are_exactly_what_differs(before: list[Fact], after: list[Fact]) -> None:
    difference = delta(AccessState.of(before), AccessState.of(after), CATALOGUE)
    old, new = cells(before), cells(after)
    gained = set[Cell]().union(*(covered(item.subject, [item[1:3]]) for item in difference.gains))
    lost = set[Cell]().union(*(covered(item.subject, [item[1:3]]) for item in difference.losses))
    assert gained >= new - old and gained <= new
    assert lost >= old - new and lost <= old
    assert list(difference.gains) == sorted(difference.gains)


@given(before=FACTS, after=FACTS)
def test_losing_is_gaining_the_other_way_round(before: list[Fact], after: list[Fact]) -> None:
    there = delta(AccessState.of(before), AccessState.of(after), CATALOGUE)
    back = delta(AccessState.of(after), AccessState.of(before), CATALOGUE)
    assert (there.gains, there.losses) == (back.losses, back.gains)


@given(facts=FACTS, more=FACTS)
def test_more_facts_never_take_access_away(facts: list[Fact], more: list[Fact]) -> None:
    assert delta(AccessState.of(facts), AccessState.of(facts + more), CATALOGUE).losses == ()


@given(facts=FACTS)
def test_every_access_names_a_role_that_gives_it(facts: list[Fact]) -> None:
    for item in delta(AccessState.of([]), AccessState.of(facts), CATALOGUE).gains:
        assert Allows(item.via, item.permission) in [Allows(*f[:2]) for f in facts if isinstance(f, Allows)]
        assert any(isinstance(f, Holds) and f[:2] == (item.subject, item.via) for f in facts)


@pytest.mark.parametrize(
    ("permission", "where"), [("confined", "1"), ("wide", ORG_WIDE), ("unknown", ORG_WIDE)]
)
def test_what_no_division_confines_reaches_the_whole_organisation(permission: str, where: str) -> None:
    state = AccessState.of([Holds("x", "r", "1"), Allows("r", permission)])
    assert state.reach("x", CATALOGUE) == {(permission, where): "r"}


def test_every_division_covers_each_of_them_but_not_the_other_way() -> None:
    every = AccessState.of([Holds("x", "r", EVERYWHERE), Allows("r", "confined")])
    one = AccessState.of([Holds("x", "r", "1"), Allows("r", "confined")])
    assert delta(every, one, CATALOGUE).gains == ()
    assert [item.division for item in delta(one, every, CATALOGUE).gains] == [EVERYWHERE]
