"""Whom the controls answer: programs and pages that call this machine by an address of its own.

The controls need no token, so a page from elsewhere must not reach them through somebody's browser: neither
under a name of its own that leads to 127.0.0.1 (DNS rebinding), nor by posting blindly from where it is.
"""

from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send


class LoopbackOnly:
    """Middleware: 403 unless `Host`, and `Origin` if there is one, name this machine."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse to."""
        foreign = _foreign(Headers(scope=scope))
        if foreign is None:
            await self._app(scope, receive, send)
            return
        why = f"the controls answer to 127.0.0.1 and localhost only, not to {foreign}"
        await JSONResponse({"error": why}, status_code=403)(scope, receive, send)


def _foreign(headers: Headers) -> str | None:
    """The first of both headers that names another machine, or nothing at all."""
    if not _loopback(f"//{headers.get('host', '')}"):
        return f"Host {headers.get('host', '')!r}"
    if "origin" in headers and not _loopback(headers["origin"]):
        return f"Origin {headers['origin']!r}"
    return None


def _loopback(address: str) -> bool:
    try:
        host = urlsplit(address).hostname
        return host == "localhost" or ip_address(host or "").is_loopback
    except ValueError:
        return False
