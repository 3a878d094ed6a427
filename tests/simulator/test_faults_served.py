"""Every fault over a real socket: what a client of the network sees of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest

from reconciler.simulator import Simulator
from reconciler.simulator.faults import KINDS
from tests.simulator.served import served

URL = "/api/v2/authorization/divisions"
MADE = {"name": "made", "description": ""}
EDIT = {"method": "POST", "path": URL, "body": {"name": "by hand", "description": ""}}
Ask = Callable[[], Awaitable[httpx.Response]]


async def nothing(_: float) -> None:
    """No waiting."""


def names(sim: Simulator) -> list[str]:
    return [row["name"] for row in sim.snapshot()["divisions"]]


def seen(answer: httpx.Response) -> list[str]:
    return [row["name"] for row in answer.json()["entities"]]


@pytest.mark.parametrize("kind", KINDS)
async def test_each_kind_is_real(kind: str) -> None:
    sim = Simulator(sleep=nothing)
    async with served(sim) as http:
        await http.post(URL, json=MADE)
        await CASES[kind](sim, http)
        sim.faults([])
        assert (await http.get(URL)).status_code == 200


def test_every_kind_is_here() -> None:
    assert set(CASES) == set(KINDS)


def lost(kind: str, done: bool) -> Callable[[Simulator, httpx.AsyncClient], Awaitable[None]]:
    async def case(sim: Simulator, http: httpx.AsyncClient) -> None:
        sim.faults([{"kind": kind}])
        with pytest.raises(httpx.RemoteProtocolError):
            await http.post(URL, json={"name": "lost", "description": ""})
        assert ("lost" in names(sim)) is done

    return case


async def _garble(sim: Simulator, http: httpx.AsyncClient) -> None:
    sim.faults([{"kind": "garble"}])
    answer = await http.get(URL)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    with pytest.raises(ValueError, match="utf-8"):
        answer.json()


async def _drip(sim: Simulator, http: httpx.AsyncClient) -> None:
    sim.faults([{"kind": "drip"}])
    assert seen(await http.get(URL)) == ["Home", "made"]


async def _html(sim: Simulator, http: httpx.AsyncClient) -> None:
    sim.faults([{"kind": "html", "status": 504}])
    answer = await http.get(URL)
    assert (answer.status_code, answer.headers["content-type"]) == (504, "text/html; charset=utf-8")


async def _status(sim: Simulator, http: httpx.AsyncClient) -> None:
    for status, wait in ((429, None), (429, 7), (401, None), (403, None), (500, None), (503, None)):
        sim.faults([{"kind": "status", "status": status, "retryAfter": wait}])
        answer = await http.get(URL)
        assert (answer.status_code, answer.json()["status"]) == (status, status)
        assert answer.headers.get("retry-after") == (str(wait) if wait else None)


async def _stale(sim: Simulator, http: httpx.AsyncClient) -> None:
    sim.faults([{"kind": "stale"}])
    assert seen(await http.get(URL)) == ["Home"]


async def _unsteady(sim: Simulator, http: httpx.AsyncClient) -> None:
    sim.faults([{"kind": "unsteady", "times": 12}])
    counts = [len(seen(await http.get(URL))) for _ in range(12)]
    assert {1, 2} == {*counts} and counts != sorted(counts)


async def _page_shift(sim: Simulator, http: httpx.AsyncClient) -> None:
    sim.faults([{"kind": "page-shift"}])
    assert seen(await http.get(URL)) == ["made"]


async def _edit(sim: Simulator, http: httpx.AsyncClient) -> None:
    sim.faults([{"kind": "edit", "edits": [EDIT]}])
    assert seen(await http.get(URL)) == ["Home", "made", "by hand"]


CASES: dict[str, Callable[[Simulator, httpx.AsyncClient], Awaitable[None]]] = {
    "refuse": lost("refuse", done=False),
    "timeout-before": lost("timeout-before", done=False),
    "timeout-after": lost("timeout-after", done=True),
    "truncate": lost("truncate", done=True),
    "garble": _garble,
    "drip": _drip,
    "html": _html,
    "status": _status,
    "stale": _stale,
    "unsteady": _unsteady,
    "page-shift": _page_shift,
    "edit": _edit,
}


@pytest.mark.parametrize("kind", ["truncate", "garble", "drip"])
async def test_an_answer_without_a_body_has_nothing_to_spoil(kind: str) -> None:
    sim = Simulator(sleep=nothing)
    async with served(sim) as http:
        key = (await http.post(URL, json=MADE)).json()["id"]
        sim.faults([{"kind": kind}])
        answer = await http.delete(f"{URL}/{key}")
        assert (answer.status_code, answer.content, names(sim)) == (204, b"", ["Home"])
        assert (await http.get(URL)).status_code == 200


async def test_a_slow_body_comes_drop_by_drop() -> None:
    """The server waits before each drop until the test lets it go on, so that no time passes."""
    waits, gate = list[float](), asyncio.Semaphore(0)

    async def gated(seconds: float) -> None:
        waits.append(seconds)
        await gate.acquire()

    sim = Simulator(sleep=gated)
    async with served(sim) as http:
        sim.faults([{"kind": "drip", "seconds": 10}])
        async with http.stream("GET", URL) as answer:
            chunks, whole, got = answer.aiter_raw(), int(answer.headers["content-length"]), b""
            while len(got) < whole:
                gate.release()
                got += await anext(chunks)
                assert len(got) < whole or len(waits) > 10
        assert b'"Home"' in got
        assert sum(waits) == pytest.approx(10)
        assert max(waits) == min(waits)
