"""The changes of a plan; of a large one, alike changes together, rare ones still in full."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence

from reconciler.model.plan import Change
from reconciler.model.words import population
from reconciler.reports.access_text import MOST_OWNERS
from reconciler.reports.causes import from_profile
from reconciler.reports.change_text import SYMBOLS, View, change_lines, what, why
from reconciler.reports.lines import Line, flow, folded

MOST_CHANGES = 60
MOST_ALIKE = 5


def changes_lines(changes: Sequence[Change], view: View) -> list[Line]:
    """Each change, but one row for those that one line of a profile makes, and from 61 on for all alike ones.

    At most five are never folded, and none with one that asks for a graver consent.
    """
    lines: list[Line] = []
    for group in groups(changes, view):
        if folds(group):
            lines += _folded(group, view)
        else:
            for change in group:
                lines += change_lines(change, view)
    return lines


def folds(group: Sequence[Change]) -> bool:
    """Whether a group is told as one."""
    return len(group) > MOST_ALIKE


def groups(changes: Sequence[Change], view: View) -> list[list[Change]]:
    """In the order of the first of each; of many what is graver, or held back, comes first."""
    few = len(changes) <= MOST_CHANGES
    if not few:
        changes = sorted(changes, key=lambda change: _mildness(change, view))
    lines = [(change.profile, change.address.key, _alike(change, view)) for change in changes]
    sizes = Counter(line for line in lines if line[0])
    found: dict[Hashable, list[Change]] = {}
    for change, line in zip(changes, lines, strict=True):
        alike = change.address if few else line[2]
        found.setdefault(line if sizes[line] > MOST_ALIKE else alike, []).append(change)
    return list(found.values())


def _mildness(change: Change, view: View) -> tuple[int, bool]:
    return -view.causes.gravity(str(change.address)), change.withheld is None


def _alike(change: Change, view: View) -> tuple[Hashable, ...]:
    guard = change.withheld.guard if change.withheld else ""
    fields = ",".join(field.path for field in change.fields)
    asks = view.causes.asks(str(change.address))
    return guard, change.action, change.address.kind, change.cause, fields, asks


def _folded(group: Sequence[Change], view: View) -> list[Line]:
    first = group[0]
    symbol, style = SYMBOLS[first.action]
    if first.withheld:
        symbol, style = "⊘", "withheld"
    who = population([str(change.address) for change in group])
    head = f"  {symbol} {who}"
    lines = flow(head, in_common(group, view), view.width, style, start=max(view.column, len(head) + 2))
    for text in reasons(group):
        lines += flow("      ", text, view.width, "muted", hang=8)
    return lines + flow("      ", _behind(group), view.width, "muted", hang=8)


def cause_of(group: Sequence[Change]) -> str:
    """The one line of a profile that makes them all, in words; else ""."""
    first = group[0]
    one = len({(change.profile, change.address.key) for change in group}) == 1
    return from_profile(first.profile, str(first.address)) if first.profile and one else ""


def _behind(group: Sequence[Change]) -> str:
    """The line of a profile that makes them, and for whom; else two of them by name."""
    if cause := cause_of(group):
        owners = list(dict.fromkeys(change.address.owner for change in group))
        return f"{cause} · in {folded(owners, MOST_OWNERS)}"
    examples = " ".join(f"{change.address}," for change in group[:2])
    return f"{examples} and {len(group) - 2:,} more"


def in_common(group: Sequence[Change], view: View) -> str:
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


def reasons(group: Sequence[Change]) -> list[str]:
    """Why, and how what is withheld is released; the first of several."""
    if group[0].withheld:
        releases = dict.fromkeys(change.withheld.release for change in group if change.withheld)
        reasons = dict.fromkeys(change.withheld.reason for change in group if change.withheld)
        return [f"{_first(list(reasons))}; release: {_first(list(releases))}"]
    reasons = dict.fromkeys(reason for change in group if (reason := why(change)))
    return [_first(list(reasons))] if reasons else []


def _first(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else f"{texts[0]} (and {len(texts) - 1:,} others)"
