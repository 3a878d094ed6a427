"""One change as a person reads it: what, where, why, what it waits for, and how to release it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reconciler.model.address import OPERATOR, Address
from reconciler.model.plan import Change, Operation, Plan
from reconciler.reports.causes import Causes
from reconciler.reports.field_text import borrowed, difference, given, lost
from reconciler.reports.findings_text import Locate
from reconciler.reports.lines import Line, Style, flow, folded, named
from reconciler.reports.names import Names

SYMBOLS: dict[str, tuple[str, Style]] = {
    "create": ("+", "add"),
    "update": ("~", "change"),
    "delete": ("-", "remove"),
    "adopt": ("→", "change"),
    "revoke": ("-", "remove"),
}
_NOT_DONE = {
    "create": "not created",
    "update": "not updated",
    "delete": "not deleted",
    "adopt": "not taken over",
    "revoke": "nothing revoked",
}
_CAUSES = {"drift": "drift: ", "unknown": "unknown cause: "}
_MOST_WAITS = 4
_INDENT = 6


@dataclass(frozen=True, slots=True)
class View:
    """What rendering a change needs beside it. `waits` and `secrets` by address, `column` in cells."""

    names: Names
    waits: Mapping[Address, tuple[str, ...]]
    secrets: Mapping[Address, str]
    locate: Locate
    width: int
    column: int
    causes: Causes = field(default_factory=Causes)


def change_lines(change: Change, view: View) -> list[Line]:
    """A change with everything that belongs to it."""
    if change.withheld:
        return _withheld_lines(change, view)
    symbol, style = SYMBOLS[change.action]
    first, *more = what(change, view) or [named(change.name)]
    lines = flow(f"  {symbol} {change.address}", first, view.width, style, start=view.column)
    for text in more:
        lines += flow(" " * view.column, text, view.width, style)
    if reason := why(change):
        lines += flow(" " * view.column, reason, view.width, "muted")
    for text in view.waits.get(change.address, ()):
        lines += flow(" " * _INDENT, text, view.width, "muted", hang=_INDENT + 2)
    return lines


def what(change: Change, view: View) -> list[str]:
    """What happens to the object, a line each."""
    if change.address == OPERATOR:
        return borrowed(change.fields[0], view.names)
    name, secret = named(change.name), view.secrets.get(change.address)
    arrives = [f"secret → {secret}"] if secret else []
    if change.action == "create":
        begins = [text for field in change.fields if (text := given(field, view.names))]
        return [" · ".join([name, *begins, *arrives])]
    if change.action == "delete":
        return [f"{name} · deleted"]
    if change.action == "adopt":
        return [f"{name} · becomes ours, only its marker is written · id {change.id}"]
    say = lost if change.action == "revoke" else difference
    texts = [*(text for field in change.fields for text in say(field, view.names)), *arrives]
    orphaned = change.origin is None and change.action == "revoke"
    return [f"{name} · {texts[0]}", *texts[1:]] if orphaned and texts else texts


def why(change: Change) -> str:
    """The reason where it is news: a creation needs none but its remarks."""
    if change.address == OPERATOR:
        return ""
    if change.action == "create":
        return change.reason.partition(": ")[2]
    if change.reason == "marker":
        return "only its marker is refreshed"
    return f"{_CAUSES.get(change.cause, '')}{change.reason}" if change.reason else ""


def withheld_words(change: Change, locate: Locate) -> tuple[str, str]:
    """What is not done and why, and how it is released."""
    held = change.withheld
    assert held is not None  # asked by the caller
    where = (locate(change.origin) if change.origin else None) or change.origin
    release = f"release: {held.release}" + (f" ({where})" if where else "")
    return f"{_NOT_DONE[change.action]}, withheld by {held.guard}: {held.reason}", release


def _withheld_lines(change: Change, view: View) -> list[Line]:
    text, release = withheld_words(change, view.locate)
    lines = flow(f"  ⊘ {change.address}", text, view.width, "withheld", start=view.column)
    return lines + flow(" " * _INDENT, release, view.width, "withheld", hang=_INDENT + 2)


def waits_of(plan: Plan) -> dict[Address, tuple[str, ...]]:
    """What each address waits for, from the edges that lead to another address or to a pause."""
    operations = {operation.id: operation for operation in plan.operations}
    found: dict[Address, dict[str, list[str]]] = {}
    for operation in plan.operations:
        for edge in operation.after:
            other = operations.get(edge.id)
            if operation.does != "wait" and other and _is_news(operation, other):
                text, target = _wait(other, edge.reason)
                targets = found.setdefault(operation.address, {}).setdefault(text, [])
                if target and target not in targets:
                    targets.append(target)
    return {address: tuple(_waiting(each) for each in texts.items()) for address, texts in found.items()}


def _is_news(operation: Operation, other: Operation) -> bool:
    """That our own client borrows and returns stands with its own change."""
    if OPERATOR in (operation.address, other.address):
        return False
    return other.does == "wait" or other.address != operation.address


def _wait(other: Operation, reason: str) -> tuple[str, str]:
    if other.does == "wait":
        seconds = (other.body or {}).get("seconds", 0)
        return f"waits {seconds:g} s: {other.reason or reason}", ""
    return reason, str(other.address)


def _waiting(each: tuple[str, list[str]]) -> str:
    reason, targets = each
    if not targets:
        return reason
    because = f" ({reason})" if reason else ""
    return f"waits for {folded(targets, _MOST_WAITS)}{because}"


def secrets_of(plan: Plan) -> dict[Address, str]:
    """Where the secret of each address goes: `vault bpo/acme-retail/metrics`."""
    return {
        operation.address: f"{operation.body['sink']} {operation.body['path']}"
        for operation in plan.operations
        if operation.does == "deliver"
    }
