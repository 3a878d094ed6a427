"""What stays behind: the orphaned walls, and what still lives behind those of a tenant that is leaving."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reconciler.model.finding import Finding, Severity
from reconciler.model.rule import Rule
from reconciler.model.state import Live
from reconciler.model.words import inhabitants
from reconciler.planning.binding import Scope
from reconciler.planning.guard import Situation

CLOSING = Rule(
    "tenant/closing",
    "A tenant that is leaving may have left data behind its walls; somebody has to decide what becomes "
    "of them.",
    "Move or delete what still lives there, then let `prune` delete the division.",
)
"""The closing report of a retired tenant: one finding for each of its walls."""


def living(situation: Situation, found: Scope) -> Mapping[str, Mapping[str, int]]:
    """What lives behind each orphaned wall that was counted, by its address and the vendor's types."""
    counts = situation.live.counts
    return {str(item.marker.address): counts[item.id] for item in _walls(found, counts) if item.marker}


def closing(situation: Situation, found: Scope) -> tuple[Finding, ...]:
    """What still lives behind the walls of retired tenants, by address."""
    desired, counts = situation.desired, situation.live.counts
    reports = [
        _report(item, str(item.marker.address), counts[item.id], prune=desired.org.prune)
        for item in _walls(found, counts)
        if item.marker and item.marker.address.owner in desired.retired
    ]
    return tuple(sorted(reports, key=lambda report: report.address))


def _walls(found: Scope, counts: Mapping[str, Mapping[str, int]]) -> Iterator[Live]:
    """Nothing but walls is ever counted."""
    return (item for item in found.orphans if item.id in counts)


def _report(item: Live, address: str, counts: Mapping[str, int], *, prune: bool) -> Finding:
    there = inhabitants(counts)
    if there:
        message, remedy = f"`{item.name}` still holds {there}", "move or delete them before it can go"
    else:
        message = f"nothing lives in `{item.name}` any more"
        remedy = "" if prune else "`prune: true` in the Org document lets it be deleted"
    return Finding(CLOSING, Severity.INFO, message, remedy, address)
