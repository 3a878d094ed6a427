"""The controls answer this machine: no page from elsewhere reaches them through somebody's browser."""

from __future__ import annotations

import pytest

from tests.simulator.guest import open_door

CONTROLS = [
    ("GET", ""), ("GET", "health"), ("GET", "requests"), ("GET", "state"),
    ("POST", "reset"), ("POST", "faults"), ("POST", "clock"), ("POST", "edit"),
]  # fmt: skip
OWN_HOSTS = ["127.0.0.1", "127.0.0.1:8085", "localhost", "LOCALHOST:1", "[::1]:8085", "127.8.8.8"]
FOREIGN_HOSTS = [
    "rebound.example:8085",
    "127.0.0.1.rebound.example",
    "192.0.2.1",
    "0.0.0.0",
    "",
    "[::1",
    "::1:x",
]
FOREIGN_ORIGINS = ["http://rebound.example", "https://127.0.0.1.rebound.example:8085", "null", "http://["]


@pytest.mark.parametrize("host", OWN_HOSTS)
async def test_every_name_of_this_machine_opens_them(host: str) -> None:
    guest = await open_door()
    assert (await guest.http.get("/_simulator/health", headers={"host": host})).status_code == 200


@pytest.mark.parametrize("host", FOREIGN_HOSTS)
async def test_a_name_that_only_leads_here_opens_none(host: str) -> None:
    guest = await open_door()
    for method, name in CONTROLS:
        answer = await guest.http.request(method, f"/_simulator/{name}", headers={"host": host}, json=[])
        assert answer.status_code == 403, name
        assert "127.0.0.1 and localhost only" in answer.json()["error"]


@pytest.mark.parametrize("origin", FOREIGN_ORIGINS)
async def test_a_page_from_elsewhere_cannot_post_blindly(origin: str) -> None:
    guest = await open_door()
    await guest.division("kept")
    assert (await guest.http.post("/_simulator/reset", headers={"origin": origin})).status_code == 403
    assert guest.find("divisions", "kept")
    own = {"origin": "http://127.0.0.1:8085"}
    assert (await guest.http.post("/_simulator/reset", headers=own)).status_code == 200
