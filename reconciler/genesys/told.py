"""What an answer's headers tell beside the answer: the rate limit and the vendor's clock.

The names of the limits are §2 of the fact sheet on the API. `Date` is plain HTTP (RFC 9110 §6.6.1);
that the vendor sends it is in no source, so its absence is an answer too.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from reconciler.model.checkup import Told


def told(headers: Mapping[str, str], at: datetime) -> Told:
    """The headers as values; `at` is our clock when the answer came."""
    return Told(
        allowed=_number(headers.get("inin-ratelimit-allowed", "")),
        used=_number(headers.get("inin-ratelimit-count", "")),
        date=_date(headers.get("date", "")),
        at=at,
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, IndexError, OverflowError):
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
