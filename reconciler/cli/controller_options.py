"""What the controller is told on its command line: how often, and where its page is."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import click

_TIME = re.compile(r"(?:(?P<root>.+)=)?(?P<number>\d{1,5})(?P<unit>[smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
SHORTEST, USUAL = 60, 900
"""Seconds between two looks: at least, and where nothing else is said."""


class Every(NamedTuple):
    """An interval in seconds, of one root or ("") of all others."""

    root: str
    seconds: int


class EveryType(click.ParamType[Every]):
    """`[ROOT=]TIME`."""

    name = "every"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Every:
        """Read it; a usage error names the expected form."""
        if isinstance(value, Every):
            return value
        match = _TIME.fullmatch(str(value))
        seconds = int(match["number"]) * _SECONDS[match["unit"]] if match else 0
        if match is None or not SHORTEST <= seconds <= 7 * 86_400:
            self.fail(
                f"`{value}` is not [ROOT=]TIME, such as 15m or acme=1h, of a minute to a week", param, ctx
            )
        return Every(match["root"] or "", seconds)


class Address(NamedTuple):
    """Where the page is served."""

    host: str
    port: int


class AddressType(click.ParamType[Address]):
    """`[HOST:]PORT`."""

    name = "address"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Address:
        """Read it; a usage error names the expected form."""
        host, _, port = str(value).rpartition(":")
        if not (port.isascii() and port.isdigit() and int(port) < 65_536):
            self.fail(f"`{value}` is not [HOST:]PORT", param, ctx)
        return Address(host.strip("[]") or "127.0.0.1", int(port))
