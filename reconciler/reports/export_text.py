"""An export in text: what was written, what stays unmanaged and why, and what to do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from reconciler.model.finding import Severity
from reconciler.model.kind import Registry
from reconciler.model.words import counted
from reconciler.planning.export.values import Proposal
from reconciler.reports.findings_text import short_lines
from reconciler.reports.lines import Line, dotted, flow, folded

_MOST_TENANTS = 12


class Written(NamedTuple):
    """Where it was written, what it cost in reads, and what the next commands have to be told."""

    out: str
    requests: int


def export_text(
    proposal: Proposal, written: Written, registry: Registry, width: int = 80
) -> tuple[Line, ...]:
    """The summary, `width` cells wide where words allow it; the last line is the one scripts look for."""
    lines = overview(proposal, registry, width)
    told = [each for each in proposal.findings if each.severity is not Severity.INFO]
    if told:
        lines += [Line(""), *short_lines(told, width, lambda origin: None)]
    if quiet := len(proposal.findings) - len(told):
        lines += flow("", f"{counted(quiet, 'note')} more in the files' comments.", width, "muted")
    return (*lines, Line(""), *what_next(written.out, width), Line(last_line(proposal, written), "total"))


def overview(proposal: Proposal, registry: Registry, width: int) -> list[Line]:
    """The organisation, its tenants, and how many objects of each kind were written down."""
    org = proposal.manifests.org
    lines = dotted([org.name, org.region, org.organization_id, f"operator {org.operator}"], width, "title")
    return [*lines, *_tenants(proposal, width), *_objects(proposal, registry, width)]


def last_line(proposal: Proposal, written: Written) -> str:
    """The line that scripts look for."""
    tenants = counted(len(proposal.tenants), "tenant")
    counts = f"{tenants}, {len(proposal.adopting)} to adopt, {left_out(proposal)} left out"
    return f"export: {counts} · {counted(written.requests, 'request')}, 0 writes · {written.out}"


def left_out(proposal: Proposal) -> int:
    """How many objects stay unmanaged altogether."""
    return sum(not each.referred for each in proposal.left)


def _tenants(proposal: Proposal, width: int) -> list[Line]:
    if not proposal.tenants:
        return [Line("  no tenants: no division but Home could be declared")]
    number = counted(len(proposal.tenants), "tenant")
    return flow(f"  {number}: ", folded(proposal.tenants, _MOST_TENANTS), width, hang=4)


def _objects(proposal: Proposal, registry: Registry, width: int) -> list[Line]:
    org = proposal.manifests.org
    adopting: Counter[str] = Counter()
    ours: Counter[str] = Counter()
    others: Counter[str] = Counter()
    for document in proposal.documents:
        for kind, items in document.sections.items():
            for item in items:
                marked = item.live.marker is not None and item.live.marker.org == org.name
                side = adopting if item.live.id in proposal.adopting else ours if marked else others
                side[kind] += 1
    told = (("to adopt", adopting), ("ours already", ours), ("declared, not taken over", others))
    return [
        line
        for words, counts in told
        if counts or counts is adopting
        for line in flow(f"  {words}: ", _counts(counts, registry), width, hang=4)
    ]


def _counts(counts: Mapping[str, int], registry: Registry) -> str:
    return ", ".join(counted(counts[name], name) for name in registry.names if counts.get(name)) or "nothing"


def what_next(out: str, width: int) -> list[Line]:
    """Whoever just wrote manifests to `out` has not decided anything yet."""
    text = (
        "It is a proposal: read it, move entries between the files, mend what says CHANGE-ME. Then "
        "the plan adopts, and changes nothing but descriptions:"
    )
    commands = [f"  reconciler {name} {out}" for name in ("validate", "plan", "apply")]
    return [*flow("", text, width), *map(Line, commands)]
