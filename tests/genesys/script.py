"""An organisation that says what it is told to, for what the simulator cannot be made to do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx

from reconciler.genesys import AccessToken, ClientCredentials, GenesysApi, endpoint
from reconciler.model.secret import Secret
from tests.support.clock import LoopClock

Line = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


def says(status: int = 200, json: Any = None, **headers: str) -> httpx.Response:
    """An answer in JSON; `retry_after="5"` is the header Retry-After."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, json={} if json is None else json, headers=named)


def html(status: int = 200) -> httpx.Response:
    return httpx.Response(status, html="<html><body>please log in</body></html>")


def cut(status: int = 200) -> httpx.Response:
    return httpx.Response(
        status, content=b'{"entities": [{"id": "a"', headers={"Content-Type": "application/json"}
    )


class Script:
    """Plays its lines in order, one per request to the API, and then its last line for ever; an answer may
    be used again, as each request gets a copy.

    Token requests are answered beside the script, with the tokens `token-1`, `token-2` ….
    """

    def __init__(self, *lines: Line, token: Callable[[int], httpx.Response] | None = None) -> None:
        self.lines = list(lines) or [says()]
        self.token = token or self.good_token
        self.seen: list[httpx.Request] = []
        self.times: list[float] = []
        self.tokens = 0

    @staticmethod
    def good_token(number: int) -> httpx.Response:
        return says(json={"access_token": f"token-{number}", "token_type": "bearer", "expires_in": 3600})

    async def play(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0.05)
        if request.url.path == "/oauth/token":
            self.tokens += 1
            return self.token(self.tokens)
        self.seen.append(request)
        self.times.append(asyncio.get_running_loop().time())
        line = self.lines.pop(0) if len(self.lines) > 1 else self.lines[0]
        if isinstance(line, Exception):
            raise line
        answer = line(request) if callable(line) else line
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    def api(self, credentials: ClientCredentials | AccessToken | None = None, **options: Any) -> GenesysApi:
        """Our edge, talking to this script."""
        return GenesysApi(
            endpoint("http://127.0.0.1"),
            credentials or ClientCredentials("operator", Secret("operator-secret")),
            LoopClock(),
            transport=httpx.MockTransport(self.play),
            **options,
        )
