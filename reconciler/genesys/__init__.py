"""The vendor's API over HTTP: tokens, pacing, repeats, pages, errors. The only package that knows httpx.

Not for decisions: what an answer means for an organisation is planning's business.
"""

from reconciler.genesys.auth import AccessToken, ClientCredentials
from reconciler.genesys.client import GenesysApi
from reconciler.genesys.hosts import Hosts, endpoint, hosts_for
from reconciler.genesys.pacing import GUEST, Pacer

__all__ = [
    "GUEST",
    "AccessToken",
    "ClientCredentials",
    "GenesysApi",
    "Hosts",
    "Pacer",
    "endpoint",
    "hosts_for",
]
