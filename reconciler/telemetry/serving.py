"""What people and machines ask of the controller over HTTP: it is served, and nothing can be done there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from ipaddress import ip_address
from typing import NamedTuple

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_LOOPBACK = ["localhost", "127.0.0.1", "[::1]", "::1"]
"""Names by which a browser may ask: a page elsewhere that is resolved to here asks by another."""


class Answers(NamedTuple):
    """What is answered; `health` and `ready` say what is wrong, "" for nothing."""

    page: Callable[[], str]
    metrics: Callable[[], bytes]
    health: Callable[[], str]
    ready: Callable[[], str]


def app(answers: Answers, host: str) -> Starlette:
    """The application; on loopback it answers only who asks for loopback."""

    async def page(_request: Request) -> Response:
        return HTMLResponse(answers.page(), headers=_HEADERS)

    async def metrics(_request: Request) -> Response:
        return Response(answers.metrics(), media_type=CONTENT_TYPE_LATEST, headers=_HEADERS)

    routes = [
        Route("/", page),
        Route("/metrics", metrics),
        Route("/healthz", partial(_well, answers.health)),
        Route("/readyz", partial(_well, answers.ready)),
    ]
    hosts = _LOOPBACK if is_loopback(host) else ["*"]
    return Starlette(routes=routes, middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=hosts)])


async def _well(ask: Callable[[], str], _request: Request) -> Response:
    trouble = ask()
    return PlainTextResponse(f"{trouble or 'ok'}\n", 503 if trouble else 200, headers=_HEADERS)


def is_loopback(host: str) -> bool:
    """Whether nobody but this machine can ask there."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@asynccontextmanager
async def served(answers: Answers, host: str, port: int) -> AsyncIterator[str]:
    """Serve while the context is open; gives the base URL. Raises OSError where that is not to be had."""
    quiet = {"log_level": "critical", "access_log": False, "server_header": False}
    config = uvicorn.Config(app(answers, host), ws="none", lifespan="off", **quiet)  # type: ignore[arg-type]
    config.load()
    state = ServerState()
    # uvicorn's own loop would take over signals; a listener with its protocol is all that is needed
    make = partial(H11Protocol, config=config, server_state=state, app_state={})
    listener = await asyncio.get_running_loop().create_server(make, host, port)
    shown = f"[{host}]" if ":" in host else host
    try:
        yield f"http://{shown}:{listener.sockets[0].getsockname()[1]}/"
    finally:
        listener.close()
        for connection in list(state.connections):
            connection.shutdown()
