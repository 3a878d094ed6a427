"""The statement for one tenant in a real Chromium: a sheet of paper, legible everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.chromium import opened, pale, sheets, too_wide
from tests.support.pages import shown

if TYPE_CHECKING:
    from playwright.async_api import Browser


@pytest.fixture(params=["acme-retail", "initech-saas"])
def html(request: pytest.FixtureRequest) -> str:
    """Of somebody who is reached by a stranger, and of somebody with an exception."""
    return shown("leaking").statements[request.param]["html"]


async def test_a_statement_is_one_sheet_of_paper_and_fits_every_screen(
    browser: Browser, tmp_path: Path, html: str
) -> None:
    async with opened(browser, tmp_path, html) as page:
        assert await too_wide(page) == []
        assert await pale(page) == []
        assert await sheets(page) == 1


async def test_a_statement_can_be_heard(browser: Browser, tmp_path: Path, html: str) -> None:
    async with opened(browser, tmp_path, html) as page:
        assert await page.locator("html").get_attribute("lang") == "en"
        assert await page.get_by_role("main").count() == await page.get_by_role("contentinfo").count() == 1
        assert await page.get_by_role("heading", level=1).count() == 1
        assert await page.get_by_role("region").count() == await page.get_by_role("heading", level=2).count()
        assert await page.title() == await page.get_by_role("heading", level=1).text_content()
