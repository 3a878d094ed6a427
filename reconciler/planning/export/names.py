"""Names: from what people call things to keys and tenants, the same for any order of listing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from reconciler.model.address import ORG

_LONGEST = 40
_SEPARATED = re.compile(r"[^a-z0-9]+")


def slug(text: str) -> str:
    """`text` in the letters of a key, at most 40; "" where none of it can be written so."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _SEPARATED.sub("-", plain).strip("-")[:_LONGEST].rstrip("-")


GENERIC = frozenset(
    "agency bpo brand client customer div division partner tenant vendor".split()  # noqa: SIM905
)
"""Beginnings that say what a thing is and not whose: the second word belongs to them."""

SHARED = frozenset("all archive central common global shared unassigned".split())  # noqa: SIM905
"""Words by which people name a division that is nobody's own."""


def beginning(name: str) -> str:
    """The part of a name that its relatives share: the first word, or two where the first is generic."""
    words = slug(name).split("-")
    return "-".join(words[: 2 if words[0] in GENERIC else 1])


def tenant_name(text: str, identity: str) -> str:
    """`text` as a tenant's name; where nothing of it can be written, from the id of its division."""
    name = slug(text) or f"tenant-{slug(identity)[:8]}"
    return f"{name}-tenant" if name == ORG else name


def without_beginning(name: str, beginnings: Iterable[str]) -> str:
    """The slug of `name` without the first of these that it begins with; `main` where nothing is left."""
    text = slug(name)
    for each in beginnings:
        if each and text == each:
            return "main"
        if each and text.startswith(f"{each}-"):
            return text[len(each) + 1 :]
    return text


def keys(wanted: Mapping[str, str], taken: Iterable[str], fallback: str) -> dict[str, str]:
    """A key for each id: the one wanted, with a number where it is taken. The smallest id comes first."""
    found: dict[str, str] = {}
    used = set(taken)
    counts: dict[str, int] = {}
    for identity in sorted(wanted):
        base = wanted[identity] or fallback
        key, number = base, counts.get(base, 1)
        while key in used:
            number += 1
            end = f"-{number}"
            key = f"{base[: _LONGEST - len(end)].rstrip('-')}{end}"
        counts[base] = number
        used.add(key)
        found[identity] = key
    return found
