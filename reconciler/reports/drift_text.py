"""Drift in text: what somebody changed, who and when, and what it lets people do now; the gravest first.

Symbols: `~` an object that is not what we last wrote, `+` what was added by hand, `-` what was taken
away by hand. Numbers are those of the drift document.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.model.access import Access
from reconciler.model.drift import Drifted, DriftReport, Hand
from reconciler.model.finding import Severity
from reconciler.model.words import counted, population
from reconciler.reports.drift_policy_text import acknowledged_lines, correction_lines
from reconciler.reports.field_text import difference
from reconciler.reports.lines import Line, Style, column, dotted, flow, folded, named, visible
from reconciler.reports.names import Names
from reconciler.reports.words import Sentence, sentences, told

MOST_OBJECTS = 40
MOST_SENTENCES = 6
MOST_TIMES = 3
_INDENT = 6
_STYLES: dict[Severity, Style] = {Severity.CRITICAL: "alarm", Severity.HIGH: "remove"}
_UNKNOWN_HAND = "by: the audit API would know"


def drift_text(report: DriftReport, code: int, width: int = 80) -> tuple[Line, ...]:
    """The whole report, `width` cells wide where words allow it; `code` is the exit code.

    One line where nothing drifted and nothing is acknowledged; the last line is never wrapped.
    """
    total = last_line(report, code)
    if not report.objects:
        return (*acknowledged_lines(report, width), Line(visible(f"{total} · {_scope(report)}"), "total"))
    names = names_in(report)
    start = column((f"  ~ {item.address}" for item in report.objects), width)
    lines = [*_header(report, width), Line(""), Line("Changed by hand", "title")]
    for item in report.objects[:MOST_OBJECTS]:
        lines += [*_changed(item, names, start, width), *meaning(item, names, width)]
    if len(report.objects) > MOST_OBJECTS:
        lines.append(Line(f"  and {len(report.objects) - MOST_OBJECTS:,} more (-o json lists each)"))
    known = acknowledged_lines(report, width)
    return (*lines, Line(""), *known, *_go_on(report, width), Line(total, "total"))


def last_line(report: DriftReport, code: int) -> str:
    """The line that scripts look for."""
    access = f"access +{len(report.access.gains)} -{len(report.access.losses)}"
    return f"drift: {len(report.objects)} objects, {report.leaks} leaks · {access} · exit {code}"


def _scope(report: DriftReport) -> str:
    """What was looked at and when: a verdict without them would say more than was seen."""
    only = f" (only {', '.join(report.only)})" if report.only else ""
    parts = [f"{report.org_name}{only}: {counted(report.unchanged, 'object')} as declared"]
    if report.acknowledged:
        parts.append(f"{len(report.acknowledged)} acknowledged")
    if report.pending:
        parts.append(f"{len(report.pending)} pending (reconciler plan)")
    return f"{', '.join(parts)} · read {report.read_at[11:19]}"


def _header(report: DriftReport, width: int) -> list[Line]:
    read = f"read {report.read_at[:10]} {report.read_at[11:19]} UTC"
    parts = [report.org_name, report.organization_id, read]
    parts += [f"only {', '.join(report.only)}"] if report.only else []
    return dotted(parts, width, "title")


def names_in(report: DriftReport) -> Names:
    """What the report knows about names."""
    labels = {str(item.address): item.name for item in report.objects}
    return Names({**labels, **report.names}, {item.id: str(item.address) for item in report.objects})


def what(item: Drifted, names: Names) -> list[str]:
    """The fields as the hand left them."""
    by_hand = [change._replace(live=change.desired, desired=change.live) for change in item.fields]
    return [text for change in by_hand for text in difference(change, names)]


def _changed(item: Drifted, names: Names, start: int, width: int) -> Iterator[Line]:
    """The fields, then whose hand it was."""
    style = _STYLES.get(item.severity, "change")
    first, *more = what(item, names)
    yield from flow(f"  ~ {item.address}", first, width, style, start=start)
    for text in more:
        yield from flow(" " * start, text, width, style)
    yield from flow(" " * _INDENT, hand(item), width, "muted", hang=_INDENT + 2)
    if item.cause == "unknown":
        text = "nothing tells it from a change of the manifests: part of this may be pending"
        text += ", so it is not taken back unasked" if item.narrows and not item.by_hand else ""
        yield from flow(" " * _INDENT, text, width, "muted", hang=_INDENT + 2)


def hand(item: Drifted) -> str:
    """Who and when, as far as the object itself and the vendor's audits say."""
    last = _moment(item.modified_at)
    times = sorted({_moment(pair.at) for pair in item.granted if pair.at} - {last})
    granted = f"granted {folded(times, MOST_TIMES)}" if times else ""
    if not item.modified_by:
        return ", ".join(part for part in (granted, _audited(item.hand)) if part)
    return ", ".join(part for part in (f"last written by {named(item.modified_by)}", last, granted) if part)


def _audited(found: Hand | None) -> str:
    if found is None:
        return _UNKNOWN_HAND
    if not found.at:
        return "by: the audit log shows nobody else's change"
    who = f"by {named(found.by)}" if found.by else "by: the audit log names nobody"
    return f"{who}, {_moment(found.at)} ({named(found.did)} in the audit log)"


def audit_lines(report: DriftReport, width: int) -> Iterator[Line]:
    """Why nobody is named where audits might have named somebody."""
    if report.audits:
        yield from flow("who did it: ", f"the audit log {report.audits}", width, "muted", hang=2)
    elif report.unasked:
        text = f"the audit log was not asked about {counted(report.unasked, 'object')}"
        yield from flow("who did it: ", text, width, "muted", hang=2)


def _moment(iso: str) -> str:
    return f"{iso[:10]} {iso[11:16]}" if iso else ""


def meaning(item: Drifted, names: Names, width: int) -> Iterator[Line]:
    """What crosses a tenant's walls, what else people can do now, and what no longer."""
    foreign = {leak.access for leak in item.leaks}
    more = [access for access in item.access.gains if access not in foreign]
    said = [
        *_crossing(item, names),
        *((Severity.HIGH, text) for text in _told(item, more, names, lost=False)),
        *((Severity.MEDIUM, text) for text in _told(item, item.access.losses, names, lost=True)),
    ]
    for severity, text in said or [(item.severity, "nobody's access changes")]:
        style = _STYLES.get(severity, "plain")
        yield from flow(" " * _INDENT, f"{severity}: {text}", width, style, hang=_INDENT + 2)


def _crossing(item: Drifted, names: Names) -> Iterator[tuple[Severity, str]]:
    rules: dict[str, list[Access]] = {}
    for leak in item.leaks:
        rules.setdefault(leak.finding.rule, []).append(leak.access)
    for rule, access in rules.items():
        for text in _told(item, access, names, lost=False):
            yield Severity.CRITICAL, f"{text} [{rule}]"


def _told(item: Drifted, access: Iterable[Access], names: Names, *, lost: bool) -> Iterator[str]:
    """A sentence per group of subjects that may do the same; what reaches everywhere stands alone."""
    groups: dict[object, list[Sentence]] = {}
    for each in sentences(access, names):
        key = (each.permissions, each.divisions) if each.wide else each.permissions
        groups.setdefault(key, []).append(each)
    for group in list(groups.values())[:MOST_SENTENCES]:
        divisions = dict.fromkeys(division for each in group for division in each.divisions)
        whole = group[0]._replace(divisions=tuple(divisions))
        yield f"{_who(item, [each.subject for each in group])} {told(whole, names, lost=lost, now=True)}"
    if len(groups) > MOST_SENTENCES:
        yield f"and {len(groups) - MOST_SENTENCES:,} more such groups (-o json lists each)"


def _who(item: Drifted, subjects: list[str]) -> str:
    """`it`, one other by its address, or how many in how many tenants."""
    if subjects == [str(item.address)]:
        return "it"
    return subjects[0] if len(subjects) == 1 else population(subjects)


def _go_on(report: DriftReport, width: int) -> Iterator[Line]:
    if report.pending:
        text = f"Pending, which is no drift: {len(report.pending)} {_differences(report)}"
        yield from flow("", text, width, "muted", hang=2)
    yield from audit_lines(report, width)
    if report.access.gains:
        yield Line("narrow now: reconciler apply --revoke-only")
    yield Line("put all right: reconciler apply --deep")
    yield from correction_lines(report.correction, width)


def _differences(report: DriftReport) -> str:
    """What the manifests made differ. Of what is gone nobody can tell whether it ever was there."""
    creating = sum(item.action == "create" for item in report.pending)
    missing = f", {creating} not in the organisation (not made yet, or deleted by hand)" if creating else ""
    return f"to apply{missing}; reconciler plan shows each"
