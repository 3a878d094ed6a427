"""Words for messages: input that may be shown, and what its author probably meant."""

from __future__ import annotations

import json
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from reconciler.loading.secrecy import redacted

LONGEST = 60
"""Characters of input that a message repeats."""


def quoted(value: Any) -> str:
    """Input as a message may show it: short, escaped, in backticks, never a secret."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    # Cut before and after: a long text must cost nothing, and a half secret is one too.
    text = redacted(value[: 4 * LONGEST]) if isinstance(value, str) else json.dumps(value)
    text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return f"`{text[:LONGEST]}…`" if len(text) > LONGEST else f"`{text}`"


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`; did you mean …?`, or nothing where nothing is near."""
    near = nearest(name, known)
    return f"; did you mean `{near}`?" if near else ""


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name most like `name`, whatever its case and separators; "" when none is."""
    plain = {_plain(item): item for item in sorted(known)}
    # Not worth the time: no name of ours is so long, and the search is quadratic.
    close = get_close_matches(_plain(name), plain, 1, 0.6) if len(name) <= LONGEST else []
    return plain[close[0]] if close else ""


def _plain(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")
