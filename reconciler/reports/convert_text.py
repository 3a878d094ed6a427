"""A conversion in text: what was written, what stays with Terraform and why, and what to do next."""

from __future__ import annotations

from typing import NamedTuple

from reconciler.model.finding import Finding, Severity
from reconciler.model.kind import Registry
from reconciler.model.words import counted
from reconciler.planning.convert.fates import Fate, Letting, Result
from reconciler.planning.export.values import Proposal
from reconciler.reports.export_text import overview, what_next
from reconciler.reports.findings_text import short_lines
from reconciler.reports.lines import Line, flow

_LET_GO = (
    "Only then let Terraform let go: {out}/removed.tf says how. What no state can tell is who else holds "
    "these roles; `reconciler plan {out} --deep` asks the organisation."
)


class Converted(NamedTuple):
    """Everything that is said of a conversion. `others` counts resources of types that are not converted."""

    source: str
    out: str
    proposal: Proposal
    fates: tuple[Fate, ...]
    let: Letting
    findings: tuple[Finding, ...]
    others: int

    def number(self, result: Result) -> int:
        """How many resources ended like this."""
        return sum(fate.result == result for fate in self.fates)


def convert_text(done: Converted, registry: Registry, width: int = 80) -> tuple[Line, ...]:
    """The summary, `width` cells wide where words allow it; the last line is the one scripts look for."""
    lines = overview(done.proposal, registry, width)
    told = [each for each in done.findings if each.severity is not Severity.INFO]
    if told:
        lines += [Line(""), *short_lines(told, width, lambda origin: None)]
    if quiet := len(done.findings) - len(told):
        lines += flow("", f"{counted(quiet, 'note')} more with -o json.", width, "muted")
    lines += [Line(""), *what_next(done.out, width), *flow("", _LET_GO.format(out=done.out), width)]
    return (*lines, Line(last_line(done), "total"))


def last_line(done: Converted) -> str:
    """The line that scripts look for."""
    tenants = counted(len(done.proposal.tenants), "tenant")
    stay = len(done.fates) - done.number("converted")
    counts = f"{done.number('converted')} converted, {stay} left"
    return f"convert: {tenants}, {counts} · {counted(len(done.let.blocks), 'block')} to let go · {done.out}"
