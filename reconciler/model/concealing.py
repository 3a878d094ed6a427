"""The last net: no text that others wrote keeps a secret of this process, however it is spelt.

Our own messages hold none to begin with. What a vendor, a library or a traceback says may quote what it was
given; it is passed through here before anybody sees it, and before it is cut, as half a secret is one too.
"""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Iterator
from urllib.parse import quote, quote_plus
from weakref import WeakKeyDictionary

from reconciler.model.drawn import without_drawn
from reconciler.model.secret import Secret, alive

HIDDEN = "•••"
_SPELT: WeakKeyDictionary[Secret, tuple[str, ...]] = WeakKeyDictionary()
_SHORTEST = 8
"""Characters; a shorter text stands in words by chance, and is no secret that a vendor would make."""


def concealed(text: str) -> str:
    """The text without any living secret, plain or as URLs, JSON, HTML, Python, hex or base64 spell it."""
    for secret in alive():
        if _SHORTEST <= len(secret.reveal()) <= len(text):  # no spelling is shorter, and most texts are ids
            for spelling in _spelt(secret):
                text = text.replace(spelling, HIDDEN)
    return text


def _spelt(secret: Secret) -> tuple[str, ...]:
    """Worked out once, and forgotten together with the secret."""
    if (known := _SPELT.get(secret)) is None:
        known = _SPELT[secret] = tuple(_spellings(secret.reveal()))
    return known


def harmless(text: str) -> str:
    """What a stranger wrote, without our secrets and without what looks like anybody's."""
    return without_drawn(concealed(text))


def _spellings(plain: str) -> Iterator[str]:
    """Longest first, so that nothing of a longer one is left over."""
    raw = plain.encode("utf-8", "backslashreplace")
    escaped = "".join(f"\\u{ord(char):04x}" for char in plain)
    found = {
        *(plain, html.escape(plain), html.escape(plain, quote=False)),
        *(quote(plain, safe="", errors="replace"), quote(plain, errors="replace")),
        quote_plus(plain, errors="replace"),
        *(json.dumps(plain)[1:-1], json.dumps(plain, ensure_ascii=False)[1:-1], escaped),
        *(repr(plain)[1:-1], repr(raw)[2:-1], ascii(plain)[1:-1]),
        *(raw.hex(), raw.hex().upper()),
        *_in_base64(raw),
    }
    return iter(sorted(found, key=len, reverse=True))


def _in_base64(raw: bytes) -> Iterator[str]:
    """What stands of it in any base64 text, whatever stands before and behind it."""
    for before in range(3):
        whole = base64.b64encode(bytes(before) + raw).decode().rstrip("=")
        sure = whole[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6]
        yield from (sure, sure.translate(_URL_SAFE))


_URL_SAFE = str.maketrans("+/", "-_")
