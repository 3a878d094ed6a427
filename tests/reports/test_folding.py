"""Folding: one line of a profile is one row however far it reaches, and hides nothing graver."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reconciler.model.consent import Consent, Ground
from reconciler.model.plan import Plan, Withheld
from reconciler.reports.causes import of_plan
from reconciler.reports.folding import Row, rows
from reconciler.reports.lines import plain
from reconciler.reports.names import names_of
from reconciler.reports.plan_markdown import plan_markdown
from reconciler.reports.plan_text import plan_text
from tests.reports.plans import access, change, plan

TENANTS = [f"t{number:02}" for number in range(38)]
CAUSE = "profile standard: client adherence"


def given(*grounds: Ground, tenants: Any = TENANTS, profile: str = "standard") -> Plan:
    """A client for each tenant, in its own division."""
    clients = [f"{tenant}/client/adherence" for tenant in tenants]
    changes = tuple(change(each, "create", each.replace("/", "-"), profile=profile) for each in clients)
    gains = tuple(
        item for each in clients for item in access(f"{{{each}}}", f"{{{each.split('/')[0]}/division/main}}")
    )
    return replace(plan(changes, gains=gains), grounds=grounds)


def folded(made: Plan) -> tuple[Row, ...]:
    names = names_of(made)
    return rows(made.access.gains, names, of_plan(made, names))


def sizes(made: Plan) -> list[int]:
    return [len(row.subjects) for row in folded(made)]


def graver(tenant: str, consent: Consent = "cross-tenant", *asked: str) -> Ground:
    return Ground(consent, f"{tenant}/client/adherence", "gains 1 right", asked or ("globex",))


def test_one_line_of_a_profile_is_one_row_with_its_tenants_behind() -> None:
    (row,) = folded(given())
    assert (len(row.subjects), row.cause) == (38, CAUSE)
    text = " ".join(plain(plan_text(given(), 100)).split())
    assert text.count(CAUSE) == 2  # once as access, once as changes
    assert "▲ 38 clients in 38 tenants" in text and "+ 38 clients in 38 tenants" in text
    assert "in t00, t01, t02" in text and "and 26 more" in text
    assert "38 clients in 38 tenants" in plan_markdown(given())


def test_a_few_are_told_one_by_one_and_so_is_what_has_no_cause_in_common() -> None:
    assert sizes(given(tenants=TENANTS[:5])) == [1] * 5
    assert sizes(given(tenants=TENANTS[:20], profile="")) == [1] * 20
    assert "+ t03/client/adherence" in plain(plan_text(given(tenants=TENANTS[:20], profile="")))


def test_what_is_not_folded_stays_where_it_stands() -> None:
    made = given(tenants=TENANTS[:2])
    walls = tuple(change(f"{tenant}/division/main", "create", tenant) for tenant in TENANTS[:2])
    first, second = made.changes
    text = plain(plan_text(replace(made, changes=(first, walls[0], second, walls[1])), 100))
    order = ["+ t00/client", "+ t00/division", "+ t01/client", "+ t01/division"]
    assert [text.index(each) for each in order] == sorted(text.index(each) for each in order)


@pytest.mark.parametrize("profile", ["standard", ""])
@pytest.mark.parametrize("consent", ["org-wide", "cross-tenant"])
def test_what_is_graver_stands_alone_and_in_front(consent: Consent, profile: str) -> None:
    made = given(graver("t17", consent), profile=profile)
    found = folded(made)
    assert found[0].subjects == ("t17/client/adherence",)
    assert sorted(subject for row in found[1:] for subject in row.subjects) == [
        f"{tenant}/client/adherence" for tenant in TENANTS if tenant != "t17"
    ]
    text = plain(plan_text(made, 100))
    assert "▲ t17/client/adherence" in text and "+ t17/client/adherence" in text
    assert "+ 37 clients in 37 tenants" in text or not profile


def test_even_many_graver_ones_are_alike_only_where_they_reach_the_same() -> None:
    halves = [graver(tenant, "cross-tenant", "globex" if tenant < "t20" else "initech") for tenant in TENANTS]
    assert sizes(given(*halves)) == [20, 18]


def test_what_a_guard_withholds_is_not_counted_with_what_runs() -> None:
    made = given()
    held = Withheld("conflict", "there is one", "adopt it")
    changes = tuple(
        replace(each, withheld=held) if each.address.owner < "t10" else each for each in made.changes
    )
    text = plain(plan_text(replace(made, changes=changes), 100))
    assert "⊘ 10 clients in 10 tenants" in text and "+ 28 clients in 28 tenants" in text


def test_a_role_that_grows_is_the_cause_for_all_who_hold_it() -> None:
    made = given(profile="")
    role = change("org/role/metrics", "update", "Metrics", id="role-1", reason="the manifest changed")
    gains = tuple(item._replace(via="role-1") for item in made.access.gains)
    made = replace(made, changes=(role,), access=replace(made.access, gains=gains))
    (row,) = folded(made)
    assert (len(row.subjects), row.cause) == (38, "changed org/role/metrics")


def test_no_right_is_lost_in_folding() -> None:
    made = given(graver("t01"))
    told = {(s, p) for row in folded(made) for s in row.subjects for p in row.sentence.permissions}
    assert told == {(item.subject.strip("{}"), item.permission) for item in made.access.gains}
