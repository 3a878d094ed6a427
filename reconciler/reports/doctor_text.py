"""A checkup in text: what is well in one line each, what is not with why and what to do."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.checkup import TOPICS, Check, Checkup, Status
from reconciler.model.words import counted
from reconciler.reports.lines import Line, Style, dotted, flow

SYMBOLS: dict[Status, str] = {"ok": "✓", "warning": "!", "failure": "✗", "unknown": "?"}
"""What stands before a check. `--help` says them in words."""

_STYLES: dict[Status, Style] = {"ok": "plain", "warning": "change", "failure": "alarm", "unknown": "muted"}
_TITLES = {
    "connection": "Connection",
    "operator": "Operator",
    "rights": "What the operator may do",
    "organisation": "The organisation",
}
_COLUMN = 19
_MOST_ITEMS = 12


def doctor_text(checkup: Checkup, width: int = 80) -> tuple[Line, ...]:
    """The whole checkup, `width` cells wide where words allow it."""
    lines = _head(checkup, width)
    for topic in TOPICS:
        checks = [check for check in checkup.checks if check.topic == topic]
        if checks:
            lines += [Line(""), Line(_TITLES[topic], "title")]
            lines += _section(checks, width)
    lines += [Line(""), Line("Not looked at", "title")]
    lines += [line for text in checkup.unseen for line in flow("  - ", text, width)]
    return (*lines, Line(""), *_verdict(checkup, width), Line(last_line(checkup), "total"))


def last_line(checkup: Checkup) -> str:
    """The line that scripts look for: the counts, the moment, the cost."""
    counts = (
        f"{counted(checkup.count('failure'), 'failure')}, {counted(checkup.count('warning'), 'warning')}, "
        f"{checkup.count('unknown')} unknown, {checkup.count('ok')} ok"
    )
    asked = counted(checkup.requests.read, "request")
    return f"doctor: {counts} · {asked}, {checkup.requests.write} writes · {checkup.checked_at}"


def _head(checkup: Checkup, width: int) -> list[Line]:
    name = checkup.org_name or "no manifests"
    identity = checkup.organization_id or "organisation unknown"
    looked = f"looked {checkup.checked_at[:10]} {checkup.checked_at[11:19]} UTC"
    return dotted([name, identity, checkup.endpoint, looked], width, "title")


def _section(checks: list[Check], width: int) -> list[Line]:
    """What one check has listed, the next does not list again."""
    lines: list[Line] = []
    listed: set[str] = set()
    for check in checks:
        new = tuple(item for item in check.items if item not in listed)
        lines += _check(check, new, width)
        listed.update(new)
    return lines


def _check(check: Check, items: tuple[str, ...], width: int) -> Iterator[Line]:
    head = f"  {SYMBOLS[check.status]} {check.name}"
    yield from flow(head, check.seen, width, _STYLES[check.status], start=_COLUMN)
    if check.means:
        yield from flow(" " * _COLUMN, check.means, width)
    for item in items[:_MOST_ITEMS]:
        yield from flow(" " * _COLUMN + "- ", item, width, hang=_COLUMN + 4)
    if len(items) > _MOST_ITEMS:
        yield Line(f"{' ' * _COLUMN}and {len(items) - _MOST_ITEMS:,} more (-o json lists each)")
    if again := len(check.items) - len(items):
        the = f"the {'one' if again == 1 else again} above"
        yield Line(f"{' ' * _COLUMN}- {'and ' if items else ''}{the}")
    if check.remedy:
        yield from flow(" " * _COLUMN + "→ ", check.remedy, width)


def _verdict(checkup: Checkup, width: int) -> list[Line]:
    if checkup.fails:
        failing = ", ".join(check.name for check in checkup.checks if check.status == "failure")
        return flow("", f"Stops plan or apply, until it is mended: {failing}.", width, "alarm")
    if not checkup.org_name:
        return flow(
            "", "The connection was looked at, and nothing else. Plan and apply need manifests.", width
        )
    open_ = [check.name for check in checkup.checks if check.status == "unknown"]
    rest = f" Not known: {', '.join(open_)}." if open_ else ""
    return flow("", f"Nothing was found that would stop plan or apply as of this moment.{rest}", width)
