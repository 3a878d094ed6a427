"""A plan as a page: the same facts as in every other clothing, the consent and the access first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.model.plan import Plan
from reconciler.reports.lines import plain
from reconciler.reports.plan_page import plan_page
from reconciler.reports.plan_text import last_line, plan_text
from tests.planning.test_frame import shared
from tests.reports.plans import STORIES, locate
from tests.reports.test_folding import TENANTS, given, graver
from tests.support.reading import words


def told(made: Plan) -> str:
    """What somebody reads, in one line."""
    return (
        " ".join(words(plan_page(made, locate)).replace("|", " ").split())
        .replace("/ ", "/")
        .replace(": ", ":")
    )


def squeezed(text: str) -> str:
    return " ".join(text.split()).replace("/ ", "/").replace(": ", ":")


@pytest.mark.parametrize("name", STORIES)
def test_every_address_every_reason_and_the_total_stand_on_the_page(name: str) -> None:
    made = STORIES[name]()
    page = told(made)
    assert squeezed(last_line(made)) in page
    assert {str(each.address) for each in made.changes if str(each.address) not in page} == set()
    for each in made.withheld:
        assert each.withheld and squeezed(each.withheld.guard) in page and "release:" in page
    assert [each for each in made.findings if squeezed(each.rule) not in page] == []
    assert [each for each in made.orphans if each not in page] == []


def test_consent_access_and_what_is_held_come_before_objects() -> None:
    page = plan_page(given(graver("t17")), locate)
    order = [page.index(f'id="{name}"') for name in ("asked", "access", "deeds", "apply")]
    assert order == sorted(order)
    rows = page[page.index('id="access"') :]
    assert rows.index("t17") < rows.index("37 clients in 37 tenants")


def test_a_folded_row_names_its_cause_and_everybody_behind_it() -> None:
    page = told(given())
    assert "38 clients in 38 tenants" in page and "profile standard:client adherence" in page
    assert [tenant for tenant in TENANTS if page.count(f"{tenant}/client/adherence") < 2] == []


def test_what_ends_what_was_not_seen_and_the_command_are_those_of_the_text() -> None:
    made = shared(7)
    page, text = told(made), squeezed(plain(plan_text(made, 400)))
    (ending,) = made.frame.expiries
    for said in (ending.expires, "in 7 days", "sec@example.org", *map(squeezed, made.frame.unseen)):
        assert said in page and said in text
    assert squeezed(f"reconciler apply --approved sha256:{made.digest}") in page


def test_where_nothing_runs_there_is_nothing_to_type() -> None:
    held = replace(STORIES["conflict_withheld"](), grounds=())
    only = tuple(each for each in held.changes if each.withheld)
    assert "--approved" not in plan_page(replace(held, changes=only), locate)
