"""Connections: how httpx is set up, so that nothing leaves for where it should not, or is logged.

HTTP/1.1, certificates verified, no redirects, no proxies or certificates from the environment, one TLS
context for all (making one costs 20 ms and 800 KiB).
"""

from __future__ import annotations

import functools
import logging
import ssl
from collections.abc import Iterable

import httpx
from stamina.instrumentation import set_on_retry_hooks

from reconciler import __version__
from reconciler.genesys.readonly import ReadOnlyTransport

USER_AGENT = f"genesyscloud-reconciler/{__version__}"

_TIMEOUT = httpx.Timeout(30.0, connect=10.0, pool=None)


@functools.cache
def tls() -> ssl.SSLContext:
    """The one TLS context: 1.2 or newer, whatever the machine's OpenSSL allows; keys are written nowhere."""
    context = httpx.create_ssl_context(trust_env=False)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.keylog_filename = None  # type: ignore[assignment]
    return context


def connect(
    transport: httpx.AsyncBaseTransport | None,
    *,
    read_only: bool,
    collections: Iterable[str] = (),
    concurrency: int,
) -> httpx.AsyncClient:
    """An httpx client; `transport` replaces the network, `collections` may be read in a read-only run."""
    _hush_libraries()
    inner = transport or httpx.AsyncHTTPTransport(
        verify=tls(),
        trust_env=False,
        limits=httpx.Limits(max_connections=concurrency, max_keepalive_connections=concurrency),
    )
    return httpx.AsyncClient(
        transport=ReadOnlyTransport(inner, collections) if read_only else inner,
        follow_redirects=False,
        trust_env=False,
        timeout=_TIMEOUT,
        headers={"User-Agent": USER_AGENT, "Accept": "application/json"},
    )


def _hush_libraries() -> None:
    """Httpcore logs headers, tokens among them; stamina repeats what `sending` logs of every attempt."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    set_on_retry_hooks(())
