"""Drift in Markdown: one document for a job's summary, and one for each owner, to be kept as its issue.

The gravest first, what people can do now before what was changed for it; no name is markup, a link, or
a call to somebody. Never longer than `comment.MOST`: what does not fit goes from the end, and it says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from reconciler.model.address import Address
from reconciler.model.drift import Correction, Drifted, DriftReport
from reconciler.model.words import counted
from reconciler.reports.comment import MOST, WIDTH, Part, joined, marker, parts
from reconciler.reports.drift_policy_text import acknowledged_lines, correction_lines
from reconciler.reports.drift_text import audit_lines, drift_text, hand, last_line, meaning, names_in, what
from reconciler.reports.lines import Line, flow
from reconciler.reports.markdown import escaped, fenced, row
from reconciler.reports.names import Names

_MOST_OWNERS = 100


def drift_markdown(report: DriftReport, code: int, most: int = MOST) -> str:
    """The whole report in one document; `code` is the exit code."""
    head = [marker("drift", report.org_name), f"## {escaped(report.org_name)}: {_title(report)}", ""]
    if not report.objects:
        return joined([*head, *fenced(drift_text(report, code, WIDTH))])
    owners = _owners(report)
    head += [*_table(owners), ""]
    names = names_in(report)
    found = [(f"{owner}: {_title(part)}", _objects(part, names)) for owner, part in owners.items()]
    tail = [*_known(report), *_foot(report, ""), "", *fenced([Line(last_line(report, code))])]
    return _filled(head, found, tail, most, "reconciler drift")


def drift_issues(report: DriftReport, most: int = MOST) -> Mapping[str, str]:
    """A document for each owner of whom something drifted; the second line is its title.

    Its first line tells it from every other issue, so that it can be found, edited and closed.
    """
    names = names_in(report)
    return {
        owner: _issue(f"{report.org_name}/{owner}", owner, part, names, most)
        for owner, part in _owners(report).items()
    }


def _issue(name: str, owner: str, report: DriftReport, names: Names, most: int) -> str:
    head = [marker("drift", name), f"# {owner}: {_title(report)}", "", _gravity(report), ""]
    tail = [*_known(report), *_foot(report, f" --only {owner}")]
    return _filled(head, [("", _objects(report, names))], tail, most, f"reconciler drift --only {owner}")


def _filled(head: list[str], found: Sequence[Part], tail: list[str], most: int, all_of_it: str) -> str:
    """Head and tail whole, and between them as much as there is room for."""
    rest = f"and {len(found):,} more: `{all_of_it}` prints all"
    room = most - len(joined([*head, *tail, rest, ""]))
    body: list[str] = []
    for number, each in enumerate(found):
        shown = list(parts([each], room, all_of_it))
        room -= len(joined(shown))
        if room < 0:
            body += [rest.replace(f"{len(found):,}", f"{len(found) - number:,}", 1), ""]
            break
        body += shown
    return joined([*head, *body, *tail])


def _owners(report: DriftReport) -> dict[str, DriftReport]:
    """The report cut to each owner of whom something drifted, the gravest first."""
    found: dict[str, list[Drifted]] = {}
    for item in report.objects:
        found.setdefault(item.address.owner, []).append(item)
    return {owner: _of(report, owner, objects) for owner, objects in found.items()}


def _of(report: DriftReport, owner: str, objects: Iterable[Drifted]) -> DriftReport:
    def mine(addresses: tuple[Address, ...]) -> tuple[Address, ...]:
        return tuple(each for each in addresses if each.owner == owner)

    found = report.correction
    return replace(
        report,
        objects=tuple(objects),
        acknowledged=tuple(item for item in report.acknowledged if item.address.owner == owner),
        correction=Correction(found.policy, mine(found.now), mine(found.approval), mine(found.left)),
        notices=(),
    )


def _title(report: DriftReport) -> str:
    if not report.objects:
        return "nothing was changed by hand"
    title = f"{counted(len(report.objects), 'object')} changed by hand"
    return f"{title}, {report.leaks:,} across tenants" if report.leaks else title


def _gravity(report: DriftReport) -> str:
    gained, lost = _access(report)
    return f"Severity **{report.objects[0].severity}** · access +{gained:,} −{lost:,}"


def _access(report: DriftReport) -> tuple[int, int]:
    """What is gained and lost by these objects, each once."""
    gains = {each for item in report.objects for each in item.access.gains}
    losses = {each for item in report.objects for each in item.access.losses}
    return len(gains), len(losses)


def _table(owners: Mapping[str, DriftReport]) -> Iterator[str]:
    yield from (row("severity", "whose", "objects", "across tenants", "access"), row(*["---"] * 5))
    for owner, report in list(owners.items())[:_MOST_OWNERS]:
        gained, lost = _access(report)
        numbers = f"{len(report.objects):,}", f"{report.leaks:,}", f"+{gained:,} −{lost:,}"
        yield row(f"**{report.objects[0].severity}**", owner, *numbers)
    if len(owners) > _MOST_OWNERS:
        yield row("", f"and {len(owners) - _MOST_OWNERS:,} more", "", "", "")


def _objects(report: DriftReport, names: Names) -> list[Line]:
    return [line for item in report.objects for line in _object(item, names)]


def _object(item: Drifted, names: Names) -> Iterator[Line]:
    """What people can do now, what was changed for it, and whose hand it was."""
    yield Line(f"~ {item.address}")
    yield from meaning(item, names, WIDTH)
    for text in (*what(item, names), hand(item)):
        yield from flow("      ", text, WIDTH, hang=8)


def _known(report: DriftReport) -> list[str]:
    lines = [*audit_lines(report, WIDTH), *acknowledged_lines(report, WIDTH)]
    lines += correction_lines(report.correction, WIDTH)
    return [*fenced(lines), ""] if lines else []


def _foot(report: DriftReport, only: str) -> Iterator[str]:
    """What to type, and what was looked at and when."""
    if any(item.narrows for item in report.objects):
        yield from _typed("Take back what nobody declared:", f"apply --revoke-only{only}")
    yield from _typed("Put everything right, as it is declared:", f"apply --deep{only}")
    purpose = "Or declare it, as far as it may be, and have that reviewed:"
    yield from _typed(purpose, f"drift --propose accepted{only}")
    yield f"<sub>{escaped(f'read {report.read_at}, {report.tool}')}</sub>"


def _typed(purpose: str, words: str) -> tuple[str, ...]:
    return purpose, "", "```console", f"$ reconciler {words}", "```", ""
