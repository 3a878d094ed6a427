"""The way from one life to the organisation, on which faults strike by the number of the request."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx

from reconciler.simulator.exchange import Answer, Request
from reconciler.simulator.faults import Outcome
from tests.faults import kinds
from tests.faults.clockwork import Life
from tests.faults.organisation import Replica

LATENCY = 0.04
"""Seconds of one request, half of them before it is carried out: a cancellation finds it either way."""


class Wire(httpx.AsyncBaseTransport):
    """Asks the replica. `strike` counts a request and gives (its number, the fault's kind or "").

    `answered` is told of what was carried out, and what it gives is called if the answer reaches the run.
    """

    def __init__(
        self,
        sim: Replica,
        life: Life,
        strike: Callable[[httpx.Request], tuple[int, str]],
        administrate: Callable[[int], None],
        login: LoginServer,
        answered: Callable[[int, Request, Outcome], Callable[[], None]],
        lacking: Callable[[str], None],
    ) -> None:
        self._sim, self._life, self._strike = sim, life, strike
        self._administrate, self._login, self._answered = administrate, login, answered
        self._lacking = lacking

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if not self._life.alive:
            await self._life.hang()
        at, kind = self._strike(request)
        if kind == "page-shift" and at % 2:
            kind = "row-lost"
        if kind == "crash-before":
            await self._life.hang()
        self._interrupt(kind, "cancel-before")
        await asyncio.sleep(LATENCY / 2)
        if not self._life.alive:
            await self._life.hang()
        if kind == "administrator":
            self._administrate(at)
        sent = _sent(request)
        outcome = self._answer(sent, kind, at)
        arrived = self._answered(at, sent, outcome)
        short = kind == "row-lost" and lose_row(outcome.answer)
        if kind == "crash-after":
            await self._life.hang()
        self._interrupt(kind, "cancel-after")
        await asyncio.sleep(LATENCY / 2)
        response = await _delivered(outcome, request)
        arrived()
        if short:
            self._lacking(target(sent))
        return response

    def _interrupt(self, kind: str, wanted: str) -> None:
        if kind == wanted:
            self._life.cancel()
        if kind == "stop":
            self._life.stop.set()

    def _answer(self, request: Request, kind: str, at: int) -> Outcome:
        if kind == "login-down":
            self._login.fail_from(self._life.loop.time())
        rule = kinds.rule(kind, at) or self._login.rule(request.path, self._life.loop.time())
        self._sim.faults([rule] if rule else [])
        try:
            return self._sim.respond(request)
        finally:
            self._sim.faults([])


def _sent(request: httpx.Request) -> Request:
    path, _, query = request.url.raw_path.decode("ascii").partition("?")
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Request(request.method, path, query, headers, request.content)


def target(request: Request) -> str:
    """What a request asks for, its query with it."""
    return f"{request.path}?{request.query}"


def counted_list(answer: Answer) -> dict[str, Any] | None:
    """The list of an answer that says how many there are and shows some; None for any other answer."""
    try:
        body = json.loads(answer.body)
    except ValueError:
        return None
    return body if isinstance(body, dict) and body.get("entities") and "total" in body else None


def lose_row(answer: Answer) -> bool:
    """Take the last entity out of a list that goes on saying how many there are; whether there was one."""
    body = counted_list(answer)
    if body is not None:
        answer.body = json.dumps({**body, "entities": body["entities"][:-1]}).encode()
    return body is not None


class LoginServer:
    """Whether the login server is away."""

    def __init__(self) -> None:
        self._until = 0.0

    def fail_from(self, now: float) -> None:
        """Away for a while."""
        self._until = now + kinds.LOGIN_DOWN_SECONDS

    def rule(self, path: str, now: float) -> dict[str, object] | None:
        """The fault that this makes of a request."""
        return {"kind": "status", "status": 503} if path == "/oauth/token" and now < self._until else None


async def _delivered(outcome: Outcome, request: httpx.Request) -> httpx.Response:
    """What httpx makes of an outcome: an answer, part of one, or the end of a connection."""
    if outcome.lost is not None:
        if not outcome.lost.seconds:
            raise httpx.RemoteProtocolError("server disconnected", request=request)
        await asyncio.sleep(min(outcome.lost.seconds, 30.0))
        raise httpx.ReadTimeout("no answer", request=request)
    answer = outcome.answer
    await asyncio.sleep(outcome.drip)
    body = answer.body[: len(answer.body) // 2] if outcome.cut else answer.body
    headers = {"content-type": answer.media_type, **answer.headers}
    return httpx.Response(answer.status, headers=headers, content=body, request=request)
