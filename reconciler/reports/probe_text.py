"""A probe in text: a verdict for each client, what its lists showed, and what could not be tried."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from reconciler.model.probe import ClientProbe, Probe, Seen, Verdict
from reconciler.model.words import counted
from reconciler.reports.lines import Line, Style, column, dotted, flow

_STYLES: dict[Verdict, Style] = {
    Verdict.LEAK: "alarm",
    Verdict.UNKNOWN: "withheld",
    Verdict.MISMATCH: "change",
    Verdict.VACUOUS: "muted",
    Verdict.CONFIRMED: "add",
}
_WORD = max(map(len, Verdict)) + 2
_REMEDY = "see which grant it is with `reconciler prove`; `reconciler apply --revoke-only` takes it back"


def probe_text(probe: Probe, code: int, width: int = 80) -> tuple[Line, ...]:
    """The whole report, `width` cells wide where words allow it; `code` is the exit code."""
    asked = f"asked {probe.began[:10]} {probe.began[11:19]}–{probe.ended[11:19]} UTC"
    lines = [*dotted([probe.org_name, probe.organization_id, asked], width, "title"), Line("")]
    start = column((each.address for each in probe.clients), width)
    for each in probe.clients:
        lines += _client(each, start, width)
    if probe.leaks:
        lines += flow("", _REMEDY, width, "muted")
    lines += [row for gap in probe.gaps for row in flow("Not seen: ", gap, width, "withheld", hang=2)]
    lines += [row for note in probe.notes for row in flow("Not tried: ", note, width, "muted", hang=2)]
    return (*lines, Line(last_line(probe, code), "total"))


def last_line(probe: Probe, code: int) -> str:
    """The line that scripts look for."""
    number = Counter(each.verdict for each in probe.clients)
    said = ", ".join(f"{number[each]} {each}" for each in reversed(Verdict) if number[each])
    requests = counted(sum(each.requests for each in probe.clients), "request")
    leaks = counted(probe.leaks, "leak")
    clients = counted(len(probe.clients), "client")
    return f"probed {clients}: {said or 'none'} · {requests} · {leaks} · exit {code}"


def _client(each: ClientProbe, start: int, width: int) -> Iterator[Line]:
    yield from flow(
        each.address, f"{each.verdict:<{_WORD}}{_size(each)}", width, _STYLES[each.verdict], start=start
    )
    for one in each.sights:
        yield from flow(f"  {one.verdict} ", _seen(one), width, _STYLES[one.verdict], hang=6)
    if each.open:
        told = ", ".join(f"{number:,} {name}" for name, number in each.open.items())
        yield from flow("    ", f"without any permission: {told}", width, "muted", hang=6)
    for reason in each.reasons:
        yield from flow("    ", reason, width, hang=6)
    if not each.returned:
        yield from flow("    ", "its token could not be given back, and ends by itself", width, "withheld")


def _size(each: ClientProbe) -> str:
    if not each.requests:
        return "not asked"
    return f"{counted(each.permissions, 'permission')}, {counted(len(each.sights), 'list')}"


def _seen(one: Seen) -> str:
    parts = [
        f"{one.permission}: {one.type}, {one.listed:,} listed, {one.foreign:,} foreign"
        + (f" (ids {one.digest[:8]})" if one.listed else ""),
        f"{one.tried} foreign asked for by id, {one.answered} answered" if one.tried else "",
        *one.said,
    ]
    return "; ".join(part for part in parts if part)
