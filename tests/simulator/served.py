"""A simulator over a socket, and a client of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from reconciler.simulator import Simulator, serve


@asynccontextmanager
async def served(sim: Simulator) -> AsyncIterator[httpx.AsyncClient]:
    """A client of `sim` over a socket, with a token."""
    async with serve(sim) as base, httpx.AsyncClient(base_url=base) as http:
        form, operator = {"grant_type": "client_credentials"}, ("operator", "operator-secret")
        answer = await http.post("/oauth/token", data=form, auth=operator)
        http.headers["authorization"] = f"Bearer {answer.json()['access_token']}"
        yield http
