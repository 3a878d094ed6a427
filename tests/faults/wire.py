"""The way from one life to the organisation, on which faults strike by the number of the request."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import httpx

from reconciler.simulator.exchange import Request
from reconciler.simulator.faults import Outcome
from tests.faults import kinds
from tests.faults.clockwork import Life
from tests.faults.organisation import Replica

LATENCY = 0.04
"""Seconds of one request, half of them before it is carried out: a cancellation finds it either way."""


class Wire(httpx.AsyncBaseTransport):
    """Asks the replica. `strike` counts a request and gives (its number, the fault's kind or "")."""

    def __init__(
        self,
        sim: Replica,
        life: Life,
        strike: Callable[[httpx.Request], tuple[int, str]],
        administrate: Callable[[int], None],
        login: LoginServer,
        answered: Callable[[str, str, int, str], None],
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
        outcome = self._answer(request, kind, at)
        wait = outcome.answer.headers.get("Retry-After", "")
        self._answered(request.method, request.url.path, outcome.answer.status, wait)
        if kind == "row-lost" and lose_row(outcome):
            self._lacking(request.url.path)
        if kind == "crash-after":
            await self._life.hang()
        self._interrupt(kind, "cancel-after")
        await asyncio.sleep(LATENCY / 2)
        return await _delivered(outcome, request)

    def _interrupt(self, kind: str, wanted: str) -> None:
        if kind == wanted:
            self._life.cancel()
        if kind == "stop":
            self._life.stop.set()

    def _answer(self, request: httpx.Request, kind: str, at: int) -> Outcome:
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        headers = {name.lower(): value for name, value in request.headers.items()}
        if kind == "login-down":
            self._login.fail_from(self._life.loop.time())
        rule = kinds.rule(kind, at) or self._login.rule(path, self._life.loop.time())
        self._sim.faults([rule] if rule else [])
        try:
            return self._sim.respond(Request(request.method, path, query, headers, request.content))
        finally:
            self._sim.faults([])


def lose_row(outcome: Outcome) -> bool:
    """Take the last entity out of a list that goes on saying how many there are; whether there was one."""
    try:
        body = json.loads(outcome.answer.body)
    except ValueError:
        return False
    if not (isinstance(body, dict) and body.get("entities") and "total" in body):
        return False
    outcome.answer.body = json.dumps({**body, "entities": body["entities"][:-1]}).encode()
    return True


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
