"""Our edge of the API against a simulated organisation, in one process and without a socket."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from reconciler.genesys import ClientCredentials, GenesysApi, endpoint
from reconciler.model.secret import Secret
from reconciler.ports import Clock
from reconciler.simulator import Seed, Settings, Simulator
from tests.support.clock import LoopClock


def simulated(seed: Seed | None = None, **settings: Any) -> Simulator:
    """A simulator on the running loop's time, which a `VirtualLoop` makes virtual."""
    time = asyncio.get_running_loop().time
    return Simulator(seed, Settings(**settings), clock=time, sleep=asyncio.sleep)


def connect(
    sim: Simulator,
    *,
    client_id: str = "operator",
    client_secret: str = "operator-secret",
    clock: Clock | None = None,
    read_only: bool = False,
    concurrency: int = 6,
) -> GenesysApi:
    """The API of a simulated organisation; use it as an async context manager."""
    return GenesysApi(
        endpoint("http://127.0.0.1"),
        ClientCredentials(client_id, Secret(client_secret)),
        clock or LoopClock(),
        transport=Wire(sim),
        read_only=read_only,
        concurrency=concurrency,
    )


class Wire(httpx.ASGITransport):
    """A connection to a simulator: what it breaks off arrives as httpx reports it from a socket."""

    def __init__(self, sim: Simulator) -> None:
        super().__init__(app=sim.app)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return await super().handle_async_request(request)
        except TimeoutError as error:
            raise httpx.ReadTimeout(str(error), request=request) from error
        except ConnectionError as error:
            raise httpx.RemoteProtocolError("server disconnected", request=request) from error
