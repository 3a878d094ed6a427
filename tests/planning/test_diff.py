"""What differs, who made it differ, and what finding out costs."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.kinds import REGISTRY
from reconciler.model.address import Address
from reconciler.model.marker import Marker
from reconciler.model.value import canonical, fingerprint
from reconciler.planning.diff import cause_of, field_changes, only_loses, stale_marker

LIVE, WANTED, OLD = {"name": "a"}, {"name": "b"}, {"name": "c"}
AT = Address("acme", "role", "r")


def marker(fields: Any, scheme: str = "1") -> Marker:
    return Marker("nw", AT, scheme + fingerprint(fields)[1:])


@pytest.mark.parametrize(
    ("mark", "cause"),
    [
        (marker(LIVE), "manifest"),
        (marker(WANTED), "drift"),
        (marker(OLD), "unknown"),
        (marker(LIVE, "2"), "unknown"),
        (None, "unknown"),
    ],
)
def test_the_marker_says_who_made_them_differ(mark: Marker | None, cause: str) -> None:
    assert cause_of(LIVE, WANTED, mark) == cause


def test_a_marker_of_an_unknown_scheme_is_never_stale() -> None:
    assert stale_marker(LIVE, marker(OLD))
    assert not stale_marker(LIVE, marker(LIVE))
    assert not stale_marker(LIVE, marker(OLD, "2"))


SETS = st.frozensets(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")))


@given(live=SETS, desired=SETS)
def test_of_a_set_only_what_one_side_lacks_is_shown(live: Any, desired: Any) -> None:
    changes = field_changes({"grants": live, "name": "n"}, {"grants": desired, "name": "n"})
    if live == desired:
        assert changes == ()
    else:
        (change,) = changes
        assert [list(item) for item in sorted(live - desired)] == change.live
        assert [list(item) for item in sorted(desired - live)] == change.desired


def test_plain_fields_are_shown_whole_and_sorted() -> None:
    changes = field_changes({"b": 1, "a": ("x",), "c": True}, {"b": 2, "a": ("x", "y"), "c": True})
    assert [tuple(item) for item in changes] == [("a", ["x"], ["x", "y"]), ("b", 1, 2)]


@pytest.mark.parametrize(
    ("desired", "loses"),
    [
        ({"grants": frozenset({1}), "name": "n"}, True),
        ({"grants": frozenset(), "name": "n"}, True),
        ({"grants": frozenset({1, 2}), "name": "n"}, False),
        ({"grants": frozenset({1, 3}), "name": "n"}, False),
        ({"grants": frozenset({1}), "name": "m"}, False),
    ],
)
def test_only_losing_pairs_is_a_revocation(desired: Any, loses: bool) -> None:
    assert only_loses({"grants": frozenset({1, 2}), "name": "n"}, desired, "grants") is loses


def _role(count: int, shift: int) -> Any:
    names = [f"domain:entity{n}:view" for n in range(shift, count + shift)]
    random.shuffle(names)
    spec = REGISTRY["role"].spec.model_validate({"key": "r", "name": "R", "permissions": names})
    return REGISTRY["role"].declare(spec, "acme", frozenset()).fields


def test_a_large_role_half_changed_is_compared_in_linear_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each element is looked at once on each side and once where it differs, never against all others."""
    looked: list[int] = []

    def counting(data: Any) -> str:
        looked.append(1)
        return canonical(data)

    monkeypatch.setattr("reconciler.planning.diff.canonical", counting)
    costs = []
    for count in (400, 800):
        looked.clear()
        (change,) = field_changes(_role(count, 0), _role(count, count // 2))
        assert len(change.live) == len(change.desired) == count // 2
        costs.append(len(looked))
    assert costs[1] <= 2 * costs[0] <= 4 * 800


def test_the_same_large_role_in_another_order_differs_in_nothing() -> None:
    assert field_changes(_role(400, 0), _role(400, 0)) == ()
