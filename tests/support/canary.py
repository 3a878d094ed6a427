r"""Canaries: secrets made to be found again, and a detector that knows them however they are written down.

Nine spellings, because each has a channel of ours, or of a library, that writes it:

- plain: a log, a message, a file;
- percent: URLs, in log lines and in the `repr` of requests;
- base64 and base64url: `Authorization: Basic`, tokens, what a sink or a certificate packs; at each of the
  three alignments, as something may stand before the secret (`id:secret`);
- hex: `bytes.hex`, digests taken for ids, dumps;
- json: `\u0041`, JSON logs and documents;
- python: `\x41`, the `repr` of bytes, which tracebacks show;
- html: `&#65;` and `&amp;`, pages;
- reversed: what is written from its end, as no one who searches a log looks for it.

Nothing of ours is compressed, so there is nothing to unpack. Part of a secret is a find too, fifteen
characters in a row from anywhere in it: a message that cuts after 60 characters has told 60 characters.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple
from urllib.parse import unquote

_WINDOW, _STEP = 12, 4
"""Characters that are looked for, and how far apart they begin; those at the end are looked for too."""

AWKWARD = "/+=&\"'<\\é"
"""What each spelling writes in its own way."""


def drawn(number: int) -> str:
    """A secret as the vendor makes them: 43 characters of base64url, the same for one number."""
    return base64.urlsafe_b64encode(hashlib.sha256(f"canary {number}".encode()).digest()).decode().rstrip("=")


def awkward(number: int) -> str:
    """A secret that no spelling leaves as it is, with enough of it untouched to be found."""
    text = drawn(number).replace("-", "A").replace("_", "B")
    return text[:21] + AWKWARD + text[21:]


class Find(NamedTuple):
    """Which secret (by its place among those searched for) stands somewhere, and how it is spelt."""

    number: int
    spelling: str


def finds(where: str | bytes, secrets: Iterable[str]) -> list[Find]:
    """Every secret, whole or in part, in a text or in the bytes of a file."""
    text = where if isinstance(where, str) else where.decode("latin-1")
    views = {name: read(text) for name, read in _READINGS.items()}
    return [
        Find(number, spelling)
        for number, secret in enumerate(secrets)
        for spelling, needle in _needles(secret)
        if needle in views[spelling]
    ]


def _needles(secret: str) -> Iterator[tuple[str, str]]:
    for part in _windows(secret):
        for spelling in ("plain", "percent", "json", "html", "reversed"):
            yield spelling, part
        yield "python", part.encode().decode("latin-1")
        yield "hex", part.encode().hex()
        for lead in range(3):
            inner = _inner(lead, part)
            yield "base64", inner
            yield "base64url", inner.translate(str.maketrans("+/", "-_"))


def _windows(secret: str) -> Iterator[str]:
    last = max(0, len(secret) - _WINDOW)
    for at in dict.fromkeys((*range(0, last, _STEP), last)):
        yield secret[at : at + _WINDOW]


def _inner(lead: int, part: str) -> str:
    """The characters of a base64 text that depend on `part` alone, with `lead` bytes before it."""
    raw = part.encode()
    text = base64.b64encode(bytes(lead) + raw + bytes(2)).decode()
    return text[-(-lead * 4 // 3) : (lead + len(raw)) * 4 // 3]


def _unescaped(pattern: str) -> Callable[[str], str]:
    found = re.compile(pattern)
    return lambda text: found.sub(lambda each: chr(int(each[1], 16)), text)


def _same(text: str) -> str:
    return text


_READINGS: dict[str, Callable[[str], str]] = {
    "plain": _same,
    "percent": unquote,
    "base64": _same,
    "base64url": _same,
    "hex": str.casefold,
    "json": _unescaped(r"\\u([0-9a-fA-F]{4})"),
    "python": _unescaped(r"\\x([0-9a-fA-F]{2})"),
    "html": html.unescape,
    "reversed": lambda text: text[::-1],
}
"""How a text is read for each spelling; what reads `&#65;` back finds it however much of it was escaped."""

SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": _same,
    "percent": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "base64": lambda text: base64.b64encode(f"operator:{text}".encode()).decode(),
    "base64url": lambda text: base64.urlsafe_b64encode(f"id:{text}>?".encode()).decode(),
    "hex": lambda text: text.encode().hex().upper(),
    "json": lambda text: "".join(f"\\u{ord(char):04x}" for char in text),
    "python": lambda text: "".join(f"\\x{byte:02x}" for byte in text.encode()),
    "html": lambda text: "".join(f"&#{ord(char)};" for char in text),
    "reversed": lambda text: text[::-1],
}
"""The worst of each spelling, for showing that it is found: nothing left as it was."""
