"""An answer as it came over the wire, and what can be said of it without quoting its body."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from mimetypes import guess_extension
from typing import Any, NamedTuple

from reconciler.genesys.decoding import decode
from reconciler.model.concealing import concealed, harmless
from reconciler.model.drawn import is_uuid
from reconciler.model.visible import visible

_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")

MOST_TEXT = 500
"""Characters quoted of what the vendor or a proxy said."""


class Raw(NamedTuple):
    """Status, headers (any case) and body. Lives for one function call, as the body may hold a secret."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    def __repr__(self) -> str:
        """Never the body."""
        return f"Raw({self.status}, {len(self.content)} bytes)"


def printable(text: str) -> str:
    """At most 500 characters of `text` on one line: no secret of ours, nothing that a terminal acts on."""
    return visible(concealed(text)[:MOST_TEXT])[:MOST_TEXT]  # in this order: half a secret is not recognised


def media_type(raw: Raw) -> str:
    """The media type without parameters, in lower case; "" when none is given."""
    return raw.headers.get("content-type", "").partition(";")[0].strip().lower()


def is_json(raw: Raw) -> bool:
    """Whether the body claims to be JSON, or claims nothing."""
    media = media_type(raw)
    return media in ("", "application/json") or media.endswith("+json")


def error_body(raw: Raw) -> Mapping[str, Any] | None:
    """The vendor's error object; None where the body is something else."""
    answer = decode(raw.content) if is_json(raw) else None
    return answer.body if answer and isinstance(answer.body, dict) else None


def text_of(body: Mapping[str, Any] | None, *fields: str) -> str:
    """The first of `fields` that holds text, made printable; "" for none.

    A refusal may quote what was refused, or a secret that was just made and never reached us: whatever
    looks like one is dotted out.
    """
    values = (body.get(field) for field in fields) if body else ()
    return printable(harmless(next((value for value in values if isinstance(value, str) and value), "")))


def correlation(raw: Raw) -> str:
    """The id to quote to the vendor's support, or ""."""
    return identity(raw.headers) or text_of(error_body(raw), "contextId")


def identity(headers: Mapping[str, str]) -> str:
    """The same from the headers alone. Every answer has one: what is plainly an id costs no search."""
    found = headers.get("inin-correlation-id", "")
    return found if is_uuid(found) else printable(harmless(found))


def asked_wait(raw: Raw) -> float | None:
    """Seconds that the vendor asks to wait: `Retry-After`, else on 429 the reset of the rate limit.

    None where that is no time at all, such as a date of this very second: then the usual pauses are right.
    """
    names = ("retry-after", "inin-ratelimit-reset") if raw.status == 429 else ("retry-after",)
    waits = (_seconds(raw.headers.get(name, ""), raw.headers.get("date", "")) for name in names)
    return next((wait for wait in waits if wait is not None and wait > 0), None)


def _seconds(text: str, date: str) -> float | None:
    """A number of seconds, or those until a moment by the clock of whoever answered at `date`."""
    if _NUMBER.fullmatch(text):
        return float(text)
    until, now = moment_of(text), moment_of(date)
    return (until - now).total_seconds() if until and now else None


def moment_of(text: str) -> datetime | None:
    """The moment that a header names, in UTC; None where it names none that a clock can show."""
    try:
        moment = parsedate_to_datetime(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, IndexError, OverflowError):
        return None


def unexpected(raw: Raw) -> str:
    """What a body is that we cannot use."""
    if 300 <= raw.status < 400:
        return "a redirect, which is never followed"
    media = media_type(raw)
    if "html" in media:
        return "HTML instead of JSON, from a proxy?"
    if not raw.content:
        return "without a body"
    if is_json(raw):
        return "JSON that is cut or garbled"
    known = guess_extension(media) is not None  # else it may be anything, a secret too
    return f"{f'`{printable(media)}`' if known else 'a type that nobody registered'} instead of JSON"


def said(raw: Raw, code: str, text: str) -> str:
    """Status, code, text and correlation id, as they stand in messages."""
    head = f"{raw.status} {code}".rstrip()
    identity = correlation(raw)
    return f"{head}: {text}" + (f" (correlation {identity})" if identity else "")
