"""Regions of the vendor and the hosts that belong to them.

Source: the region table of the vendor's Python SDK (`purecloud_region_hosts.py`, 269.0.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

REGIONS: Mapping[str, str] = MappingProxyType(
    {
        "us-east-1": "mypurecloud.com",
        "us-east-2": "use2.us-gov-pure.cloud",
        "us-west-2": "usw2.pure.cloud",
        "ca-central-1": "cac1.pure.cloud",
        "mx-central-1": "mxc1.pure.cloud",
        "sa-east-1": "sae1.pure.cloud",
        "eu-west-1": "mypurecloud.ie",
        "eu-west-2": "euw2.pure.cloud",
        "eu-central-1": "mypurecloud.de",
        "eu-central-2": "euc2.pure.cloud",
        "eusc-de-east-1": "edee1.eusc-pure.cloud",
        "me-central-1": "mec1.pure.cloud",
        "ap-south-1": "aps1.pure.cloud",
        "ap-southeast-1": "apse1.pure.cloud",
        "ap-southeast-2": "mypurecloud.com.au",
        "ap-northeast-1": "mypurecloud.jp",
        "ap-northeast-2": "apne2.pure.cloud",
        "ap-northeast-3": "apne3.pure.cloud",
    }
)
"""Region → domain."""


def api_host(region: str) -> str:
    """Host of the API, without a scheme; KeyError for a region the vendor does not have."""
    return f"api.{REGIONS[region]}"


def login_host(region: str) -> str:
    """Host that issues tokens, without a scheme; KeyError for a region the vendor does not have."""
    return f"login.{REGIONS[region]}"
