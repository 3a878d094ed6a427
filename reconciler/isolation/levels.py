"""Levels: how much a permission lets its holder do, by its action word and by what it leads to.

Errs on the heavy side: an action that is not known to read counts as writing, and what widens its holder
or has not three parts counts as administering. Source of the words: the vendor's list of permissions.
"""

from __future__ import annotations

from reconciler.isolation.escalation import becoming, power
from reconciler.model.picture import Level

_READING = frozenset({"search", "searchAny", "searchPreview", "read", "readonly", "download", "monitor",
                      "monitorAgent", "monitorConversation"})  # fmt: skip
_ADMINISTERING = frozenset({"admin", "all", "manage"})


def level(permission: str) -> Level:
    """The level of one permission or wildcard.

    `view…` and `…view` read, as do the words for searching, listening in and fetching; `admin`, `all`,
    `manage` and every permission of `escalation` administer; the rest writes.
    """
    parts = permission.split(":")
    if len(parts) != 3 or parts[2] in _ADMINISTERING or power(permission) or becoming(permission):
        return Level.ADMIN
    action = parts[2]
    reads = action in _READING or action.startswith("view") or action.lower().endswith("view")
    return Level.READ if reads else Level.WRITE
