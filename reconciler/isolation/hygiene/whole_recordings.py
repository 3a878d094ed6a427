"""roles/whole-recordings · A program hears whole recordings, where its own segment would do."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.isolation.evidence import Evidence
from reconciler.isolation.hygiene.uses import findings
from reconciler.isolation.wildcards import covers
from reconciler.model.finding import Finding, Severity
from reconciler.model.patch import swap
from reconciler.model.rule import GradedRule

WHOLE, SEGMENT = "recording:recording:view", "recording:recordingSegment:view"
RULE = GradedRule(
    "roles/whole-recordings",
    "A conversation that was transferred belongs to the divisions of both sides. Who may see whole "
    "recordings hears what was said after the transfer, to another tenant; the segment permission does not.",
    f"Write `{SEGMENT}` instead of `{WHOLE}`.",
    Severity.HIGH,
)


def find(evidence: Evidence) -> Iterator[Finding]:
    """Roles that allow whole recordings."""
    return findings(
        RULE,
        evidence,
        lambda said: covers(said, WHOLE),
        f"write `{SEGMENT}` under `permissions` instead",
        lambda use: [swap("permissions", WHOLE, SEGMENT)],
    )
