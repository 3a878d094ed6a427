"""A job on historical adherence is started for units one may see, and is its starter's alone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.guest import Guest
from tests.simulator.things import ids, tenant, tenants

BULK = "workforcemanagement/adherence/historical/bulk"
RIGHT = "wfm:historicalAdherence:view"


def body(guest: Guest, *units: str, **changed: Any) -> dict[str, Any]:
    span = {"startDate": "2026-01-05T00:00:00Z", "endDate": "2026-01-06T00:00:00+01:00"}
    items = [{"managementUnitId": ids(guest).get(unit, unit), **span, **changed} for unit in units]
    return {"items": items, "timeZone": "Europe/Berlin"}


async def test_a_job_is_accepted_and_done_when_its_starter_asks() -> None:
    guest = await tenants()
    confined = await tenant(guest, RIGHT)
    status, started = await confined.call("POST", BULK, body(guest, "East MU", userIds=[ids(guest)["Ada"]]))
    assert (status, started["job"]["status"]) == (202, "Processing")
    uri = started["job"]["selfUri"].removeprefix("/api/v2/")
    told = await confined.get(uri)
    assert (told["job"]["id"], told["job"]["status"]) == (started["job"]["id"], "Complete")
    assert (told["downloadUrls"], await confined.get(uri)) == ([], told)


async def test_nobody_else_is_told_of_a_job_whatever_they_may() -> None:
    guest = await tenants()
    confined, other = await tenant(guest, RIGHT), await tenant(guest, RIGHT, division="*")
    _, started = await confined.call("POST", BULK, body(guest, "East MU"))
    path = f"{BULK}/jobs/{started['job']['id']}"
    assert [(await each.call("GET", path))[0] for each in (other, guest, confined)] == [404, 404, 200]
    assert (await confined.call("GET", f"{BULK}/jobs/nobody"))[0] == 404


async def test_a_query_of_another_kind_is_no_job() -> None:
    guest = await tenants()
    interval = "2026-01-01T00:00:00Z/2026-02-01T00:00:00Z"
    asked = await guest.make("oauth/clients/operator/usage/query", {"interval": interval})
    assert (await guest.call("GET", f"{BULK}/jobs/{asked['executionId']}"))[0] == 404


@pytest.mark.parametrize("status", ["403", "404"])
async def test_a_job_on_a_foreign_unit_is_refused_whole(status: str) -> None:
    guest = await tenants(**{"foreign-object": status})
    confined, everywhere = await tenant(guest, RIGHT), await tenant(guest, RIGHT, division="*")
    for units in (("West MU",), ("East MU", "Lent MU")):
        assert (await confined.call("POST", BULK, body(guest, *units)))[0] == int(status)
        assert (await everywhere.call("POST", BULK, body(guest, *units)))[0] == 202
    assert (await confined.call("POST", BULK, body(guest, "East MU", "nobody")))[0] == 404


async def test_another_right_on_the_unit_starts_no_job() -> None:
    guest = await tenants()
    stranger = await tenant(guest, "wfm:realtimeAdherence:view")
    assert (await stranger.call("POST", BULK, body(guest, "East MU")))[0] == 403


async def test_a_job_without_sense_is_refused() -> None:
    guest = await tenants()
    confined = await tenant(guest, RIGHT)
    for wrong in (
        body(guest),
        body(guest, "East MU") | {"timeZone": " "},
        body(guest, "East MU", endDate="2026-01-05T00:00:00Z"),
        body(guest, "East MU", endDate="2026-01-05T00:30:00+01:00"),
        body(guest, "East MU", startDate="soon"),
        {"timeZone": "UTC"},
    ):
        assert (await confined.call("POST", BULK, wrong))[0] == 400
