"""What an answer's headers tell beside the answer: the rate limit and the vendor's clock.

The names of the limits are §2 of the fact sheet on the API. `Date` is plain HTTP (RFC 9110 §6.6.1);
that the vendor sends it is in no source, so its absence is an answer too.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from reconciler.genesys.answers import moment_of
from reconciler.model.checkup import Told


def told(headers: Mapping[str, str], at: datetime) -> Told:
    """The headers as values; `at` is our clock when the answer came."""
    return Told(
        allowed=_number(headers.get("inin-ratelimit-allowed", "")),
        used=_number(headers.get("inin-ratelimit-count", "")),
        date=moment_of(headers.get("date", "")),
        at=at,
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
