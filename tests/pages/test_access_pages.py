"""The pages of the matrix and of its difference in a real Chromium: inert, legible, printable."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.access_pages import NAMES, Shown, shown
from tests.support.chromium import keeps_still, opened, pale, sheets, too_wide

pytestmark = pytest.mark.full

if TYPE_CHECKING:
    from playwright.async_api import Browser


PAPER: Any = {"width": 703, "height": 1000}
"""A4 within the margins of the style sheet, at 96 dots an inch."""


@pytest.fixture(params=[f"{name} {page}" for name in NAMES for page in ("live", "desired", "diff", "same")])
def html(request: pytest.FixtureRequest) -> str:
    """Every page; made before there is a loop, as commands run loops of their own."""
    name, page = request.param.split()
    found = shown(name)
    return {**found.matrix, "diff": found.diff, "same": found.same}[page]


@pytest.fixture
def busy() -> Shown:
    return shown("busy")


@pytest.fixture
def nasty() -> Shown:
    return shown("nasty")


@pytest.mark.parametrize("which", ["matrix", "diff"])
async def test_no_name_runs_and_nothing_is_asked_of_anybody(
    browser: Browser, tmp_path: Path, nasty: Shown, which: str
) -> None:
    await keeps_still(browser, tmp_path, {"matrix": nasty.matrix["live"], "diff": nasty.diff}[which])


async def test_every_page_fits_every_screen_in_light_and_in_dark(
    browser: Browser, tmp_path: Path, html: str
) -> None:
    async with opened(browser, tmp_path, html) as page:
        assert await too_wide(page) == []
        assert await pale(page) == []


async def test_every_page_can_be_heard(browser: Browser, tmp_path: Path, html: str) -> None:
    async with opened(browser, tmp_path, html) as page:
        assert await page.locator("html").get_attribute("lang") == "en"
        for landmark in ("banner", "main", "contentinfo"):
            assert await page.get_by_role(landmark).count() == 1
        assert await page.get_by_role("heading", level=1).count() == 1
        assert await page.locator("th:not([scope])").count() == 0
        assert await page.locator("table").count() == await page.locator("table > caption").count()
        assert await page.locator(".scroll:not([tabindex='0'])").count() == 0
        ids = await page.locator("[id]").evaluate_all("all => all.map(each => each.id)")
        assert len(ids) == len(set(ids))
        links = await page.locator("a").evaluate_all("all => all.map(each => each.getAttribute('href'))")
        assert {link.removeprefix("#") for link in links} <= set(ids)


async def test_the_matrix_prints_each_tenant_on_a_sheet_of_its_own(
    browser: Browser, tmp_path: Path, busy: Shown
) -> None:
    async with opened(browser, tmp_path, busy.matrix["live"], color_scheme="dark") as page:
        assert await sheets(page) >= await page.locator("section.tenant").count() + 1
        await page.emulate_media(media="print")
        assert await page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert not await page.locator("#foreign").is_visible()


@pytest.mark.parametrize("which", ["matrix", "diff"])
async def test_nothing_is_cut_off_on_paper(browser: Browser, tmp_path: Path, busy: Shown, which: str) -> None:
    html = {"matrix": busy.matrix["live"], "diff": busy.diff}[which]
    async with opened(browser, tmp_path, html, viewport=PAPER) as page:
        assert await sheets(page) >= 1
        await page.emulate_media(media="print")
        wide = "all => all.filter(each => each.scrollWidth > each.clientWidth + 1).length"
        assert await page.locator(".scroll").evaluate_all(wide) == 0
        assert await page.locator(".scroll").count() > 0


async def test_the_switch_leaves_what_is_foreign_and_says_where_nothing_is(
    browser: Browser, tmp_path: Path, busy: Shown
) -> None:
    async with opened(browser, tmp_path, busy.matrix["live"]) as page:
        acme = page.locator("section[aria-labelledby=tenant-acme-retail]")
        assert await acme.locator("tbody tr:visible").count() == 3
        assert not await acme.get_by_text("No foreign cell here.").is_visible()
        await page.keyboard.press("Tab")  # the link to the tenants
        await page.keyboard.press("Tab")
        await page.keyboard.press("Space")
        assert await page.get_by_label("Foreign cells only").is_checked()
        rows = await acme.locator("tbody tr:visible th").all_text_contents()
        assert [row.split()[0] for row in rows] == ["globex-bank/client/metrics"]
        assert await acme.get_by_text("No foreign cell here.").is_visible()
        shown = page.locator(".access .part:visible")
        assert await shown.count() == await page.locator(".access .part.foreign").count() > 0
