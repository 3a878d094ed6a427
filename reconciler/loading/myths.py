"""Fields that people are told to write on a client and that confine nothing, with what does instead.

Only grants confine a client: a role in a division. The vendor ignores or refuses everything else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from reconciler.isolation.myths import GRANTS, Where, recognised
from reconciler.loading.hints import quoted
from reconciler.model.address import is_name


class Answer(NamedTuple):
    """What is told about a wrong recipe: its rule, why it does nothing, and the block to write instead."""

    rule: str
    hint: str
    remedy: str


def myth(field: str, value: Any, entry: Mapping[str, Any], own: Mapping[str, str]) -> Answer | None:
    """The wrong recipe that `field` is, with the block to write instead; None for another field.

    `entry` is what the author wrote of the client, `own` his tenant's divisions, key by name and key.
    """
    known = recognised(field, Where.MANIFEST)
    if known is None:
        return None
    found, _ = known
    more = f"more: reconciler explain {found.id}"
    return Answer(found.id, found.hint, f"{GRANTS}\n{_block(value, entry, own)}\n{more}")


def _block(value: Any, entry: Mapping[str, Any], own: Mapping[str, str]) -> str:
    named = value if isinstance(value, list) else [value]
    keys = [own[name] for name in named if isinstance(name, str) and name in own]
    divisions = f"[{', '.join(dict.fromkeys(keys))}]" if keys else "own"
    return f"    grants:\n      - {{role: {_role(entry)}, divisions: {divisions}}}"


def _role(entry: Mapping[str, Any]) -> str:
    grants = entry.get("grants")
    first = grants[0] if isinstance(grants, list) and grants else None
    role = first.get("role") if isinstance(first, dict) else None
    return quoted(role)[1:-1] if isinstance(role, str) and is_name(role.replace("/", "-")) else "ROLE"
