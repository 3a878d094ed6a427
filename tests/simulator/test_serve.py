"""Over a real socket on loopback: served whole, cut for real, and nowhere else."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import httpx
import pytest

from reconciler.simulator import Simulator, run, serve

URL = "/api/v2/organizations/me"


async def logged_in(http: httpx.AsyncClient) -> httpx.AsyncClient:
    answer = await http.post(
        "/oauth/token", data={"grant_type": "client_credentials"}, auth=("operator", "operator-secret")
    )
    http.headers["authorization"] = f"Bearer {answer.json()['access_token']}"
    return http


async def test_it_serves_what_it_answers_in_process() -> None:
    async with serve(Simulator()) as base, httpx.AsyncClient(base_url=base) as http:
        await logged_in(http)
        assert (await http.get(URL)).json()["name"] == "Northwind Contact Services"
        assert (await http.head("/api/v2/tokens/me")).status_code == 204
        assert (await http.get("/_simulator/requests")).json()["total"] == 3


async def nothing(_: float) -> None:
    """No waiting."""


@pytest.mark.parametrize("kind", ["refuse", "timeout-before", "timeout-after", "truncate"])
async def test_a_lost_answer_is_a_closed_connection(kind: str) -> None:
    sim = Simulator(sleep=nothing)
    async with serve(sim) as base, httpx.AsyncClient(base_url=base) as http:
        await logged_in(http)
        sim.faults([{"kind": kind}])
        with pytest.raises(httpx.RemoteProtocolError):
            await http.get(URL)
        assert (await http.get(URL)).status_code == 200


async def test_a_client_that_does_not_wait_gives_up_itself() -> None:
    async def for_ever(_: float) -> None:
        await asyncio.Event().wait()

    sim = Simulator(sleep=for_ever)
    async with serve(sim) as base, httpx.AsyncClient(base_url=base) as http:
        await logged_in(http)
        sim.faults([{"kind": "timeout-before"}])
        with pytest.raises(httpx.ReadTimeout):
            await http.get(URL, timeout=httpx.Timeout(None, read=0.05))


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::"])
async def test_it_serves_loopback_only(host: str) -> None:
    with pytest.raises(ValueError, match="loopback only"):
        async with serve(Simulator(), host=host):
            pass


async def test_a_taken_port_is_an_error() -> None:
    async with serve(Simulator()) as base:
        with pytest.raises(OSError, match="in use"):
            async with serve(Simulator(), port=int(base.rpartition(":")[2])):
                pass


async def test_its_state_is_saved_when_it_stops(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    async with serve(Simulator(state_file=path)):
        pass
    assert path.exists()


def test_run_stops_when_it_is_terminated(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    run(Simulator(state_file=path), 0, lambda _: os.kill(os.getpid(), signal.SIGTERM))
    assert path.exists()


def test_run_serves_until_it_is_interrupted() -> None:
    told: list[str] = []

    def ready(base: str) -> None:
        told.append(base)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(Simulator(), 0, ready)
    assert told[0].startswith("http://127.0.0.1:")
