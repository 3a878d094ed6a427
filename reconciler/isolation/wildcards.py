"""Wildcards: `routing:*:view`, `*:*:*`, `*`. They allow what they match, and what is yet to come.

The vendor has announced to expand them; until then a live role may hold any of these forms.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

ANY = "*"


def is_pattern(permission: str) -> bool:
    """Whether it stands for several permissions."""
    return ANY in permission


def covers(pattern: str, permission: str) -> bool:
    """Whether holding `pattern` is holding `permission`; what has not three parts covers itself alone."""
    if pattern == permission:
        return True
    return is_pattern(pattern) and _shape(pattern).fullmatch(permission) is not None


@lru_cache(maxsize=1024)
def _shape(pattern: str) -> re.Pattern[str]:
    """As an expression: a proof asks of every pattern whether it covers each of some thousand permissions."""
    if pattern == ANY:
        return re.compile("(?s:.*)")
    return re.compile(":".join("[^:]*" if part == ANY else re.escape(part) for part in pattern.split(":")))


def matching(pattern: str, known: Iterable[str]) -> tuple[str, ...]:
    """Those of the known permissions that a pattern covers."""
    return tuple(permission for permission in known if covers(pattern, permission))
