"""Which hosts are talked to: those of a region, or one on this very machine. Never a free URL."""

from __future__ import annotations

import ipaddress
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from reconciler.errors import UsageError
from reconciler.model.regions import REGIONS, api_host, login_host


class Hosts(NamedTuple):
    """Base URLs of the API and of the login server, without a trailing slash."""

    api: str
    login: str


def hosts_for(region: str) -> Hosts:
    """The vendor's hosts of a region; UsageError for one the vendor does not have."""
    if region not in REGIONS:
        raise UsageError(
            f"the vendor has no region `{region}`", remedy=f"choose one of: {', '.join(sorted(REGIONS))}"
        )
    return Hosts(f"https://{api_host(region)}", f"https://{login_host(region)}")


def endpoint(url: str) -> Hosts:
    """One base for API and login, for a simulator on this machine; UsageError for any other place."""
    base = _parsed(url)
    if base is None or not _is_bare(base) or not _is_loopback(base.hostname or ""):
        raise UsageError(
            "the endpoint is not a bare http address of this machine",
            remedy="give for example http://127.0.0.1:8085; other hosts would get the client's secret",
        )
    root = f"{base.scheme}://{base.netloc}"
    return Hosts(root, root)


def _parsed(url: str) -> SplitResult | None:
    try:
        base = urlsplit(url)
        _ = base.port  # only asking shows whether it is one
    except ValueError:
        return None
    return base


def _is_bare(base: SplitResult) -> bool:
    """Nothing but scheme, host and port: no user, path, query or fragment."""
    rest = base.path.strip("/") or base.query or base.fragment or "@" in base.netloc
    return base.scheme in ("http", "https") and not rest


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
