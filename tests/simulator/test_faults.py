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
    key = await guest.division("d")
    set_fault(guest, "garble")
    assert (await guest.send("DELETE", f"{DIVISIONS}/{key}")).content == b""


@case("drip")
async def _drip(guest: Guest) -> None:
    set_fault(guest, "drip", seconds=30)
    answer = await guest.send("POST", DIVISIONS, NEW)
    assert (answer.status_code, answer.json()["name"]) == (200, "new")
    assert guest.time.now == pytest.approx(30)


@case("html")
async def _html(guest: Guest) -> None:
    for rule, status in (({}, 502), ({"status": 200}, 200)):
        set_fault(guest, "html", **rule)
        answer = await guest.send("POST", DIVISIONS, NEW)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
        assert "<html>" in answer.text
    assert names(guest) == ["Home"]
    set_fault(guest, "html", committed=True)
    await guest.send("POST", DIVISIONS, NEW)
    assert names(guest) == ["Home", "new"]


USUAL = {
    400: ("bad.request", "the simulator was told to answer this"),
    401: ("credentials.expired", "The access token has expired."),
    403: (
        "missing.permissions",
        "Unable to perform the requested action. You are missing the following permission(s): "
        "authorization:division:add, authorization:grant:add",
    ),
    404: ("not.found", "the simulator was told to answer this"),
    429: ("too.many.requests", "Rate limit exceeded the maximum."),
    500: ("internal.server.error", "the simulator was told to answer this"),
    503: ("service.unavailable", "the simulator was told to answer this"),
    504: ("request.timeout", "the simulator was told to answer this"),
}


@case("status")
async def _status(guest: Guest) -> None:
    for status, (code, message) in USUAL.items():
        set_fault(guest, "status", status=status)
        answer = await guest.send("POST", DIVISIONS, NEW)
        assert (answer.status_code, answer.json()["code"], answer.json()["message"]) == (
            status,
            code,
            message,
        )
        assert "Retry-After" not in answer.headers
    assert names(guest) == ["Home"]
    set_fault(guest, "status", status=504, committed=True)
    assert (await guest.send("POST", DIVISIONS, NEW)).status_code == 504
    assert names(guest) == ["Home", "new"]


@case("stale")
async def _stale(guest: Guest) -> None:
    await guest.division("old")
    guest.time.now = 100
    await guest.division("young")
    set_fault(guest, "stale", seconds=50)
    assert [row["name"] for row in (await guest.get(DIVISIONS))["entities"]] == ["Home", "old"]
    assert (await guest.get(DIVISIONS))["total"] == 3


@case("unsteady")
async def _unsteady(guest: Guest) -> None:
    """New, old and new again, the same in every run with one seed, and another with another."""
    runs = [await flicker(seed) for seed in (0, 0, 1)]
    assert runs[0] == runs[1] != runs[2]
    assert "new old new" in " ".join(runs[0])


async def flicker(seed: int) -> list[str]:
    guest = await open_door()
    await guest.division("d")
    guest.time.now = 10
    set_fault(guest, "unsteady", seconds=5 + 10, times=12, seed=seed)
    return [{1: "old", 2: "new"}[(await guest.get(DIVISIONS))["total"]] for _ in range(12)]


@case("page-shift")
async def _page_shift(guest: Guest) -> None:
    for name in "abcd":
        await guest.division(name)
    set_fault(guest, "page-shift", nth=2)
    pages = [await guest.get(f"{DIVISIONS}?pageSize=2&pageNumber={number}") for number in (1, 2)]
    assert [row["name"] for page in pages for row in page["entities"]] == ["Home", "a", "c", "d"]
    assert [page["total"] for page in pages] == [5, 4]
    set_fault(guest, "page-shift", nth=2, count=-1)
    pages = [await guest.get(f"{DIVISIONS}?pageSize=2&pageNumber={number}") for number in (1, 2)]
    assert [row["name"] for page in pages for row in page["entities"]] == ["Home", "a", "a", "b"]


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
    guest.sim.faults([{"kind": "status", "status": 401}])
    refused = await guest.ask_token("operator", "operator-secret")
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize("wait", [0, 7, 60, "soon", "Wed, 21 Oct 2026 07:28:00 GMT"], ids=str)
async def test_a_429_waits_as_long_as_it_is_told_to(wait: int | str) -> None:
    guest = await open_door(rate_limit="60/60")
    set_fault(guest, "status", status=429, retryAfter=wait)
    answer = await guest.send("GET", DIVISIONS)
    assert answer.headers["Retry-After"] == str(wait)
    assert answer.json()["limit"]["value"] == 60
    assert f"[{wait}] seconds" in answer.json()["message"]


@pytest.mark.parametrize(
    ("status", "code", "message"),
    [
        (401, "bad.credentials", "Invalid login credentials."),
        (401, "authentication.required", "No authentication bearer token specified."),
        (401, "ip.not.authorized", "the simulator was told to answer this"),
        (400, "constraint.validation", "the simulator was told to answer this"),
        (429, "too.many.requests.retry.after", "Rate limit exceeded the maximum."),
    ],
)
async def test_a_refusal_may_have_another_code(status: int, code: str, message: str) -> None:
    guest = await open_door()
    set_fault(guest, "status", status=status, code=code)
    answer = await guest.send("GET", DIVISIONS)
    assert (answer.status_code, answer.json()["code"], answer.json()["message"]) == (status, code, message)


async def test_a_403_misses_what_the_operation_needs_if_it_needs_anything() -> None:
    guest = await open_door()
    told = {}
    for path in ("routing/queues", "organizations/me", "no/such/path"):
        guest.sim.faults([{"kind": "status", "status": 403}])
        told[path] = (await guest.send("GET", path)).json()
    assert [body["code"] for body in told.values()] == ["missing.any.permissions", *["not.authorized"] * 2]
    assert "routing:queue:view" in told["routing/queues"]["message"]


MISTAKES: dict[str, list[dict[str, Any]]] = {
    "kinds are: refuse": [{"kind": "explode"}, {}],
    "fields are: code": [{"kind": "refuse", "when": "now"}, {"kind": "refuse", "matched": 1}],
    "expected": [
        {"kind": "refuse", **wrong}
        for wrong in (
            {"nth": 0},
            {"nth": "1"},
            {"times": 0},
            {"times": True},
            {"seconds": -1},
            {"seconds": float("inf")},
            {"status": 99},
            {"status": "503"},
            {"code": None},
            {"retryAfter": -1},
            {"retryAfter": "a\nb"},
            {"committed": "yes"},
            {"path": 1},
            {"edits": [{"method": "GET"}]},
            {"edits": [{"method": "GET", "path": "/", "who": "me"}]},
        )
    ],
    "no user 'nobody'": [{"kind": "edit", "edits": [{"method": "GET", "path": "/", "user": "nobody"}]}],
}


@pytest.mark.parametrize(
    ("told", "rule"), [(told, rule) for told in MISTAKES for rule in MISTAKES[told]], ids=str
)
async def test_a_rule_that_makes_no_sense_is_refused(told: str, rule: dict[str, Any]) -> None:
    guest = await open_door()
    with pytest.raises(ValueError, match=told):
        guest.sim.faults([rule])
    assert (await guest.call("GET", "users"))[0] == 200
