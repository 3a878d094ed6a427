"""Fields that people are told to write on a client and that confine nothing, with what does instead.

Only grants confine a client: a role in a division. The vendor ignores or refuses everything else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from reconciler.loading.hints import quoted
from reconciler.model.address import is_name


class Myth(NamedTuple):
    """A wrong recipe: its rule, why it does nothing, and how the remedy starts."""

    rule: str
    hint: str
    remedy: str


_CONFINED = "A client is confined by its grants. You probably mean:\n"

_DIVISIONS = Myth(
    "myth/division-ids-on-client",
    "the organisation ignores or refuses it; it never confines a client",
    _CONFINED,
)
_ROLES = Myth(
    "myth/role-ids-on-client", "a role without a division ends in Home, not with this tenant", _CONFINED
)
_SCOPES = Myth(
    "myth/scope-on-client", "a scope never confines a client that signs in with a secret", _CONFINED
)
_CONTEXT = Myth("myth/context-header", "no header and no token parameter confines a client", _CONFINED)

_MYTHS = {
    **dict.fromkeys(
        ("divisions", "divisionids", "divisionid", "division", "alloweddivisions", "restricttodivision"),
        _DIVISIONS,
    ),
    **dict.fromkeys(("homedivision", "defaultdivision", "setdefaultdivision"), _DIVISIONS),
    **dict.fromkeys(("roleids", "roles", "roledivisions"), _ROLES),
    **dict.fromkeys(("scope", "scopevalues"), _SCOPES),
    **dict.fromkeys(("xdivision", "xgcdivisioncontext", "xgccdivisions", "xgcdivisionid"), _CONTEXT),
    "xgenesysauthdivisionid": _CONTEXT,
}


def myth(field: str, value: Any, entry: Mapping[str, Any], own: Mapping[str, str]) -> Myth | None:
    """The wrong recipe that `field` is, with the block to write instead; None for another field.

    `entry` is what the author wrote of the client, `own` his tenant's divisions, key by name and key.
    """
    known = _MYTHS.get("".join(c for c in field.lower() if c.isalnum()))
    if known is None:
        return None
    return known._replace(remedy=known.remedy + _block(value, entry, own))


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
