"""The changes of a plan; of a large one, alike changes together, rare ones still in full."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.model.plan import Change
from reconciler.model.words import population
from reconciler.reports.change_text import SYMBOLS, View, change_lines, what, why
from reconciler.reports.lines import Line, flow

MOST_CHANGES = 60
MOST_ALIKE = 5


def changes_lines(changes: Sequence[Change], view: View) -> list[Line]:
    """Every change, or from 61 on each group of alike ones; at most five alike are never folded."""
    few = len(changes) <= MOST_CHANGES
    groups = [[change] for change in changes] if few else _groups(changes)
    lines: list[Line] = []
    for group in groups:
        if len(group) <= MOST_ALIKE:
            for change in group:
                lines += change_lines(change, view)
        else:
            lines += _folded(group, view)
    return lines


def _groups(changes: Sequence[Change]) -> list[list[Change]]:
    groups: dict[tuple[str, ...], list[Change]] = {}
    for change in changes:
        guard = change.withheld.guard if change.withheld else ""
        fields = ",".join(field.path for field in change.fields)
        key = (guard, change.action, change.address.kind, change.cause, fields)
        groups.setdefault(key, []).append(change)
    return list(groups.values())


def _folded(group: Sequence[Change], view: View) -> list[Line]:
    first, size = group[0], len(group)
    symbol, style = SYMBOLS[first.action]
    if first.withheld:
        symbol, style = "⊘", "withheld"
    who = population([str(change.address) for change in group])
    head = f"  {symbol} {who}"
    lines = flow(head, _in_common(group, view), view.width, style, start=max(view.column, len(head) + 2))
    for text in _reasons(group, view):
        lines += flow("      ", text, view.width, "muted", hang=8)
    examples = " ".join(f"{change.address}," for change in group[:2])
    return lines + flow("      ", f"{examples} and {size - 2:,} more", view.width, "muted", hang=8)


def _in_common(group: Sequence[Change], view: View) -> str:
    """What is done where it is the same everywhere; else the names of the fields, or a few of the names."""
    first = group[0]
    if first.withheld:
        return f"withheld by {first.withheld.guard}"
    if first.action in ("update", "revoke"):
        same = {tuple(what(change, view)) for change in group}
        paths = ", ".join(field.path for field in first.fields)
        return "; ".join(same.pop()) if len(same) == 1 else f"{paths}, each its own"
    secrets = sum(change.address in view.secrets for change in group)
    return f"{secrets:,} with a secret to deliver" if secrets else {"delete": "deleted"}.get(first.action, "")


def _reasons(group: Sequence[Change], view: View) -> list[str]:
    if group[0].withheld:
        releases = dict.fromkeys(change.withheld.release for change in group if change.withheld)
        reasons = dict.fromkeys(change.withheld.reason for change in group if change.withheld)
        return [f"{_first(list(reasons))}; release: {_first(list(releases))}"]
    reasons = dict.fromkeys(reason for change in group if (reason := why(change)))
    return [_first(list(reasons))] if reasons else []


def _first(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else f"{texts[0]} (and {len(texts) - 1:,} others)"
