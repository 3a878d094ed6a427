"""The simulator as an ASGI application: thin, so that serving costs little more than the answer.

Lost connections: with the server of `serve` the socket is closed for real. Without a server (an in-process
transport) ConnectionResetError is raised for a refused and TimeoutError for a timed-out request.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from reconciler.simulator.control import control_app
from reconciler.simulator.exchange import Answer, Request
from reconciler.simulator.faults import Lost
from reconciler.simulator.hands import Hands

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

HANG_UP = "reconciler.simulator.hang_up"
"""Scope key under which a server leaves a function that closes the connection."""


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
    await _send(outcome.answer, scope, send, outcome.cut)


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


async def _send(answer: Answer, scope: Scope, send: Send, cut: bool) -> None:
    head = [
        (b"content-type", answer.media_type.encode()),
        (b"content-length", str(len(answer.body)).encode()),
        *((name.lower().encode(), value.encode()) for name, value in answer.headers.items()),
    ]
    body = b"" if scope["method"] == "HEAD" else answer.body
    await send({"type": "http.response.start", "status": answer.status, "headers": head})
    hang_up = scope.get(HANG_UP)
    if not cut:
        await send({"type": "http.response.body", "body": body})
        return
    await send(
        {"type": "http.response.body", "body": body[: len(body) // 2], "more_body": hang_up is not None}
    )
    if hang_up:
        await hang_up()


async def _lose(simulator: Hands, scope: Scope, lost: Lost) -> None:
    if lost.seconds:
        await simulator.sleep(lost.seconds)
    hang_up = scope.get(HANG_UP)
    if hang_up:
        await hang_up()
        return
    raise TimeoutError("no answer") if lost.seconds else ConnectionResetError("connection refused")
