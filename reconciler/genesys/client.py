"""The organisation's API as the engine knows it (`ports.OrgApi`), put together from the modules beside it."""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import TracebackType
from typing import Self

import httpx

from reconciler.errors import Refused
from reconciler.genesys.auth import FORM, AccessToken, ClientCredentials, Token, Tokens, token_of
from reconciler.genesys.calls import TOKEN_PATH, TOKEN_RETURN, Call
from reconciler.genesys.connection import connect
from reconciler.genesys.errors import judged
from reconciler.genesys.hosts import Hosts
from reconciler.genesys.pacing import Pacer
from reconciler.genesys.paging import read_paged, read_search, read_unpaged
from reconciler.genesys.retrying import persistently
from reconciler.genesys.sending import Outgoing, Sender
from reconciler.model.checkup import Told
from reconciler.model.outcome import Requests
from reconciler.model.secret import Secret
from reconciler.model.value import Json
from reconciler.ports import Answer, Clock, Fence, Listing

_TOKEN = Call("POST", TOKEN_PATH)


class GenesysApi:
    """One organisation's API for one credential; an async context manager.

    `transport` replaces the network, `read_only` lets through nothing but listed reads and those of
    `collections`, `concurrency` is the number of requests in flight; a `pacer` of the caller's keeps its pace
    beyond this connection; a `fence` may stop each write, and each renewal of the token, at the last moment.
    Every call may be cancelled at any moment.
    """

    def __init__(
        self,
        hosts: Hosts,
        credentials: ClientCredentials | AccessToken,
        clock: Clock,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        read_only: bool = False,
        collections: Iterable[str] = (),
        concurrency: int = 6,
        pacer: Pacer | None = None,
        fence: Fence | None = None,
    ) -> None:
        self._hosts, self._credentials, self._clock = hosts, credentials, clock
        self._http = connect(transport, read_only=read_only, collections=collections, concurrency=concurrency)
        self._pacer = pacer or Pacer(clock, concurrency=concurrency)
        self._fence = fence
        self._sender = Sender(self._http, self._pacer, clock, fence.check if fence else None)
        self._tokens = Tokens(self._new_token, clock)

    async def __aenter__(self) -> Self:
        """Connects when the first request leaves, not here."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close all connections."""
        await self._http.aclose()

    @property
    def requests(self) -> Requests:
        """Every request sent, as read or write; `retried` says how many of them were repeats."""
        return self._sender.requests

    @property
    def told(self) -> Told:
        """What the headers of the last answer said; nothing before the first."""
        return self._sender.told

    async def read(self, path: str, query: Mapping[str, str] | None = None) -> Json:
        """One GET; the body without any secret. Raises `Rejected` (status 404) where nothing is."""
        return (await self._call("GET", path, query)).body

    async def list_all(self, path: str, query: Mapping[str, str] | None = None, *, paged: bool) -> Listing:
        """Every page of a collection, read concurrently; incomplete readings say so in `gap`."""
        return await (read_paged if paged else read_unpaged)(self.read, path, query or {})

    async def search(self, path: str, field: str, value: str) -> Listing:
        """What the vendor's search by POST finds for this value of a field, and perhaps some more."""
        wanted = {"query": [{"type": "EXACT", "fields": [field], "value": value}]}

        async def ask(page: Mapping[str, int]) -> Json:
            return (await self._call("POST", path, body={**wanted, **page})).body

        return await read_search(ask, path)

    async def query(self, path: str, body: Json) -> Json:
        """The answer to a question asked by POST, one of those that only read."""
        call = Call("POST", path)
        if not call.reads:
            raise ValueError(f"{call} is no question")
        return (await self._call(*call, body=body)).body

    async def write(
        self, method: str, path: str, body: Json, leaves: Callable[[], None] = lambda: None
    ) -> Answer:
        """One write; only a POST hands out a secret. See `retrying` for what is repeated."""
        return await self._call(method, path, body=body, leaves=leaves)

    async def proves(self, client_id: str, secret: Secret) -> bool:
        """Whether this credential gets a token. A client that was just activated may need a moment."""
        try:
            async with self._pacer.flight:
                await self._token_for(ClientCredentials(client_id, secret))
        except Refused:
            return False
        return True

    def renew(self) -> None:
        """Act with a new token from the next call on: the rights of an old one may be those of its birth."""
        self._tokens.discard()

    async def give_back(self) -> None:
        """End the token in use, if there is one; raises `OrgError`. The next call would get another."""
        if self._tokens.is_issued:
            await self._call(*TOKEN_RETURN)
            self._tokens.discard()

    async def _call(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        body: Json = None,
        leaves: Callable[[], None] = lambda: None,
    ) -> Answer:
        call = Call(method, path.partition("?")[0])
        content = b"" if body is None else json.dumps(body).encode()  # escaped: half a character has no UTF-8
        out = Outgoing(call, self._hosts.api + path, {}, query, content, leaves)
        return await persistently(call, functools.partial(self._attempt, out))

    async def _attempt(self, out: Outgoing, number: int) -> Answer:
        """One attempt; a refused token is renewed once, as nothing was done with it."""
        async with self._pacer.flight:
            token = await self._tokens.current()
            raw = await self._sender.send(_signed(out, token), number)
            if raw.status == 401 and isinstance(self._credentials, ClientCredentials):
                self._tokens.discard(token)
                token = await self._tokens.current()
                raw = await self._sender.send(_signed(out, token), number + 1)
        return judged(out.call, raw, self._credentials.remedy)

    async def _new_token(self) -> Token:
        if isinstance(self._credentials, AccessToken):
            return Token(self._credentials.token, math.inf, math.inf)
        if self._fence is None:
            return await self._token_for(self._credentials)
        await self._fence.renewing()
        token = await self._token_for(self._credentials)
        await self._fence.renewed(token.ends)
        return token

    async def _token_for(self, credentials: ClientCredentials) -> Token:
        asked_at = self._clock.monotonic()
        answer = await persistently(_TOKEN, functools.partial(self._ask_for_token, credentials))
        return token_of(answer, asked_at, self._clock.monotonic())

    async def _ask_for_token(self, credentials: ClientCredentials, number: int) -> Answer:
        out = _token_request(self._hosts.login, credentials)
        return judged(_TOKEN, await self._sender.send(out, number), credentials.remedy)


def _token_request(login: str, credentials: ClientCredentials) -> Outgoing:
    """Its headers stand in no variable of a function that waits: a traceback might be shown with those."""
    headers = {"Authorization": credentials.basic(), "Content-Type": "application/x-www-form-urlencoded"}
    return Outgoing(_TOKEN, login + TOKEN_PATH, headers, content=FORM)


def _signed(out: Outgoing, token: Secret) -> Outgoing:
    headers = {"Authorization": f"Bearer {token.reveal()}"}
    if out.content:
        headers["Content-Type"] = "application/json"
    return replace(out, headers=headers)
