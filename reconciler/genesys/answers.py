"""An answer as it came over the wire, and what can be said of it without quoting its body."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from reconciler.genesys.decoding import decode

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
    """At most 500 characters of `text` on one line, without anything that a terminal would act on."""
    shown = (c if c.isprintable() else c.encode("unicode_escape").decode() for c in text[:MOST_TEXT])
    return "".join(shown)[:MOST_TEXT]


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
    """The first of `fields` that holds text, made printable; "" for none."""
    values = (body.get(field) for field in fields) if body else ()
    return next((printable(value) for value in values if isinstance(value, str) and value), "")


def correlation(raw: Raw) -> str:
    """The id to quote to the vendor's support, or ""."""
    header = printable(raw.headers.get("inin-correlation-id", ""))
    return header or text_of(error_body(raw), "contextId")


def asked_wait(raw: Raw) -> float | None:
    """Seconds that the vendor asks to wait: `Retry-After`, else on 429 the reset of the rate limit."""
    names = ("retry-after", "inin-ratelimit-reset") if raw.status == 429 else ("retry-after",)
    texts = (raw.headers.get(name, "") for name in names)
    return next((float(text) for text in texts if text.isascii() and text.isdigit()), None)


def unexpected(raw: Raw) -> str:
    """What a body is that we cannot use."""
    if 300 <= raw.status < 400:
        return "a redirect, which is never followed"
    media = media_type(raw)
    if "html" in media:
        return "HTML instead of JSON, from a proxy?"
    if not raw.content:
        return "without a body"
    return "JSON that is cut or garbled" if is_json(raw) else f"`{printable(media)}` instead of JSON"


def said(raw: Raw, code: str, text: str) -> str:
    """Status, code, text and correlation id, as they stand in messages."""
    head = f"{raw.status} {code}".rstrip()
    identity = correlation(raw)
    return f"{head}: {text}" + (f" (correlation {identity})" if identity else "")
