"""The first section of a plan: who can see more afterwards, who less, and what crosses a tenant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reconciler.model.access import Access, Delta
from reconciler.model.finding import Finding
from reconciler.model.plan import Plan
from reconciler.model.words import population
from reconciler.reports.lines import Line, block, column, flow
from reconciler.reports.names import Names
from reconciler.reports.words import Sentence, sentences, told

MOST_SENTENCES = 24
MOST_CROSSINGS = 8
_CROSSING = "isolation/"


def access_lines(plan: Plan, names: Names, width: int) -> list[Line]:
    """Gains, losses, and in words whether anything leaves its tenant."""
    return delta_lines(plan.access, names, width) + _crossing_lines(plan, width)


def delta_lines(access: Delta, names: Names, width: int) -> list[Line]:
    """Who can do what afterwards and could not before, and the other way round."""
    gains = _rows(access.gains, names, lost=False)
    losses = _rows(access.losses, names, lost=True)
    start = column((f"  ▲ {subject}" for subject, _ in gains + losses), width)
    lines = [Line("Access", "title")]
    for subject, text in gains:
        lines += flow(f"  ▲ {subject}", text, width, "add", start=start)
    for subject, text in losses:
        lines += flow(f"  ▼ {subject}", text, width, "remove", start=start)
    return lines if gains or losses else [*lines, Line("  no access changes")]


def _rows(access: Iterable[Access], names: Names, *, lost: bool) -> list[tuple[str, str]]:
    """Who and what. Of many rows, subjects that may do the same share one, unless it reaches everywhere."""
    found = sentences(access, names)
    if len(found) <= MOST_SENTENCES:
        return [(each.subject, told(each, names, lost=lost)) for each in found]
    groups: dict[object, list[Sentence]] = {}
    for each in found:
        groups.setdefault(each if each.wide else each.permissions, []).append(each)
    return [_merged(group, names, lost=lost) for group in groups.values()]


def _merged(group: Sequence[Sentence], names: Names, *, lost: bool) -> tuple[str, str]:
    first = group[0]
    if len(group) == 1:
        return first.subject, told(first, names, lost=lost)
    divisions = dict.fromkeys(division for each in group for division in each.divisions)
    text = told(first._replace(divisions=tuple(divisions)), names, lost=lost)
    return population([each.subject for each in group]), f"{text}, between them"


def _crossing_lines(plan: Plan, width: int) -> list[Line]:
    found = crossings(plan)
    lines = [line for finding in found[:MOST_CROSSINGS] for line in _crossing(finding, width)]
    if len(found) > MOST_CROSSINGS:
        more = f"{len(found) - MOST_CROSSINGS:,} more findings across tenants (-o json lists each)"
        lines += flow("  ! ", more, width, "alarm")
    if not found and plan.access.gains:
        comfort = "the isolation rules find no access across tenants here, declared shares aside"
        lines += flow("  ", comfort, width)
    return lines


def _crossing(finding: Finding, width: int) -> list[Line]:
    text = f"{finding.severity}: {finding.message} [{finding.rule}]"
    chain = flow("      ", " → ".join(finding.witness), width, "alarm") if finding.witness else []
    return [*flow("  ! ", text, width, "alarm"), *chain, *block(6, finding.remedy, width)]


def crossings(plan: Plan) -> tuple[Finding, ...]:
    """The findings about access across tenants; told with the access, not among the rest."""
    return tuple(finding for finding in plan.findings if finding.rule.startswith(_CROSSING))
