"""After an apply, and after a colleague's hand: the page shows the grant and how much more the token sees."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, Page

from reconciler.simulator import serve
from tests.journeys.world import World

CLIENT = "acme-retail-metrics"


@pytest.fixture
def settled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """Northwind after its first apply."""
    world = World(tmp_path, monkeypatch)
    world.settle()
    return world


async def test_a_grant_by_hand_shows_on_the_page_and_in_what_the_token_is_answered(
    settled: World, browser: Browser
) -> None:
    (file,) = [each for each in settled.delivered().values() if each["clientId"] == _id(settled)]
    async with serve(settled.sim) as base, httpx.AsyncClient(base_url=base) as token:
        page = await browser.new_page()
        await page.goto(f"{base}/_simulator/")
        assert await _row(page) == [CLIENT, "active", "CLIENT-CREDENTIALS", "ACME-CA, ACME-US", "0"]
        assert await _queues(token, file) == 0  # on the first day, all three queues are in Home
        _grant_everywhere(settled)
        await page.get_by_role("link", name="Load anew").click()
        assert await _row(page) == [
            CLIENT, "active", "CLIENT-CREDENTIALS", "every division (*), ACME-CA, ACME-US", "3",
        ]  # fmt: skip
        assert await _queues(token, file) == 3
        assert await _changes(page) == ["Dana Keller", "MemberUpdate", "Role"]
        await page.close()


def _id(world: World) -> str:
    return str(world.row("clients", CLIENT)["id"])


def _grant_everywhere(world: World) -> None:
    """As a colleague would in the console."""
    role = world.row("roles", "Tenant Queue Metrics")["id"]
    path = f"authorization/subjects/{_id(world)}/bulkadd?subjectType=PC_OAUTH_CLIENT"
    world.drift("POST", path, {"grants": [{"roleId": role, "divisionId": "*"}]})


async def _queues(http: httpx.AsyncClient, file: dict[str, str]) -> int:
    """How many queues the client is told there are, asked with the secret that was delivered."""
    answer = await http.post(
        "/oauth/token",
        data={"grant_type": "client_credentials"},
        auth=(file["clientId"], file["clientSecret"]),
    )
    bearer = {"authorization": f"Bearer {answer.json()['access_token']}"}
    return int((await http.get("/api/v2/routing/queues", headers=bearer)).json()["total"])


async def _row(page: Page) -> list[str]:
    """The client's line in the overview, as far as its queues."""
    line = page.get_by_role("region", name="What each token opens").locator("tr", has_text=CLIENT)
    return (await line.locator("th, td").all_inner_texts())[:5]


async def _changes(page: Page) -> list[str]:
    """Who changed what last."""
    line = page.get_by_role("region", name="Who changed what").locator("tbody tr").first
    return (await line.locator("td").all_inner_texts())[:3]
