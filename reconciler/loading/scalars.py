"""Plain scalars as YAML 1.2's core schema reads them, on the careful side.

`no`, `on`, `12:30:00` and dates are text. A number with a leading zero (`010`: eight to some readers,
ten to others), one of more than 18 digits, and `.inf` and `.nan`, which JSON cannot say, are text too.
"""

from __future__ import annotations

import re
from math import isfinite

_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}

_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_BASED = re.compile(r"0o[0-7]{1,18}|0x[0-9a-fA-F]{1,15}")
_FLOAT = re.compile(
    r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]{0,17})(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,4})?"
)  # the integer part as above: 00.5 is text

_STARTS = frozenset("-+.0123456789")


def plain(text: str) -> str | int | float | bool | None:
    """The value of an unquoted scalar."""
    if text in _WORDS:
        return _WORDS[text]
    return _number(text) if text[0] in _STARTS else text


def _number(text: str) -> str | int | float:
    if _INTEGER.fullmatch(text):
        return int(text)
    if _BASED.fullmatch(text):
        return int(text, 0)
    if len(text) < 64 and _FLOAT.fullmatch(text) and isfinite(value := float(text)):
        return value
    return text
