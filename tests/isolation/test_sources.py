"""Each fact answers for the cells of the matrix that it gives."""

from __future__ import annotations

from reconciler.isolation.matrix import AccessState
from reconciler.isolation.sources import Sources
from reconciler.model.access import ORG_WIDE, Access, Allows, Holds, Wall

CATALOGUE = {"q:view": True, "q:edit": True, "u:view": False}
FACTS = (
    Holds("a", "reader", "d1"),
    Holds("a", "reader", "d2"),
    Holds("b", "reader", "d3"),
    Holds("b", "writer", "d3"),
    Allows("reader", "q:view"),
    Allows("reader", "u:view"),
    Allows("writer", "q:edit"),
    Wall("d1"),
)
SOURCES = Sources(AccessState.of(FACTS), CATALOGUE)


def test_a_pair_gives_all_that_its_role_allows_there() -> None:
    assert set(SOURCES.access([Holds("a", "reader", "d1")])) == {
        Access("a", "q:view", "d1", "reader"),
        Access("a", "u:view", ORG_WIDE, "reader"),
    }


def test_a_permission_gives_itself_to_everybody_who_holds_its_role() -> None:
    assert {(item.subject, item.division) for item in SOURCES.access([Allows("reader", "q:view")])} == {
        ("a", "d1"),
        ("a", "d2"),
        ("b", "d3"),
    }


def test_what_nobody_holds_and_a_wall_give_nothing() -> None:
    assert list(SOURCES.access([Allows("idle", "q:view"), Holds("a", "empty", "d1"), Wall("d1")])) == []


def test_all_facts_together_give_the_whole_matrix() -> None:
    state = AccessState.of(FACTS)
    matrix = {(s, *cell) for s in state.holds for cell in state.reach(s, CATALOGUE)}
    assert {item[:3] for item in SOURCES.access(FACTS)} == matrix
