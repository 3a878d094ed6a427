"""What stands around a plan: what ends soon, what was not seen; none of it decides anything."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from reconciler.model.access import OrgWideException
from reconciler.model.frame import Revision
from reconciler.model.origin import Origin
from reconciler.model.plan import Plan, document
from reconciler.planning.digest import digest_of
from reconciler.reports.documents import dumps, read_plan
from reconciler.reports.frame_text import ENDING
from reconciler.reports.lines import plain
from reconciler.reports.plan_markdown import plan_markdown
from reconciler.reports.plan_text import plan_text
from tests.planning.test_consent import OWN, SHARE, VIEW, planned
from tests.support.build import TODAY


def after(days: int) -> str:
    return (TODAY + timedelta(days=days)).isoformat()


def shared(days: int) -> Plan:
    return planned({"role": "r", "divisions": ["globex/g"], "share": {**SHARE, "expires": after(days)}})


def ending(made: Plan) -> list[tuple[str, int, str, str, str]]:
    return [each[:-1] for each in made.frame.expiries]


@pytest.mark.parametrize(("days", "told"), [(-1, 0), (0, 1), (30, 1), (31, 0)])
def test_what_ends_within_thirty_days_is_told(days: int, told: int) -> None:
    assert len(ending(shared(days))) == told


def test_a_share_is_told_with_its_place_its_owner_and_its_day() -> None:
    made = shared(7)
    what = "share: org/r in globex/g"
    assert ending(made) == [(after(7), 7, "acme/client/metrics", what, "sec@example.org")]
    assert made.frame.expiries[0].origin is not None


def test_an_exception_of_the_organisation_is_told_too_and_the_first_to_end_in_front() -> None:
    excepted = OrgWideException(VIEW, "counts", "ops", after(3), Origin("org.yaml"))
    share = {**SHARE, "expires": after(9)}
    made = planned({"role": "r", "divisions": ["globex/g"], "share": share}, org_wide=(excepted,))
    assert [(day, owner) for day, _, _, _, owner in ending(made)] == [
        (after(3), "ops"), (after(9), "sec@example.org"),
    ]  # fmt: skip


def test_every_clothing_tells_it_once() -> None:
    made = shared(7)
    text = plain(plan_text(made, 120))
    for said in (text, plan_markdown(made), dumps(document(made))):
        assert said.count(f"{after(7)}  ") + said.count(f'"expires": "{after(7)}"') == 1
    assert ENDING in text and "this share ends" not in text and "sec@example.org answers for it" in text
    assert read_plan(dumps(document(made))).frame.expiries == tuple(
        each._replace(origin=None) for each in made.frame.expiries
    )


def test_no_digest_is_of_what_stands_around() -> None:
    made = planned(OWN)
    frame = replace(made.frame, revision=Revision("f" * 40, dirty=True), catalogue="", unseen=(), expiries=())
    assert digest_of(replace(made, frame=frame)) == made.digest


def test_a_plan_says_with_what_eyes_it_was_made() -> None:
    made = planned(OWN)
    made = replace(made, frame=replace(made.frame, revision=Revision("3f2a91c07b12" + "0" * 28, dirty=True)))
    first = plain(plan_text(made, 400)).splitlines()[0]
    assert "commit 3f2a91c07b12 and what is not committed" in first
    assert f"catalogue {made.frame.catalogue[:8]}" in first
    assert "Not seen: what only the second view" in plain(plan_text(made, 400))
    assert "commit 3f2a91c07b12" in plan_markdown(made) and "Not seen" in plan_markdown(made)
