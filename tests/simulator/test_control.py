"""The controls: what can be seen, drifted, broken and moved from outside."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reconciler.simulator import Simulator, bundled, find_seed
from reconciler.simulator.world import TABLES
from tests.simulator.guest import client_body, open_door


async def test_it_says_that_it_is_well() -> None:
    guest = await open_door()
    assert (await guest.http.get("/_simulator/health")).json() == {"status": "ok"}


async def test_the_log_names_every_request_to_the_vendor() -> None:
    guest = await open_door()
    guest.time.now = 3.5
    await guest.call("GET", "users?pageSize=1")
    await guest.call("POST", "authorization/divisions", {"name": "d", "description": ""})
    await guest.http.get("/_simulator/state")
    log = (await guest.http.get("/_simulator/requests")).json()
    assert log["total"] == 3
    assert log["requests"][1] == {
        "method": "GET",
        "path": "/api/v2/users?pageSize=1",
        "status": 200,
        "clientId": "operator",
        "at": 3.5,
    }
    assert [each["path"] for each in log["requests"]][::2] == [
        "/oauth/token",
        "/api/v2/authorization/divisions",
    ]


async def test_writes_are_changes_and_attempts_only() -> None:
    guest = await open_door()
    await guest.call("GET", "users")
    await guest.call("HEAD", "tokens/me")
    await guest.call("POST", "groups/search", {"query": []})
    await guest.division("d")
    await guest.call("POST", "authorization/divisions", {"name": "d", "description": ""})
    assert [(each.method, each.status) for each in guest.sim.writes()] == [("POST", 200), ("POST", 409)]


async def test_the_log_is_bounded() -> None:
    guest = await open_door(rate_limit="0")
    assert guest.sim._log.maxlen == 50_000


async def test_the_clock_moves_when_told() -> None:
    guest = await open_door()
    answer = await guest.http.post("/_simulator/clock", json={"advance": 3600})
    assert answer.json() == {"now": 3600.0, "date": "2026-01-01T01:00:00.000Z"}
    mistakes: tuple[Any, ...] = ({}, {"advance": "x"}, {"advance": -1}, [])
    for wrong in mistakes:
        assert (await guest.http.post("/_simulator/clock", json=wrong)).status_code == 400


async def test_the_administrators_hand_goes_through_the_operations() -> None:
    guest = await open_door()
    edits: list[Any] = [
        {"method": "POST", "path": "/api/v2/oauth/clients", "body": client_body("hand-made")},
        {"method": "POST", "path": "/api/v2/oauth/clients", "body": {}},
        {"method": "GET", "path": "/api/v2/oauth/clients", "user": "ines@northwind.example"},
    ]
    results = (await guest.http.post("/_simulator/edit", json=edits)).json()["results"]
    assert [each["status"] for each in results] == [200, 400, 200]
    assert guest.find("clients", "hand-made")["createdBy"]["name"] == "Dana Keller"
    one = (await guest.http.post("/_simulator/edit", json=edits[2])).json()["results"]
    assert one[0]["body"]["total"] == 2
    for wrong in (["x"], {"user": "nobody"}, {**edits[2], "user": "nobody"}):
        assert (await guest.http.post("/_simulator/edit", json=wrong)).status_code == 400
    assert guest.sim.writes() == []


async def test_faults_are_set_from_outside() -> None:
    guest = await open_door()
    rules = [{"kind": "status", "status": 500}]
    for body in (rules, {"rules": rules}):
        assert (await guest.http.post("/_simulator/faults", json=body)).json() == {"rules": 1}
        assert (await guest.call("GET", "users"))[0] == 500
    for wrong in ([{"kind": "x"}], "x", {"rules": 5}):
        assert (await guest.http.post("/_simulator/faults", json=wrong)).status_code == 400
    assert (await guest.http.post("/_simulator/faults", content=b"{")).status_code == 400


async def test_the_state_is_everything_but_secrets() -> None:
    guest = await open_door(lag=5)
    client = await guest.client("c")
    await guest.get("oauth/clients/operator/usage/summary")
    state = (await guest.http.get("/_simulator/state")).json()
    assert state == guest.sim.state() and guest.sim.snapshot().items() <= state.items()
    assert [row["entity"]["name"] for row in state["audits"]] == ["c"]
    assert {row["table"] for row in state["late"]} == {"clients", "audits"}
    assert sum(row["requests"] for row in state["usage"]) == 2
    assert [*state["queries"].values()] == [{"client": "operator", "days": 7, "at": state["date"]}]
    assert state["date"] == "2026-01-01T00:00:00.000Z"
    text = json.dumps(state)
    token = guest.http.headers["authorization"].split()[1]
    assert [each for each in (client["secret"], "operator-secret", token) if each in text] == []


def test_the_state_has_a_place_for_every_table() -> None:
    filled: set[str] = set()
    for seed in bundled():
        sim = Simulator(find_seed(seed))
        shown = json.dumps(sim.state())
        tables = {name: sim.org.live.table(name).rows for name in TABLES if name != "facts"}
        assert [name for name, rows in tables.items() for key in rows if key not in shown] == []
        filled |= {name for name, rows in tables.items() if rows}
    assert filled == {*TABLES} - {"facts"}


async def test_reset_brings_the_beginning_back() -> None:
    guest = await open_door(lag=5, rate_limit="20/60")
    before = guest.sim.state()
    first = await guest.division("d")
    await guest.get("oauth/clients/operator/usage/summary")
    await guest.http.post("/_simulator/clock", json={"advance": 86_400})
    guest.time.now = 7
    guest.sim.edit("DELETE", f"/api/v2/authorization/divisions/{first}")
    guest.sim.faults([{"kind": "status", "times": None}])
    for _ in range(20):
        await guest.call("GET", "users")
    assert (await guest.http.post("/_simulator/reset")).status_code == 200

    assert guest.sim.state() == before
    log = (await guest.http.get("/_simulator/requests")).json()
    assert log == {"total": 0, "requests": []}
    assert (await guest.call("GET", "users"))[0] == 401
    await guest.log_in()
    statuses = [(await guest.send("GET", "organizations/me")).status_code for _ in range(20)]
    assert set(statuses) == {200}
    assert guest.sim.requests[0].at == 0
    guest.time.now += 60
    assert await guest.division("d") == first


async def test_a_reset_with_a_clock_of_its_own_begins_at_the_present() -> None:
    sim = Simulator()
    sim.clock.advance(86_400)
    ahead = sim.clock.stamp()
    sim.reset()
    assert sim.clock.stamp() < ahead
    assert sim.snapshot()["clients"][0]["dateCreated"] < ahead


async def test_two_runs_are_the_same() -> None:
    states = []
    for _ in range(2):
        guest = await open_door()
        client = await guest.client("c", (await guest.role("r"), await guest.division("d")))
        states.append((client["secret"], json.dumps(guest.sim.snapshot())))
    assert states[0] == states[1]


@pytest.mark.parametrize(("latency", "seconds"), [(0.0, 0.0), (0.05, 0.1)])
async def test_latency_is_waited_on_every_request(latency: float, seconds: float) -> None:
    guest = await open_door(latency=latency)
    await guest.call("GET", "users")
    assert guest.time.now == pytest.approx(seconds)
