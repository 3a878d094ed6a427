"""The page at `/_simulator/`, and controls beside it: look at, drift and break it, move its clock.

They need no token: the simulator serves loopback only, and `guard` keeps pages from elsewhere out.
"""

import json
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from reconciler.simulator.guard import LoopbackOnly
from reconciler.simulator.hands import Hands
from reconciler.simulator.view.page import page, policy

_LONGEST_REFRESH = 3600
_HEADERS = {
    "content-security-policy": policy(),
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
}


class Controls:
    """One method per control; a mistake in a body is a 400 with the reason."""

    def __init__(self, simulator: Hands) -> None:
        self._simulator = simulator

    async def page(self, request: Request) -> Response:
        """The organisation for people to look at; with `?refresh=SECONDS` a browser looks again and again."""
        seconds = request.query_params.get("refresh", "0")
        if not (seconds.isascii() and seconds.isdigit() and int(seconds) <= _LONGEST_REFRESH):
            return _mistake(ValueError(f"refresh is a whole number of seconds, at most {_LONGEST_REFRESH}"))
        return HTMLResponse(page(self._simulator, int(seconds)), headers=_HEADERS)

    async def health(self, _: Request) -> JSONResponse:
        """`{"status": "ok"}` as soon as it serves."""
        return JSONResponse({"status": "ok"})

    async def requests(self, _: Request) -> JSONResponse:
        """How many requests came in, and the last of them."""
        rows = [
            {
                "method": each.method,
                "path": each.path,
                "status": each.status,
                "clientId": each.client_id,
                "at": each.at,
            }
            for each in self._simulator.requests
        ]
        return JSONResponse({"total": self._simulator.total, "requests": rows})

    async def state(self, _: Request) -> JSONResponse:
        """Everything but secrets."""
        return JSONResponse(self._simulator.state())

    async def reset(self, _: Request) -> JSONResponse:
        """Back to the seed."""
        self._simulator.reset()
        return JSONResponse({"status": "reset"})

    async def faults(self, request: Request) -> JSONResponse:
        """Replace the fault rules: a list, or `{"rules": [...]}`."""
        body = await _json(request)
        try:
            rules = _objects(body.get("rules") if isinstance(body, dict) else body)
            self._simulator.faults(rules)
        except (TypeError, ValueError) as error:
            return _mistake(error)
        return JSONResponse({"rules": len(rules)})

    async def clock(self, request: Request) -> JSONResponse:
        """`{"advance": seconds}` moves the clock forward."""
        try:
            self._simulator.clock.advance(float((await _json(request))["advance"]))
        except (KeyError, TypeError, ValueError) as error:
            return _mistake(error)
        return JSONResponse({"now": self._simulator.clock.now(), "date": self._simulator.clock.stamp()})

    async def edit(self, request: Request) -> JSONResponse:
        """The administrator's hand: one `{method, path, body, user}` or a list of them, in order."""
        body = await _json(request)
        try:
            edits = _objects(body if isinstance(body, list) else [body])
            answers = [self._simulator.edit(**edit) for edit in edits]
        except (TypeError, ValueError) as error:
            return _mistake(error)
        return JSONResponse({"results": [{"status": status, "body": value} for status, value in answers]})


def _objects(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise ValueError("expected a list of objects")
    return value


async def _json(request: Request) -> Any:
    try:
        return json.loads(await request.body())
    except ValueError:
        return None


def _mistake(error: Exception) -> JSONResponse:
    return JSONResponse({"error": str(error) or type(error).__name__}, status_code=400)


def control_app(simulator: Hands) -> Starlette:
    """The controls as an application."""
    controls = Controls(simulator)
    reads = [controls.health, controls.requests, controls.state]
    writes = [controls.reset, controls.faults, controls.clock, controls.edit]
    return Starlette(
        routes=[
            Route("/_simulator/", controls.page, methods=["GET"]),
            *(Route(f"/_simulator/{each.__name__}", each, methods=["GET"]) for each in reads),
            *(Route(f"/_simulator/{each.__name__}", each, methods=["POST"]) for each in writes),
        ],
        middleware=[Middleware(LoopbackOnly)],
    )
