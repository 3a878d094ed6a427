"""The edge to whoever is notified: one POST per event, by the standard library.

httpx stays where the organisation is spoken to (decision 0002): a receiver needs neither its pace nor its
repeats. What was not delivered is sent by the next run.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import SplitResult, urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from reconciler import __version__
from reconciler.errors import UsageError
from reconciler.model.secret import Secret
from reconciler.telemetry.notifying import Unanswered

SECONDS = 10
"""How long a receiver may take; a run waits for it at its end, and for no other once it kept silent."""

_HEADERS = {
    "Content-Type": "application/cloudevents+json; charset=utf-8",
    "User-Agent": f"genesyscloud-reconciler/{__version__}",
}


class _Stay(HTTPRedirectHandler):
    """A redirect would carry what was meant for one receiver to another."""

    def redirect_request(self, *_given: Any) -> None:
        """Nowhere: the redirect is an answer like any other."""


class Webhook:
    """One receiver. Its URL may hold a secret: it is not printed, not logged and in no error."""

    def __init__(self, url: Secret) -> None:
        self._url = url
        parts = _parts(url)
        secure = parts is not None and parts.scheme == "https" and bool(parts.hostname)
        if parts is None or not (secure or (parts.scheme == "http" and _is_loopback(parts.hostname or ""))):
            raise UsageError(
                "RECONCILER_WEBHOOK is no URL that events could be sent to",
                remedy="give one of https, or of http on loopback, without spaces and control characters",
            )
        self.host = parts.hostname or ""
        self._opener = build_opener(_Stay(), ProxyHandler({}))

    def post(self, event: Mapping[str, Any]) -> str:
        """Send one CloudEvent in structured mode; "" when it was taken, else why not; raises `Unanswered`."""
        body = json.dumps(event, ensure_ascii=False).encode("utf-8", errors="backslashreplace")
        request = Request(self._url.reveal(), body, _HEADERS, method="POST")
        try:
            with self._opener.open(request, timeout=SECONDS):
                return ""
        except HTTPError as error:
            error.close()
            return f"it answered {error.code}"
        except URLError as error:
            raise Unanswered(f"no connection ({type(error.reason).__name__})") from None
        except (OSError, ValueError, HTTPException) as error:  # a time-out, no HTTP, a URL it refuses
            raise Unanswered(f"no answer ({type(error).__name__})") from None


def _parts(url: Secret) -> SplitResult | None:
    if any(each.isspace() or not each.isprintable() for each in url.reveal()):
        return None  # urlsplit drops some of them, and the library's refusal would quote the path
    try:
        parts = urlsplit(url.reveal())
        return parts if parts.port != 0 else None
    except ValueError:
        return None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
