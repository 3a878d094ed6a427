"""The simulator as an ASGI application: thin, so that serving costs little more than the answer.

Lost connections: with the server of `serve` the socket is closed for real. Without a server (an in-process
transport) ConnectionResetError is raised for a refused and TimeoutError for a timed-out request.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from math import ceil
from typing import Any

from reconciler.simulator.control import control_app
from reconciler.simulator.exchange import Request
from reconciler.simulator.faults import Lost, Outcome
from reconciler.simulator.hands import Hands

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

HANG_UP = "reconciler.simulator.hang_up"
"""Scope key under which a server leaves a function that closes the connection."""
_DROPS = 20
"""Pieces in which a slow body comes."""


def application(simulator: Hands) -> Application:
    """The vendor's paths, and the controls below `/_simulator`."""
    control = control_app(simulator)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/_simulator"):
            await control(scope, receive, send)
            return
        await _answer(simulator, scope, receive, send)

    return app


async def _answer(simulator: Hands, scope: Scope, receive: Receive, send: Send) -> None:
    request = await _request(scope, receive)
    if simulator.settings.latency:
        await simulator.sleep(simulator.settings.latency)
    outcome = simulator.respond(request)
    if outcome.lost:
        await _lose(simulator, scope, outcome.lost)
        return
    await _send(simulator, outcome, scope, send)


async def _request(scope: Scope, receive: Receive) -> Request:
    """Read a request whole. The raw path keeps `%2F` apart from `/`."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1").partition("?")[0]
    return Request(scope["method"], path, scope["query_string"].decode("latin-1"), headers, body)


async def _send(simulator: Hands, outcome: Outcome, scope: Scope, send: Send) -> None:
    answer = outcome.answer
    head = [
        (b"content-type", answer.media_type.encode()),
        (b"content-length", str(len(answer.body)).encode()),
        *((name.lower().encode(), value.encode()) for name, value in answer.headers.items()),
    ]
    body = b"" if scope["method"] == "HEAD" else answer.body
    await send({"type": "http.response.start", "status": answer.status, "headers": head})
    if outcome.cut:
        await _cut(body, scope, send)
        return
    if outcome.drip:
        await _drip(simulator, body, outcome.drip, send)
        body = b""
    await send({"type": "http.response.body", "body": body})


async def _cut(body: bytes, scope: Scope, send: Send) -> None:
    """Half of a body."""
    hang_up = scope.get(HANG_UP)
    await send(
        {"type": "http.response.body", "body": body[: len(body) // 2], "more_body": hang_up is not None}
    )
    if hang_up:
        await hang_up()


async def _drip(simulator: Hands, body: bytes, seconds: float, send: Send) -> None:
    """A body drop by drop, evenly over `seconds`; the end is still to be sent."""
    size = ceil(len(body) / _DROPS) or 1
    drops = [body[start : start + size] for start in range(0, len(body), size)] or [b""]
    for drop in drops:
        await simulator.sleep(seconds / len(drops))
        await send({"type": "http.response.body", "body": drop, "more_body": True})


async def _lose(simulator: Hands, scope: Scope, lost: Lost) -> None:
    if lost.seconds:
        await simulator.sleep(lost.seconds)
    hang_up = scope.get(HANG_UP)
    if hang_up:
        await hang_up()
        return
    raise TimeoutError("no answer") if lost.seconds else ConnectionResetError("connection refused")
