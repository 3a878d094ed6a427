"""What the policy says about drift, in text: what is known and left, and what may be corrected by itself."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.address import Address
from reconciler.model.drift import Correction, Drifted, DriftReport
from reconciler.model.words import counted
from reconciler.reports.lines import Line, flow, folded, named

MOST_NAMED = 3
"""Addresses in one line; the JSON document lists each."""
MOST_ACKNOWLEDGED = 10


def acknowledged_lines(report: DriftReport, width: int) -> Iterator[Line]:
    """What somebody answers for, one line each, and entries that cover nothing."""
    if report.acknowledged:
        yield Line(f"Acknowledged, not counted: {counted(len(report.acknowledged), 'object')}", "muted")
    for item in report.acknowledged[:MOST_ACKNOWLEDGED]:
        yield from flow(f"  ~ {item.address}  ", acknowledgement(item), width, "muted", hang=6)
    if (more := len(report.acknowledged) - MOST_ACKNOWLEDGED) > 0:
        yield Line(f"  and {more:,} more (-o json lists each)", "muted")
    for each in report.notices[:MOST_ACKNOWLEDGED]:
        yield from flow("warning: ", f"{each.message} [{each.rule}]", width, "change", hang=2)
    if (more := len(report.notices) - MOST_ACKNOWLEDGED) > 0:
        yield Line(f"and {more:,} more warnings (-o json lists each)", "change")


def acknowledgement(item: Drifted) -> str:
    """What is tolerated, until when, who answers and why; of several entries the one that ends first."""
    first = min(item.acknowledged, key=lambda each: each.share.expires).share
    fields = ", ".join(change.path for change in item.fields)
    return f"{fields}: until {first.expires}, {named(first.owner)}: {named(first.reason)}"


def correction_lines(found: Correction, width: int) -> Iterator[Line]:
    """What a scheduled run may do now, and what everything else waits for."""
    if found.now:
        text = f"{_told(found.now)}, by narrowing (spec.drift.correct is {found.policy})"
        yield from flow("may be corrected now: ", text, width, hang=2)
    if found.approval:
        text = f"{_told(found.approval)} (reconciler plan --deep, then apply --approved DIGEST)"
        yield from flow("waits for an approval: ", text, width, hang=2)
    if found.left:
        text = f"{_told(found.left)} (spec.drift.correct is {found.policy})"
        yield from flow("waits for somebody to apply: ", text, width, hang=2)


def _told(addresses: tuple[Address, ...]) -> str:
    return folded([str(each) for each in addresses], MOST_NAMED)
