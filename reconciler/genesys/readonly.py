"""The wall around read-only runs: what is not known to be a read does not leave, whoever asks."""

from __future__ import annotations

import re
from collections.abc import Iterable

import httpx

from reconciler.genesys.calls import TOKEN_RETURN, Call

_READABLE = re.compile(
    r"/api/v2/(authorization/.+|oauth/clients(/.+)?|organizations/me|tokens/me|(groups|users)(/.+)?)"
)


class WriteRefused(RuntimeError):
    """Something tried to write in a read-only run. A mistake in the program, not of its user."""


class ReadOnlyTransport(httpx.AsyncBaseTransport):
    """Passes token requests, searches and listed GETs to `inner`; raises `WriteRefused` for the rest.

    Giving one's own token back passes too: it ends what this run began, and changes nothing else.
    `collections` are paths that may be read besides, themselves and what lies directly below them; one with
    `{id}` before its last part stands for that list of any object.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, collections: Iterable[str] = ()) -> None:
        self._inner = inner
        self._collections = frozenset(collections)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send it on, if it only reads."""
        path = request.url.raw_path.decode("ascii").partition("?")[0]
        call = Call(request.method, path)
        if call != TOKEN_RETURN and not self._reads(call):
            raise WriteRefused(f"{call} is not on the list of reads, and this run is read-only")
        return await self._inner.handle_async_request(request)

    def _reads(self, call: Call) -> bool:
        return call.reads and (call.method != "GET" or self._readable(call.path))

    def _readable(self, path: str) -> bool:
        above, _, last = path.rpartition("/")
        inside = f"{above.rpartition('/')[0]}/{{id}}/{last}"
        listed = not self._collections.isdisjoint((path, above, inside))
        return listed or _READABLE.fullmatch(path) is not None

    async def aclose(self) -> None:
        """Close the transport inside."""
        await self._inner.aclose()
