"""The page of a proof in a real Chromium: inert, legible at any width, printable, without a mouse."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.chromium import keeps_still, opened, pale, sheets, too_wide
from tests.support.pages import NAMES, Shown, shown

pytestmark = pytest.mark.full

if TYPE_CHECKING:
    from playwright.async_api import Browser


@pytest.fixture(params=[name for name in NAMES if name != "leaking"])
def each(request: pytest.FixtureRequest) -> Shown:
    """Every organisation; made before there is a loop, as commands run loops of their own."""
    return shown(request.param)


@pytest.fixture
def leaking() -> Shown:
    return shown("leaking")


@pytest.fixture
def nasty() -> Shown:
    return shown("nasty")


async def test_no_name_runs_and_nothing_is_asked_of_anybody(
    browser: Browser, tmp_path: Path, nasty: Shown
) -> None:
    await keeps_still(browser, tmp_path, nasty.html)


async def test_the_policy_refuses_what_somebody_might_add_to_the_page(
    browser: Browser, tmp_path: Path, leaking: Shown
) -> None:
    added = (
        '<img src="x.png"><p id="p" style="color: red">x</p><script>document.title = "ran"</script></body>'
    )
    async with opened(browser, tmp_path, leaking.html.replace("</body>", f"{added}</body>")) as page:
        assert await page.title() != "ran"
        assert await page.locator("img").evaluate("image => image.naturalWidth") == 0
        color = "paragraph => getComputedStyle(paragraph).color"
        assert await page.locator("#p").evaluate(color) != "rgb(255, 0, 0)"


async def test_nothing_is_wider_than_the_screen(browser: Browser, tmp_path: Path, each: Shown) -> None:
    async with opened(browser, tmp_path, each.html) as page:
        assert await too_wide(page) == []


async def test_every_text_stands_out_from_its_ground(browser: Browser, tmp_path: Path, each: Shown) -> None:
    async with opened(browser, tmp_path, each.html) as page:
        assert await pale(page) == []


async def test_it_prints_on_paper_with_each_tenant_on_a_sheet_of_its_own(
    browser: Browser, tmp_path: Path, each: Shown
) -> None:
    async with opened(browser, tmp_path, each.html, color_scheme="dark") as page:
        assert await sheets(page) > len(each.json["tenants"]) + 1
        await page.emulate_media(media="print")
        assert await page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert not await page.locator("#foreign").is_visible()


async def test_the_switch_works_from_the_keyboard_and_leaves_the_operator(
    browser: Browser, tmp_path: Path, leaking: Shown
) -> None:
    async with opened(browser, tmp_path, leaking.html) as page:
        tables = page.locator("table.matrix")
        assert await tables.first.locator("tbody tr:visible").count() == 4
        await page.keyboard.press("Tab")  # the link to the tenants
        await page.keyboard.press("Tab")
        await page.keyboard.press("Space")
        assert await page.get_by_label("Foreign cells only").is_checked()
        rows = await tables.first.locator("tbody tr:visible th").all_text_contents()
        assert [row.split()[0] for row in rows] == ["client:nw-reconciler", "globex-bank/client/metrics"]
        cells = await tables.first.locator("td .cell:visible b:first-child").all_text_contents()
        assert cells == ["admin", "read"]
        assert await page.locator("table.matrix td.leaks:visible").count() == 2


async def test_it_has_landmarks_heads_and_names_for_those_who_hear_it(
    browser: Browser, tmp_path: Path, each: Shown
) -> None:
    async with opened(browser, tmp_path, each.html) as page:
        assert await page.locator("html").get_attribute("lang") == "en"
        for landmark in ("banner", "main", "navigation", "contentinfo"):
            assert await page.get_by_role(landmark).count() == 1
        assert await page.locator("th:not([scope])").count() == 0
        assert await page.locator("table").count() == await page.locator("table > caption").count()
        assert await page.locator(".scroll:not([tabindex='0'])").count() == 0
        assert await page.locator("svg:not([role=img][aria-label])").count() == 0
        ids = await page.locator("[id]").evaluate_all("all => all.map(each => each.id)")
        assert len(ids) == len(set(ids))
        links = await page.locator("a").evaluate_all("all => all.map(each => each.getAttribute('href'))")
        assert {link.removeprefix("#") for link in links} <= set(ids)
        named = "section:not([aria-labelledby]), nav:not([aria-labelledby])"
        assert await page.locator(named).count() == 0


async def test_a_counterexample_can_be_read_on_a_telephone(
    browser: Browser, tmp_path: Path, leaking: Shown
) -> None:
    size: Any = {"width": 360, "height": 800}
    async with opened(browser, tmp_path, leaking.html, viewport=size) as page:
        drawn = page.locator("#tenant-globex-bank ~ div.leak svg").first
        await drawn.scroll_into_view_if_needed()
        stations = await drawn.locator("text.station").all_text_contents()
        assert stations == [
            "globex-bank-metrics", "ACME-US", "Tenant Queue Metrics", "analytics:",
            "conversationAggregate:view", "ACME-US",
        ]  # fmt: skip
        box = await drawn.bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 360
        heights = "all => Math.min(...all.map(each => each.getBoundingClientRect().height))"
        assert await drawn.locator("text").evaluate_all(heights) >= 12
        right = "all => Math.max(...all.map(each => each.getBoundingClientRect().right))"
        assert await drawn.locator("text").evaluate_all(right) <= 360
