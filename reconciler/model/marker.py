"""Markers: how an object of the organisation says whose it is and what we last wrote.

    [reconciler:<org>/<owner>/<kind>/<key>@<hash8>]

It is the last thing in the description. When they apply: `~next` after the key (the successor of
an overlapping rotation) or `~old` (its predecessor, retired), `#<nonce8>` (its secret has not arrived
yet), `!` (suspended by command) and `+` (a role that groups or users were given) before the closing
bracket. Plain text, unsigned: `id:` pins and the hash catch moved ones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from reconciler.model.address import NAME_PATTERN, NEXT, OLD, Address

_MARKER = re.compile(
    rf"\[reconciler:(?P<org>{NAME_PATTERN})/(?P<owner>{NAME_PATTERN})/(?P<kind>{NAME_PATTERN})/(?P<key>{NAME_PATTERN})"
    rf"(?P<part>{NEXT}|{OLD})?@(?P<hash8>[0-9a-z]{{8}})(?:#(?P<nonce>[0-9a-z]{{8}}))?(?P<suspended>!)?(?P<granted>\+)?\]\s*\Z"
)


@dataclass(frozen=True, slots=True)
class Marker:
    """What a marker says. `org` is the installation; `nonce` "" where the secret has arrived.

    The address says too whether the object is the successor of a rotation, or its predecessor.
    """

    org: str
    address: Address
    hash8: str
    nonce: str = ""
    suspended: bool = False
    granted: bool = False

    def __str__(self) -> str:
        """The text that stands in a description."""
        nonce = f"#{self.nonce}" if self.nonce else ""
        flags = ("!" if self.suspended else "") + ("+" if self.granted else "")
        return f"[reconciler:{self.org}/{self.address}@{self.hash8}{nonce}{flags}]"


def split(description: str) -> tuple[str, Marker | None]:
    """Cut the marker off a description: the people's text, and the marker if there is one.

    White space at the end says nothing: between text and marker it could not be told from ours.
    """
    if "[reconciler:" not in description:  # the common case, at the price of a scan
        return description.rstrip(), None
    match = _MARKER.search(description)
    if match is None:
        return description.rstrip(), None
    address = Address(match["owner"], match["kind"], match["key"] + (match["part"] or ""))
    marker = Marker(
        org=match["org"],
        address=address,
        hash8=match["hash8"],
        nonce=match["nonce"] or "",
        suspended=bool(match["suspended"]),
        granted=bool(match["granted"]),
    )
    return description[: match.start()].rstrip(), marker


def join(text: str, marker: Marker) -> str:
    """A description that carries `marker` behind the people's text."""
    return f"{text} {marker}" if text else str(marker)
