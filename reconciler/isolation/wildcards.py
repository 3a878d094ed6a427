"""Wildcards: `routing:*:view`, `*:*:*`, `*`. They allow what they match, and what is yet to come.

The vendor has announced to expand them; until then a live role may hold any of these forms.
"""

from __future__ import annotations

from collections.abc import Iterable

ANY = "*"


def is_pattern(permission: str) -> bool:
    """Whether it stands for several permissions."""
    return ANY in permission


def covers(pattern: str, permission: str) -> bool:
    """Whether holding `pattern` is holding `permission`; what has not three parts covers itself alone."""
    if pattern in (permission, ANY):
        return True
    ours, theirs = pattern.split(":"), permission.split(":")
    if len(ours) != len(theirs):
        return False
    return all(part in (ANY, other) for part, other in zip(ours, theirs, strict=True))


def matching(pattern: str, known: Iterable[str]) -> tuple[str, ...]:
    """Those of the known permissions that a pattern covers."""
    return tuple(permission for permission in known if covers(pattern, permission))
