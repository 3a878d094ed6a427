"""The first section of a plan: who can see more afterwards, who less, and what crosses a tenant."""

from __future__ import annotations

from reconciler.model.access import Delta
from reconciler.model.consent import owner_of
from reconciler.model.finding import Finding
from reconciler.model.plan import Plan
from reconciler.model.words import population
from reconciler.reports.causes import Causes, of_plan
from reconciler.reports.folding import Row, rows
from reconciler.reports.lines import Line, block, column, flow, folded
from reconciler.reports.names import Names
from reconciler.reports.words import told

MOST_OWNERS = 12
MOST_CROSSINGS = 8
_CROSSING = "isolation/"


def access_lines(plan: Plan, names: Names, width: int) -> list[Line]:
    """Gains, losses, and in words whether anything leaves its tenant."""
    return delta_lines(plan.access, names, width, of_plan(plan, names)) + _crossing_lines(plan, width)


def delta_lines(access: Delta, names: Names, width: int, causes: Causes) -> list[Line]:
    """Who can do what afterwards and could not before, and the other way round; the gravest first."""
    gains, losses = (rows(side, names, causes) for side in (access.gains, access.losses))
    start = column((f"  ▲ {who(row)}" for row in gains + losses), width)
    lines = [Line("Access", "title")]
    for row in gains:
        lines += flow(f"  ▲ {who(row)}", says(row, names, lost=False), width, "add", start=start)
        lines += _behind(row, width)
    for row in losses:
        lines += flow(f"  ▼ {who(row)}", says(row, names, lost=True), width, "remove", start=start)
        lines += _behind(row, width)
    return lines if gains or losses else [*lines, Line("  no access changes")]


def who(row: Row) -> str:
    """One by its name, several by their number."""
    return row.subjects[0] if len(row.subjects) == 1 else population(row.subjects)


def says(row: Row, names: Names, *, lost: bool) -> str:
    """What a row may do afterwards, or no longer."""
    text = told(row.sentence, names, lost=lost)
    return text if len(row.subjects) == 1 else f"{text}, between them"


def _behind(row: Row, width: int) -> list[Line]:
    """What made it so, and who stands behind a number."""
    if not row.cause:
        return []
    owners = list(dict.fromkeys(owner_of(subject) for subject in row.subjects))
    return flow("      ", f"{row.cause} · in {folded(owners, MOST_OWNERS)}", width, "muted", hang=8)


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
