"""Serving a simulator over HTTP, on loopback and nowhere else: it has no real access control."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from ipaddress import ip_address
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from reconciler.simulator.http import HANG_UP, Receive, Scope, Send
from reconciler.simulator.simulator import Simulator

SAVE_EVERY = 1.0
"""Seconds between two looks at whether there is something to save."""


class _Protocol(H11Protocol):
    """Leaves the application a way to close the connection without an answer, which ASGI has not."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.app = partial(_with_hang_up, self.app, transport)


async def _with_hang_up(
    app: Any, transport: asyncio.Transport, scope: Scope, receive: Receive, send: Send
) -> None:
    async def hang_up() -> None:
        transport.abort()
        await asyncio.sleep(0)  # the server must learn that the client is gone before the application returns

    scope[HANG_UP] = hang_up
    await app(scope, receive, send)


def _config(simulator: Simulator, host: str) -> uvicorn.Config:
    if host != "localhost" and not ip_address(host).is_loopback:
        raise ValueError(f"the simulator serves loopback only, not {host}")
    config = uvicorn.Config(simulator.app, ws="none", lifespan="off", log_level="critical", access_log=False)
    config.load()
    return config


@asynccontextmanager
async def serve(simulator: Simulator, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Serve while the context is open; gives the base URL. Raises ValueError off loopback, OSError."""
    state = ServerState()
    # uvicorn's own loop would take over signals; a listener with its protocol is all that is needed
    make = partial(_Protocol, config=_config(simulator, host), server_state=state, app_state={})
    listener = await asyncio.get_running_loop().create_server(make, host, port)
    try:
        yield f"http://{host}:{listener.sockets[0].getsockname()[1]}"
    finally:
        listener.close()
        for connection in list(state.connections):
            connection.shutdown()
        simulator.save()


def run(simulator: Simulator, port: int, ready: Callable[[str], None] | None = None) -> None:
    """Serve on loopback until interrupted or terminated; `ready` is told the base URL once it serves.

    Changes are saved within SAVE_EVERY seconds. Raises ValueError when that fails, OSError for a port in use.
    """
    asyncio.run(_forever(simulator, port, ready))


async def _forever(simulator: Simulator, port: int, ready: Callable[[str], None] | None) -> None:
    stop = asyncio.Event()
    with suppress(ValueError, RuntimeError):  # off the main thread there are no signals to handle
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with serve(simulator, port=port) as base:
        if ready:
            ready(base)
        while not stop.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), SAVE_EVERY)
            simulator.save_changes()
