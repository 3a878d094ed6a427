"""What tests about pages ask of Chromium."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page

WIDTHS = (360, 800, 1400)
SCHEMES: Any = ("light", "dark")
_CONTRAST = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")


@asynccontextmanager
async def opened(browser: Browser, place: Path, html: str, **how: Any) -> AsyncIterator[Page]:
    """The page from a file, as somebody opens what was mailed."""
    file = place / "page.html"
    file.write_text(html, encoding="utf-8")
    context = await browser.new_context(**how)
    page = await context.new_page()
    await page.goto(file.as_uri())
    yield page
    await context.close()


async def keeps_still(browser: Browser, place: Path, html: str) -> None:
    """Nothing on a page of hostile names runs, asks anybody or turns text around, and each name is told."""
    asked: list[str] = []
    heard: list[str] = []
    file = place / "page.html"
    file.write_text(html, encoding="utf-8")
    page = await browser.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: heard.append(dialog.message))
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    await page.goto(file.as_uri())
    assert (asked, heard) == ([file.as_uri()], [])
    assert await page.locator("script, img, iframe, object, link, body b:text-is('bold')").count() == 0
    text = await page.locator("main").text_content() or ""
    assert "<script>alert(1)</script>" in text and "{{ 7 * 7 }}" in text
    assert "\\u202e" in text and not {"\u202e", "\u2066", "\u200d"} & set(text)
    await page.close()


async def too_wide(page: Page) -> list[tuple[int, str, int]]:
    """(width of the screen, scheme, width of the page) wherever somebody has to scroll sideways."""
    found = []
    for width in WIDTHS:
        for scheme in SCHEMES:
            await page.emulate_media(color_scheme=scheme)
            await page.set_viewport_size({"width": width, "height": 800})
            wide = await page.evaluate("document.documentElement.scrollWidth")
            if wide != width:
                found.append((width, scheme, wide))
    return found


async def pale(page: Page) -> list[tuple[str, float]]:
    """(text, contrast) of what does not stand out from its ground by 4.5, in light and in dark."""
    found = []
    for scheme in SCHEMES:
        await page.emulate_media(color_scheme=scheme)
        texts = await page.evaluate(_CONTRAST)
        assert len(texts) > 10, "there is nothing to look at"
        found += [(text["text"], text["ratio"]) for text in texts if text["ratio"] < 4.5]
    return found


async def sheets(page: Page) -> int:
    """On how many sheets of A4 it prints."""
    printed = await page.pdf(prefer_css_page_size=True)
    assert printed.startswith(b"%PDF")
    assert b"[0 0 594" in printed or b"[0 0 595" in printed  # A4 is 594.96 points wide
    return printed.count(b"/Type /Page\n")
