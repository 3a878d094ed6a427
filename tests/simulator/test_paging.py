"""Pages: 25 unless told, links that lead through all of them, nothing past the end."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.simulator.guest import Guest, open_door

DIVISIONS = "authorization/divisions"


@pytest.fixture
async def guest() -> Guest:
    """An operator of an organisation with 60 divisions."""
    guest = await open_door(rate_limit="0")
    for number in range(59):
        await guest.division(f"d{number:02}")
    return guest


async def test_pages_are_25_long_and_tell_how_many_there_are(guest: Guest) -> None:
    first = await guest.get(DIVISIONS)
    numbers = [first[name] for name in ("pageSize", "pageNumber", "total", "pageCount")]
    assert (len(first["entities"]), numbers) == (25, [25, 1, 60, 3])
    assert "previousUri" not in first
    assert first["lastUri"] == f"/api/v2/{DIVISIONS}?pageSize=25&pageNumber=3"


async def test_next_leads_through_every_row_once(guest: Guest) -> None:
    names: list[str] = []
    path: str | None = f"{DIVISIONS}?pageSize=7&name=d"
    while path:
        page = await guest.get(path)
        names += [row["name"] for row in page["entities"]]
        path = link(page, "nextUri")
    assert names == [f"d{number:02}" for number in range(59)]
    previous = await guest.get(str(link(page, "previousUri")))
    assert (previous["pageNumber"], len(previous["entities"])) == (8, 7)


def link(page: Any, name: str) -> str | None:
    if name not in page:
        return None
    parts = urlsplit(page[name])
    return f"{parts.path.removeprefix('/api/v2/')}?{parts.query}"


async def test_past_the_end_is_an_empty_page(guest: Guest) -> None:
    page = await guest.get(f"{DIVISIONS}?pageSize=100&pageNumber=3")
    assert (page["entities"], page["total"], page["pageCount"]) == ([], 60, 1)
    assert "nextUri" not in page


async def test_nothing_found_is_no_page_at_all(guest: Guest) -> None:
    page = await guest.get(f"{DIVISIONS}?name=nothing")
    assert (page["entities"], page["total"], page["pageCount"]) == ([], 0, 0)


@pytest.mark.parametrize(
    "query", ["pageSize=0", "pageSize=101", "pageSize=x", "pageNumber=-1", "pageNumber=0"]
)
async def test_a_page_that_makes_no_sense_is_refused(query: str) -> None:
    status, error = await (await open_door()).call("GET", f"{DIVISIONS}?{query}")
    assert (status, error["code"]) == (400, "invalid.value")


@pytest.mark.parametrize("query", ["after=x", "before=x", "name=nothing&before=x", "name=nothing&after=x"])
async def test_a_cursor_that_nobody_gave_is_refused_even_where_nothing_is_listed(query: str) -> None:
    status, error = await (await open_door()).call("GET", f"{DIVISIONS}/query?{query}")
    assert (status, error["code"]) == (400, "bad.request")


async def test_the_catalogue_is_paged_by_domain_and_searched() -> None:
    guest = await open_door()
    path = "authorization/permissions"
    every = [
        row["domain"]
        for number in (1, 2)
        for row in await domains(guest, f"pageSize=100&pageNumber={number}")
    ]
    assert len(every) == len(set(every)) > 50
    found = await domains(guest, "queryType=domain&query=routing,wfm")
    assert [row["domain"] for row in found] == ["routing", "wfm"]
    found = await domains(guest, "queryType=permission&query=oauth:client:view")
    assert [row["domain"] for row in found] == ["oauth"]
    assert (await guest.call("GET", f"{path}?queryType=x"))[0] == 400


async def test_the_catalogue_says_what_divisions_confine() -> None:
    guest = await open_door()
    aware = {
        f"{each['domain']}:{each['entityType']}:{each['action']}": each["divisionAware"]
        for row in await domains(guest, "query=routing,oauth,analytics")
        for entries in row["permissionMap"].values()
        for each in entries
    }
    assert aware["routing:queue:view"] is True
    assert aware["analytics:queueObservation:view"] is True
    assert aware["oauth:client:view"] is False


async def domains(guest: Guest, query: str) -> list[Any]:
    found: list[Any] = (await guest.get(f"authorization/permissions?{query}"))["entities"]
    return found


async def test_limits_are_told_by_namespace() -> None:
    guest = await open_door(rate_limit="120/30")
    rows = (await guest.get("organizations/limits/namespaces/platform.api"))["entities"]
    assert [(row["key"], row["value"]) for row in rows] == [("client.credentials.token.rate.per.minute", 240)]
    assert (await guest.call("GET", "organizations/limits/namespaces/nothing"))[0] == 404
