"""Whether a sink can be used at all: its library is installed, its credentials are set, its URL will do."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from ipaddress import ip_address
from urllib.parse import urlsplit

from reconciler.errors import SinkError


def require_library(module: str, extra: str) -> None:
    """Raises `SinkError` where the library of an extra is not installed; imports nothing."""
    if find_spec(module) is None:
        raise SinkError(
            f"sinks of type `{extra}` need the library {module}, which is not installed",
            remedy=f"install the extra: pip install 'genesyscloud-reconciler[{extra}]'",
        )


def required(environment: Mapping[str, str], name: str) -> str:
    """A variable that must be set; raises `SinkError`. Its value is never repeated."""
    value = environment.get(name, "").strip()
    if not value:
        raise SinkError(
            f"{name} is not set", remedy="set it: sinks take credentials from the environment only"
        )
    return value


def safe_url(url: str, name: str) -> str:
    """The URL, if a secret may travel there: https, or http on loopback; raises `SinkError`."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        parts, host = urlsplit(""), ""
    plain = parts.scheme == "http" and _is_loopback(host)
    if not host or parts.username or parts.password or parts.query or parts.fragment:
        raise _unsafe(name)
    if parts.scheme != "https" and not plain:
        raise _unsafe(name)
    return url.rstrip("/")


def _unsafe(name: str) -> SinkError:
    return SinkError(
        f"{name} is no address that a secret may be sent to",
        remedy="give an https URL without credentials in it; plain http is for 127.0.0.1 only",
    )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
