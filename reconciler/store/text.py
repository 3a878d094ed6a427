"""Text from outside, as databases take it."""

from __future__ import annotations


def storable(text: str) -> str:
    """What came from outside, without what a database refuses: half characters and NUL."""
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")
