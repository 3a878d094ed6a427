"""wfm/foreign-agent · Somebody of one tenant is scheduled in a unit of another."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.isolation.evidence import Evidence
from reconciler.isolation.hygiene.strangers import findings
from reconciler.model.finding import Finding, Severity
from reconciler.model.rule import GradedRule
from reconciler.model.shelves import MANAGEMENT

RULE = GradedRule(
    "wfm/foreign-agent",
    "What confines schedules and adherence is the division of the unit, not that of the agent. A tenant that "
    "reads its own unit reads of the other's agent in it: when they work, and whether they keep to it.",
    "Put the agent into a unit of their own tenant, or move them to this one's division.",
    Severity.HIGH,
)


def find(evidence: Evidence) -> Iterator[Finding]:
    """Management units in a tenant's division with agents of another tenant."""
    return findings(RULE, evidence, MANAGEMENT, "its schedules and adherence tell of them")
