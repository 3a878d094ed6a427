"""Faults on demand: each kind, when it strikes, and what was done all the same."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from reconciler.simulator.faults import KINDS
from tests.simulator.guest import Guest, client_body, open_door

DIVISIONS = "authorization/divisions"
NEW = {"name": "new", "description": ""}
Case = Callable[[Guest], Awaitable[None]]
CASES: dict[str, Case] = {}


def case(kind: str) -> Callable[[Case], Case]:
    """Register how one kind is proved."""

    def keep(test: Case) -> Case:
        CASES[kind] = test
        return test

    return keep


def test_every_kind_is_proved() -> None:
    assert set(CASES) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_fault_does_what_it_says_once(kind: str) -> None:
    guest = await open_door()
    await CASES[kind](guest)
    assert (await guest.call("GET", "organizations/me"))[0] == 200


def set_fault(guest: Guest, kind: str, **rule: Any) -> None:
    guest.sim.faults([{"kind": kind, "path": f"/api/v2/{DIVISIONS}*", **rule}])


def names(guest: Guest) -> list[str]:
    return [row["name"] for row in guest.sim.snapshot()["divisions"]]


@case("refuse")
async def _refuse(guest: Guest) -> None:
    set_fault(guest, "refuse")
    with pytest.raises(ConnectionResetError):
        await guest.call("POST", DIVISIONS, NEW)
    assert (names(guest), guest.time.now) == (["Home"], 0)
    assert guest.sim.requests[-1].status == 0


@case("timeout-before")
async def _timeout_before(guest: Guest) -> None:
    set_fault(guest, "timeout-before", seconds=30)
    with pytest.raises(TimeoutError):
        await guest.call("POST", DIVISIONS, NEW)
    assert (names(guest), guest.time.now) == (["Home"], 30)


@case("timeout-after")
async def _timeout_after(guest: Guest) -> None:
    set_fault(guest, "timeout-after")
    with pytest.raises(TimeoutError):
        await guest.call("POST", DIVISIONS, NEW)
    assert (names(guest), guest.time.now) == (["Home", "new"], 60)
    assert [each.status for each in guest.sim.writes()] == [200]


@case("truncate")
async def _truncate(guest: Guest) -> None:
    set_fault(guest, "truncate")
    answer = await guest.send("POST", DIVISIONS, NEW)
    assert len(answer.content) == int(answer.headers["content-length"]) // 2
    assert names(guest) == ["Home", "new"]


@case("garble")
async def _garble(guest: Guest) -> None:
    set_fault(guest, "garble")
    answer = await guest.send("GET", DIVISIONS)
    assert answer.status_code == 200
    with pytest.raises(ValueError, match="utf-8"):
        answer.json()


@case("html")
async def _html(guest: Guest) -> None:
    for rule, status in (({}, 502), ({"status": 200}, 200)):
        set_fault(guest, "html", **rule)
        answer = await guest.send("POST", DIVISIONS, NEW)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
        assert "<html>" in answer.text
    assert names(guest) == ["Home"]


@case("status")
async def _status(guest: Guest) -> None:
    for status, code, retry in (
        (503, "service.unavailable", None),
        (429, "too.many.requests", 7),
        (401, "x", None),
    ):
        set_fault(guest, "status", status=status, code=code, retryAfter=retry)
        answer = await guest.send("POST", DIVISIONS, NEW)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert answer.headers.get("Retry-After") == (str(retry) if retry else None)
    assert names(guest) == ["Home"]


@case("stale")
async def _stale(guest: Guest) -> None:
    await guest.division("old")
    guest.time.now = 100
    await guest.division("young")
    set_fault(guest, "stale", seconds=50)
    assert [row["name"] for row in (await guest.get(DIVISIONS))["entities"]] == ["Home", "old"]
    assert (await guest.get(DIVISIONS))["total"] == 3


@case("page-shift")
async def _page_shift(guest: Guest) -> None:
    for name in "abcd":
        await guest.division(name)
    set_fault(guest, "page-shift", nth=2)
    pages = [await guest.get(f"{DIVISIONS}?pageSize=2&pageNumber={number}") for number in (1, 2)]
    assert [row["name"] for page in pages for row in page["entities"]] == ["Home", "a", "c", "d"]
    assert [page["total"] for page in pages] == [5, 4]


@case("edit")
async def _edit(guest: Guest) -> None:
    client = await guest.client("c")
    edit = {"method": "PUT", "path": f"/api/v2/oauth/clients/{client['id']}", "body": client_body("by hand")}
    set_fault(guest, "edit", edits=[edit])
    status, _ = await guest.call("POST", DIVISIONS, NEW)
    assert (status, names(guest)) == (200, ["Home", "new"])
    row = guest.find("clients", "by hand")
    assert row["modifiedBy"]["name"] == "Dana Keller"


async def test_a_rule_strikes_the_nth_matching_request_and_so_many_after() -> None:
    guest = await open_door()
    guest.sim.faults(
        [{"kind": "status", "status": 500, "method": "GET", "path": "*/users", "nth": 2, "times": 2}]
    )
    statuses = []
    for _ in range(5):
        await guest.call("GET", "groups")
        statuses.append((await guest.call("GET", "users"))[0])
    assert statuses == [200, 500, 500, 200, 200]


async def test_an_edit_and_a_fault_may_strike_the_same_request() -> None:
    guest = await open_door()
    edit = {"method": "POST", "path": f"/api/v2/{DIVISIONS}", "body": NEW}
    guest.sim.faults([{"kind": "edit", "edits": [edit]}, {"kind": "status", "status": 500}])
    assert (await guest.call("GET", "users"))[0] == 500
    assert names(guest) == ["Home", "new"]


async def test_a_rule_without_end_strikes_until_it_is_lifted() -> None:
    guest = await open_door()
    guest.sim.faults([{"kind": "status", "times": None}])
    assert {(await guest.call("GET", "users"))[0] for _ in range(5)} == {503}
    guest.sim.faults([])
    assert (await guest.call("GET", "users"))[0] == 200


async def test_faults_strike_token_requests_too_but_not_controls() -> None:
    guest = await open_door()
    guest.sim.faults([{"kind": "status", "times": None}])
    assert (await guest.ask_token("operator", "operator-secret")).status_code == 503
    assert (await guest.http.get("/_simulator/health")).status_code == 200


@pytest.mark.parametrize("rule", [{"kind": "explode"}, {}, {"kind": "refuse", "when": "now"}], ids=str)
async def test_a_rule_that_makes_no_sense_is_refused(rule: dict[str, Any]) -> None:
    guest = await open_door()
    with pytest.raises(ValueError, match=r"kinds are: refuse|fields are: code"):
        guest.sim.faults([rule])
