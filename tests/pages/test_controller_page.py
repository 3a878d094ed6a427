"""The controller's page in a real Chromium: inert, legible at any width, never green where nobody knows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from reconciler.model.address import Address
from reconciler.model.drift import Pending
from reconciler.model.outcome import Requests
from reconciler.model.ran import Looked, Ran
from reconciler.model.watched import ANSWERED, ENDINGS, Ending, Glance, Look, Watched
from reconciler.planning.endings import of_report
from reconciler.reports.controller_page import controller_page
from tests.reports.drifts import night, policy
from tests.support.chromium import keeps_still, opened, pale, too_wide
from tests.support.clock import START

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.async_api import Browser

MUTE = [each for each in ENDINGS if each not in ANSWERED]
NASTY = '<script>alert(1)</script>{{ 7 * 7 }}\x1b[2J\u202e"onload=x'


def watched(ending: Ending, name: str = "northwind") -> Watched:
    """One organisation whose last look ended so; the one before found drift."""
    found = Ran("run-1", "controller", False, name, "id", ("acme-retail", "vega"), START, START, 8,
                looked=Looked(Requests(12), drift=night()))  # fmt: skip
    known = Look(found, "leak")
    last = Look(replace(found, error="no answer" if ending in MUTE else ""), ending)
    past = tuple(Glance(START - timedelta(minutes=15 * n), "leak", 2.0, 12) for n in range(9))
    return Watched(
        name, name, 900.0, START + timedelta(minutes=10), fails=3, last=last, known=known, past=past
    )


PAGE = controller_page(
    [watched(each, f"site-{number}") for number, each in enumerate(ENDINGS)]
    + [replace(watched("drifted", NASTY), root=NASTY, paused=NASTY), Watched("new", "new", 60.0, START)],
    {("site-1", "acme-retail"): (START - timedelta(days=1)).timestamp()},
    START,
)


@pytest.mark.parametrize("ending", MUTE)
def test_what_nobody_could_see_is_never_shown_as_declared(ending: Ending) -> None:
    page = controller_page([watched(ending)], {}, START)
    assert "not known" in page and "proved" not in page.partition("</style>")[2]
    assert "when last known" in page and "Last known" in page and "no answer" in page


def test_the_gravest_comes_first_and_each_says_when_it_is_looked_at_next() -> None:
    page = controller_page([watched("as declared", "calm"), watched("leak", "loud")], {}, START)
    assert page.index(">loud<") < page.index(">calm<")
    assert page.count("in 10 min; every 15 min") == 2 and "Looks before" in page


def rows(each: Watched) -> str:
    return controller_page([each], {}, START).partition("<main>")[2]


def test_a_verdict_that_is_no_longer_of_now_says_of_when_it_is() -> None:
    assert "LEAK, " in rows(watched("leak")) and "when last known" not in rows(watched("leak"))
    assert "before the correction" in rows(watched("corrected"))
    paused = rows(replace(watched("leak"), paused="freeze"))
    assert "when last known" in paused and "Last known" in paused and "badge leak" not in paused


def test_a_verdict_of_a_look_that_is_long_overdue_is_not_known_any_more() -> None:
    found = Ran("run-1", "controller", False, "northwind", "id", ("acme-retail",), START, START, 0,
                looked=Looked(drift=replace(night(), objects=(), pending=())))  # fmt: skip
    each = Watched("northwind", "northwind", 900.0, START, last=Look(found, "as declared"))
    each = replace(each, known=each.last)
    late = controller_page([each], {}, START + timedelta(hours=2)).partition("<main>")[2]
    assert "looks are overdue" in late and "as declared when last known" in late and "proved" not in late
    assert "overdue" not in rows(each) and "badge proved" in rows(each)


def test_what_somebody_answers_for_is_not_shown_as_declared() -> None:
    found = Ran("run-1", "controller", False, "northwind", "id", ("acme-retail",), START, START, 0,
                looked=Looked(drift=replace(policy(), objects=())))  # fmt: skip
    each = Watched("northwind", "northwind", 900.0, START, last=Look(found, "as declared"))
    page = rows(replace(each, known=each.last))
    assert "that somebody answers for" in page


def test_what_was_never_applied_is_not_shown_as_declared() -> None:
    pending = (Pending(Address.parse("vega/division/main"), "create"),) * 2
    report = replace(night(), objects=(), pending=pending)
    found = Ran("run-1", "controller", False, "northwind", "id", ("acme-retail", "vega"), START, START, 0,
                looked=Looked(drift=report))  # fmt: skip
    each = Watched("northwind", "northwind", 900.0, START, last=Look(found, of_report(report)))
    page = rows(replace(each, known=each.last))
    assert "not all applied yet" in page and "2 changes not applied yet" in page
    assert "1 other tenant as declared" in page and "badge proved" not in page


@pytest.mark.full
async def test_no_name_runs_and_nothing_is_asked_of_anybody(browser: Browser, tmp_path: Path) -> None:
    await keeps_still(browser, tmp_path, PAGE.replace('http-equiv="refresh"', 'name="not-now"'))


@pytest.mark.full
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_everything_is_legible_at_any_width(browser: Browser, tmp_path: Path, scheme: str) -> None:
    async with opened(browser, tmp_path, PAGE, color_scheme=scheme) as page:
        assert await too_wide(page) == [] and await pale(page) == []
