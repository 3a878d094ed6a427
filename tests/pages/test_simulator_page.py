"""The simulator's own page in a real browser: one request, it fits, can be read, and can be printed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Browser, Page, Request

from reconciler.simulator import Simulator, find_seed, serve
from tests.simulator.tenants import tenants

pytestmark = pytest.mark.full

SCHEMES = ("light", "dark")
WIDTHS = (360, 800, 1400)
EVIL = "<script>document.title='taken'</script>\"'>\u202egnp.exe " + "x" * 2_000
OPEN_ALL = "document.querySelectorAll('details').forEach(each => each.open = true)"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
CONTRASTS = """() => {
  const channel = value => (value /= 255) <= .04045 ? value / 12.92 : ((value + .055) / 1.055) ** 2.4;
  const parse = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => .2126 * channel(r) + .7152 * channel(g) + .0722 * channel(b);
  const paper = each => {
    for (let at = each; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const found = {};
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.data?.trim() && !texts.currentNode.data.trim()) continue;
    if (!element.checkVisibility()) continue;
    const [one, two] = [light(parse(getComputedStyle(element).color)), light(paper(element))];
    const ratio = (Math.max(one, two) + .05) / (Math.min(one, two) + .05);
    const name = `${element.tagName}.${element.className}`;
    found[name] = Math.min(found[name] ?? 99, ratio);
  }
  return found;
}"""


@asynccontextmanager
async def opened(browser: Browser, sim: Simulator, path: str = "", **options: Any) -> AsyncIterator[Page]:
    """The page in a window of its own; `options` are the window's."""
    async with serve(sim) as base:
        context = await browser.new_context(**options)
        page = await context.new_page()
        await page.goto(f"{base}/_simulator/{path}")
        yield page
        await context.close()


def hostile() -> Simulator:
    """Northwind with names that would break a page if they could."""
    sim = Simulator(find_seed("northwind-broken"))
    for path, body in (
        ("authorization/divisions", {}),
        ("authorization/roles", {"permissionPolicies": []}),
        ("oauth/clients", {"authorizedGrantType": "CODE", "scope": [EVIL], "registeredRedirectUri": [EVIL]}),
    ):  # fmt: skip
        assert sim.edit("POST", f"/api/v2/{path}", {"name": EVIL, "description": EVIL, **body})[0] == 200
    sim.faults([{"kind": "status", "path": "/api/v2/" + "y" * 500}])
    return sim


async def test_it_is_one_request_and_none_to_the_vendors_paths(browser: Browser) -> None:
    sim, asked, told = Simulator(find_seed("northwind")), list[Request](), list[str]()
    async with serve(sim) as base:
        page = await browser.new_page()
        page.on("request", lambda request: asked.append(request))
        page.on("console", lambda message: told.append(message.text))
        await page.goto(f"{base}/_simulator/")
        await page.wait_for_load_state("networkidle")
        assert [each.url for each in asked if not each.url.startswith("data:")] == [f"{base}/_simulator/"]
        await page.close()
    assert (told, sim.total) == ([], 0)


@pytest.mark.parametrize("width", WIDTHS)
async def test_nothing_hangs_over_the_edge_whatever_the_names(browser: Browser, width: int) -> None:
    async with opened(browser, hostile(), viewport={"width": width, "height": 900}) as page:
        assert await page.evaluate(OVERFLOW) == 0
        await page.evaluate(OPEN_ALL)
        assert await page.evaluate(OVERFLOW) == 0


async def test_names_are_text_and_nothing_else(browser: Browser) -> None:
    async with opened(browser, hostile()) as page:
        assert await page.title() == "Northwind Contact Services · simulated organisation"
        assert await page.locator("script").count() == 0
        await page.evaluate(OPEN_ALL)
        shown = page.locator("section#divisions th bdi", has_text="document.title")
        assert (await shown.inner_text()).startswith(
            "<script>document.title='taken'</script>\"'>[U+202E]gnp.exe"
        )


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_every_text_stands_out_from_its_ground(browser: Browser, scheme: Any) -> None:
    async with opened(browser, hostile(), color_scheme=scheme) as page:
        await page.evaluate(OPEN_ALL)
        found = await page.evaluate(CONTRASTS)
        assert len(found) > 20
        assert {name: round(ratio, 2) for name, ratio in found.items() if ratio < 4.5} == {}


async def test_light_and_dark_follow_the_reader(browser: Browser) -> None:
    grounds = []
    for scheme in ("light", "dark"):
        async with opened(browser, Simulator(), color_scheme=scheme) as page:
            grounds.append(await page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert grounds == ["rgb(255, 255, 255)", "rgb(20, 23, 27)"]


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_what_is_folded_is_printed_on_white_and_fits(browser: Browser, scheme: Any) -> None:
    paper = {"width": 1046, "height": 718}  # of A4 across, within its margins
    async with opened(browser, hostile(), color_scheme=scheme, viewport=paper) as page:
        card = page.locator("details.card table", has_text="routing:queue:view").first
        assert not await card.is_visible()
        await page.emulate_media(media="print")
        assert await card.is_visible()
        assert await page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert not await page.get_by_role("navigation").is_visible()
        assert await page.evaluate(OVERFLOW) == 0
        assert {name: ratio for name, ratio in (await page.evaluate(CONTRASTS)).items() if ratio < 4.5} == {}


async def test_those_who_listen_find_their_way(browser: Browser) -> None:
    async with opened(browser, Simulator(find_seed("northwind"))) as page:
        assert await page.locator("html").get_attribute("lang") == "en"
        for landmark in ("banner", "navigation", "main", "contentinfo"):
            assert await page.get_by_role(landmark).count() == 1
        assert await page.get_by_role("heading", level=1).all_inner_texts() == ["Northwind Contact Services"]
        titles = await page.get_by_role("heading", level=2).all_inner_texts()
        assert titles == await page.get_by_role("navigation").get_by_role("link").all_inner_texts()
        tables = page.locator("table")
        for each in await tables.all():
            assert await each.locator("thead th[scope=col]").count() > 0
            assert await each.locator("tbody tr > :first-child:not(th[scope=row])").count() == 0
        assert await page.locator("table :is(th:not([scope]), td[scope])").count() == 0
        assert (
            await page.evaluate(
                "[...document.querySelectorAll('[id]')].map(each => each.id)"
                ".filter((each, at, all) => all.indexOf(each) != at)"
            )
            == []
        )


async def test_a_client_of_the_overview_leads_to_its_card(browser: Browser) -> None:
    async with opened(browser, Simulator(find_seed("northwind"))) as page:
        card = page.locator("details.card", has_text="acme-retail-metrics").first
        assert not await card.get_by_text("token lifetime").is_visible()
        await page.get_by_role("link", name="acme-retail-metrics").click()
        assert await card.get_by_text("token lifetime").is_visible()


async def test_it_can_be_read_without_any_script(browser: Browser) -> None:
    async with opened(browser, Simulator(find_seed("northwind")), java_script_enabled=False) as page:
        await page.locator("summary", has_text="nw-auditor").click()
        assert await page.get_by_text("Org Auditor", exact=True).first.is_visible()


@pytest.mark.full
@pytest.mark.timeout(150)
async def test_a_thousand_tenants_fold_and_still_fit(browser: Browser) -> None:
    async with opened(browser, Simulator(tenants(1_000)), viewport={"width": 360, "height": 900}) as page:
        assert await page.evaluate(OVERFLOW) == 0
        assert await page.locator("details.card").count() > 2_000
        assert await page.locator("section#divisions table").is_hidden()
        assert await page.evaluate("document.documentElement.scrollHeight") < 15_000
        await page.evaluate("location.hash = 'client-client-777'")
        assert await page.locator("#client-client-777").get_by_text("T777").first.is_visible()
