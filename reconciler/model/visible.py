"""Text that only shows: nothing in it moves a cursor, hides, turns a line, or is obeyed by who reads a log.

Every report, log line and message goes through here; it is the one place that knows what to take out.
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_COLONS = re.compile(r"^(\s*):(?=:)", re.MULTILINE)
_HASHES = re.compile(r"##(?=\w*\[)")
"""How commands to the runner of a pipeline begin: at the start of a line, or anywhere."""


def visible(text: str) -> str:
    r"""`text` with every control, direction and zero-width character as an escape such as `\u202e`.

    So is the second sign of `##[` and `##name[`, which runners of pipelines obey wherever they stand.
    """
    if not (text.isascii() and text.isprintable()):
        text = text.translate({ord(char): _escape(char) for char in set(text) if _hides(char)})
    return _unheard(text, r"\\x23")


def unled(text: str) -> str:
    """Lines as they are printed: none begins with the two colons that a pipeline's runner obeys."""
    return _COLONS.sub(r"\1\\x3a", text) if "::" in text else text


def several(text: str) -> str:
    """Lines of somebody else's, such as a traceback: each is visible, and stays a line."""
    return unled("\n".join(map(visible, text.split("\n"))))


def json_text(value: Any, indent: int | None = None) -> str:
    r"""JSON that may be printed anywhere: what `visible` would make visible stands as `\u009b`."""
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    if not text.isascii() or "\x7f" in text:
        found = {char for char in set(text) - {"\n"} if _hides(char)}
        text = text.translate({ord(char): _in_json(char) for char in found})
    return _unheard(text, r"\\u0023")


def _in_json(char: str) -> str:
    return json.dumps(char)[1:-1] if char != "\x7f" else r"\u007f"


def _unheard(text: str, sign: str) -> str:
    return _HASHES.sub(f"#{sign}", text) if "##" in text else text


def _hides(char: str) -> bool:
    category = unicodedata.category(char)
    if category[0] == "C" or category in ("Zl", "Zp") or char in _INVISIBLE:
        return True
    return (category == "Zs" and char != " ") or "\ufe00" <= char <= "\ufe0f" or char >= "\U000e0100"


def _escape(char: str) -> str:
    code = ord(char)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
