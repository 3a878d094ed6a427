"""Sending: one attempt on the wire, paced, timed, counted and logged."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import anyio
import httpx
import structlog

from reconciler.genesys.answers import Raw, identity
from reconciler.genesys.calls import Call
from reconciler.genesys.errors import unanswered
from reconciler.genesys.pacing import Pacer
from reconciler.genesys.told import told
from reconciler.model.checkup import Told
from reconciler.model.outcome import Requests
from reconciler.planning.lease import REQUEST_SECONDS
from reconciler.ports import Clock

_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_LOST = (httpx.RequestError, OSError, anyio.EndOfStream)
"""No answer came: httpx hands on what TLS and its streams raise in the middle of an exchange as it is."""

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What goes on the wire. Not printed: its headers hold credentials.

    `leaves` is called right before it leaves, and raises where it must not.
    """

    call: Call
    url: str
    headers: Mapping[str, str] = field(repr=False)
    query: Mapping[str, str] | None = None
    content: bytes = field(default=b"", repr=False)
    leaves: Callable[[], None] = lambda: None


class Sender:
    """Puts requests on the wire.

    `requests` counts every one, and which of them were repeats; `told` is what the headers of the last
    answer of the API said (the login server counts on its own). `gate` is asked before each attempt at a
    write leaves, and raises when it must not.
    """

    def __init__(
        self, http: httpx.AsyncClient, pacer: Pacer, clock: Clock, gate: Callable[[], None] | None = None
    ) -> None:
        self._http, self._pacer, self._clock, self._gate = http, pacer, clock, gate
        self.requests = Requests()
        self.told = Told()

    async def send(self, out: Outgoing, attempt: int) -> Raw:
        """Send it when its turn comes; raises `Failure` when no answer comes."""
        await self._pacer.slot()
        out.leaves()
        if self._gate and not out.call.reads:
            self._gate()
        self._count(out.call, attempt)
        started = self._clock.monotonic()
        trouble: Exception
        try:
            async with asyncio.timeout(REQUEST_SECONDS):  # a drip of bytes resets httpx's own time-outs
                response = await self._http.send(self._request(out))
        except _LOST as error:
            trouble = error
        else:
            raw = Raw(response.status_code, response.headers, response.content)
            self._pacer.learn(raw)
            self._count_refusal(raw)
            if not out.call.is_token:
                self.told = told(raw.headers, self._clock.now())
            self._note(out.call, raw.status, identity(raw.headers), started, attempt)
            return raw
        self._note(out.call, 0, "", started, attempt)
        # What httpx itself refuses to send, it quotes: a header, and with it a credential.
        quotes = isinstance(trouble, httpx.LocalProtocolError)
        reason = type(trouble).__name__ if quotes else f"{type(trouble).__name__} {trouble}".strip()
        raise unanswered(out.call, reason, left=not isinstance(trouble, _NEVER_LEFT))

    def _request(self, out: Outgoing) -> httpx.Request:
        return self._http.build_request(
            out.call.method, out.url, params=out.query or None, content=out.content, headers=out.headers
        )

    def _count(self, call: Call, attempt: int) -> None:
        read, write, retried, limited = self.requests
        self.requests = Requests(
            read + call.reads, write + (not call.reads), retried + (attempt > 1), limited
        )

    def _count_refusal(self, raw: Raw) -> None:
        if raw.status == 429:
            self.requests = self.requests._replace(limited=self.requests.limited + 1)

    def _note(self, call: Call, status: int, correlation: str, started: float, attempt: int) -> None:
        _log.debug(
            "request answered" if status else "request unanswered",
            method=call.method,
            path=call.path,
            status=status,
            correlation=correlation,
            seconds=round(self._clock.monotonic() - started, 3),
            attempt=attempt,
        )
