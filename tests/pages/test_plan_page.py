"""A plan as a page in a real Chromium: legible everywhere, printable, and deaf to names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reconciler.model.consent import Ground
from reconciler.model.frame import Expiry
from reconciler.model.plan import Plan, Withheld
from reconciler.reports.plan_page import plan_page
from tests.planning.test_frame import shared
from tests.reports.plans import change, locate
from tests.reports.test_folding import given, graver
from tests.support.chromium import keeps_still, opened, pale, sheets, too_wide
from tests.support.pages import NASTY

if TYPE_CHECKING:
    from playwright.async_api import Browser


def nasty() -> Plan:
    """Every section is there, and hostile names in each of them."""
    made = given(graver("t17"))
    several = tuple(
        change(f"x/division/d{number}", "update", name, reason=name, withheld=held)
        for number, name in enumerate(NASTY)
        for held in (None, Withheld("conflict", name, name))
    )
    ends = tuple(Expiry("2026-12-01", 11, "acme/client/a", name, name) for name in NASTY)
    frame = replace(shared(7).frame, expiries=ends, unseen=NASTY)
    grounds = (*made.grounds, *(Ground("sink", f"group:{name}", name, (name,)) for name in NASTY))
    return replace(made, changes=(*made.changes, *several), frame=frame, grounds=grounds)


@pytest.mark.full
async def test_no_name_acts_and_it_is_legible_in_every_width_and_scheme(
    browser: Browser, tmp_path: Path
) -> None:
    html = plan_page(nasty(), locate)
    await keeps_still(browser, tmp_path, html)
    async with opened(browser, tmp_path, html, java_script_enabled=True) as page:
        assert await too_wide(page) == []
        assert await pale(page) == []
        assert await sheets(page) >= 1


@pytest.mark.full
async def test_it_can_be_heard(browser: Browser, tmp_path: Path) -> None:
    async with opened(browser, tmp_path, plan_page(nasty(), locate)) as page:
        assert await page.locator("html").get_attribute("lang") == "en"
        assert await page.get_by_role("main").count() == await page.get_by_role("contentinfo").count() == 1
        assert await page.get_by_role("heading", level=1).count() == 1
        assert await page.title() == await page.get_by_role("heading", level=1).text_content()
        assert await page.locator("td:not(table td), th:not([scope])").count() == 0
