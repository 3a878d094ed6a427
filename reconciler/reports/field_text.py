"""What differs in a field, in people's words: names for ids, `+ x - y` for sets, `a → b` for the rest."""

from __future__ import annotations

from reconciler.model.plan import FieldChange
from reconciler.model.value import Json, canonical
from reconciler.model.words import counted
from reconciler.reports.lines import folded, named
from reconciler.reports.names import Names
from reconciler.reports.vocabulary import gravity

MOST_ELEMENTS = 6


def difference(change: FieldChange, names: Names) -> list[str]:
    """`permissions: + routing:queue:search`, `permissions: - …`, or `name: ACME → ACME-US`."""
    if _is_set(change):
        sides = (("+", change.desired), ("-", change.live))
        return [f"{change.path}: {sign} {_told(elements, names)}" for sign, elements in sides if elements]
    return [f"{change.path}: {_scalar(change.live, names)} → {_scalar(change.desired, names)}"]


def lost(change: FieldChange, names: Names) -> list[str]:
    """What a revocation takes: `loses Tenant Queue Metrics in ACME-CA`."""
    if not _is_set(change) or change.desired or not change.live:
        return difference(change, names)
    return [f"loses {_told(change.live, names)}"]


def borrowed(change: FieldChange, names: Names) -> list[str]:
    """What our own client returns of an earlier run, and what it borrows for this one."""
    left, taken = _told(change.live, names), _told(change.desired, names)
    texts = [f"returns {left}, which a run that did not end left it"] if left else []
    return texts + ([f"borrows {taken} to hand it on, returns it at the end"] if taken else [])


def given(change: FieldChange, names: Names) -> str:
    """What a new object starts with: `2 grants` or `permissions: a, b`; "" for what the line says anyway."""
    if not _is_set(change) or not change.desired:
        return ""
    if any(_is_pair(element) for element in change.desired):
        return counted(len(change.desired), change.path.removesuffix("s"))
    return f"{change.path}: {_told(change.desired, names)}"


def _is_set(change: FieldChange) -> bool:
    """A list on one side at least, and nothing else on the other: a plan file may hold anything."""
    sides = [side for side in (change.live, change.desired) if side is not None]
    return bool(sides) and all(isinstance(side, list | tuple) for side in sides)


def _told(elements: Json, names: Names) -> str:
    """The elements of a set; pairs by their role: `Supervisor in ACME-US, ACME-CA; Planner in GLOBEX`."""
    roles: dict[str, list[str]] = {}
    others: list[str] = []
    for element in elements:
        if _is_pair(element):
            roles.setdefault(names.of(element[0]), []).append(names.of(element[1]))
        else:
            others.append(_element(element, names))
    pairs = [f"{role} in {folded(places, MOST_ELEMENTS)}" for role, places in roles.items()]
    return "; ".join(
        part
        for part in (
            folded(pairs, MOST_ELEMENTS, between="; "),
            folded(sorted(others, key=gravity), MOST_ELEMENTS),
        )
        if part
    )


def _element(element: Json, names: Names) -> str:
    """A permission stands with its conditions ("" for none)."""
    if not isinstance(element, list | tuple) or len(element) != 2:
        return _scalar(element, names)
    first, second = element
    return f"{_scalar(first, names)} under conditions" if second else _scalar(first, names)


def _is_pair(element: Json) -> bool:
    """Permissions are `domain:entity:action`; ids, `*` and references hold no colon."""
    if not isinstance(element, list | tuple) or len(element) != 2:
        return False
    return not (isinstance(element[0], str) and ":" in element[0])


def _scalar(value: Json, names: Names) -> str:
    if value in (None, ""):
        return "nothing"
    if isinstance(value, str):
        known = value in names.labels or value in names.addresses
        return names.of(value) if known else named(value) if ":" not in value else value
    if isinstance(value, dict) and "$ref" in value:
        return names.of(value)
    return canonical(value)
