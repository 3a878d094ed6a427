"""What is remembered for a while only: the oldest goes, what is in use stays."""

from __future__ import annotations

from collections import Counter

import pytest

from reconciler.simulator import Settings, Simulator, bounded
from reconciler.simulator.bounded import surplus, trim
from tests.simulator.guest import open_door


def test_the_oldest_are_forgotten_together_once_there_is_a_tenth_too_much() -> None:
    kept = dict.fromkeys(range(110), "")
    trim(kept, 100)
    assert len(kept) == 110
    kept[110] = ""
    trim(kept, 100)
    assert [*kept] == [*range(11, 111)]
    assert surplus(Counter("ab"), 100) == ()


def test_of_very_many_audits_the_last_stay() -> None:
    sim = Simulator(settings=Settings())
    for number in range(bounded.AUDITS // 5):
        body = {"name": f"Role {number}", "permissionPolicies": []}
        role = sim.edit("POST", "/api/v2/authorization/roles", body)[1]["id"]
        for name in ("a", "b", "c", "d"):
            sim.edit("PUT", f"/api/v2/authorization/roles/{role}", {**body, "name": f"{name} {number}"})
        sim.edit("DELETE", f"/api/v2/authorization/roles/{role}")
    audits = [*sim.org.live.audits.rows.values()]
    assert bounded.AUDITS <= len(audits) <= bounded.AUDITS * 1.1
    assert (audits[-1]["action"], audits[-1]["entity"]["id"]) == ("Delete", role)
    assert len({audit["id"] for audit in audits}) == len(audits)


async def test_a_token_in_use_outlives_those_of_clients_that_are_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("reconciler.simulator.tokens.TOKENS", 20)
    guest = await open_door()
    for _ in range(30):
        client = await guest.make("oauth/clients", {"name": "x", "authorizedGrantType": "CLIENT-CREDENTIALS"})
        await guest.as_client(client)
        body = {"name": "x", "authorizedGrantType": "CLIENT-CREDENTIALS", "state": "inactive"}
        await guest.call("PUT", f"oauth/clients/{client['id']}", body)
        await guest.call("DELETE", f"oauth/clients/{client['id']}")
    assert (await guest.get("tokens/me"))["organization"]
