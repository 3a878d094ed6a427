"""Approval: nothing runs that nobody reviewed, and an edited plan is no review."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.errors import StalePlan
from reconciler.model.plan import Plan
from reconciler.planning.approve import require_contained, require_digest, reviewed_in
from tests.support.build import ORG_ID, division, guards, live, manifests, plan


def asked(*keys: str) -> Plan:
    walls = [{"key": key, "name": key.upper()} for key in keys]
    return plan(manifests(acme={"divisions": walls}), live())


def test_an_edited_plan_is_refused() -> None:
    edited = replace(asked("us"), changes=())
    with pytest.raises(StalePlan, match="does not match its own digest"):
        reviewed_in([edited], ORG_ID)


def test_another_organisations_plan_is_refused() -> None:
    with pytest.raises(StalePlan, match="is of organisation"):
        reviewed_in([asked("us")], "another")


def test_the_approved_digest_must_be_the_plans_own() -> None:
    made = asked("us")
    require_digest(made, made.digest)
    require_digest(made, f"sha256:{made.digest}")
    with pytest.raises(StalePlan, match="approved was sha256:0"):
        require_digest(made, "sha256:0")


def planned(keys: tuple[str, ...], *reviewed: Plan) -> tuple[Plan, Plan]:
    walls = [{"key": key, "name": key.upper()} for key in keys]
    fresh = plan(manifests(acme={"divisions": walls}), live(), reviewed=reviewed_in(reviewed, ORG_ID))
    return fresh, reviewed[0]


def test_what_any_of_the_plans_contains_runs() -> None:
    fresh, _ = planned(("ca", "eu", "us"), asked("us"), asked("ca"))
    assert guards(fresh) == {"acme/division/eu": "not-reviewed"}
    require_contained(reviewed_in([asked("us")], ORG_ID), fresh)


def test_where_nothing_reviewed_is_left_it_says_what_moved() -> None:
    fresh, reviewed = planned(("eu",), asked("us"))
    with pytest.raises(StalePlan, match=r"planned now: acme/division/eu \(create\)"):
        require_contained(reviewed_in([reviewed], ORG_ID), fresh)


def test_where_nothing_is_left_to_do_nothing_has_moved() -> None:
    reviewed = reviewed_in([asked("us")], ORG_ID)
    require_contained(reviewed, plan(manifests(), live(), reviewed=reviewed))
    require_contained(reviewed_in([], ORG_ID), asked("us"))
    conflict = plan(
        manifests(acme={"divisions": [{"key": "us", "name": "US"}]}), live(divisions=[division(1, "US")])
    )
    require_contained(reviewed, conflict)
