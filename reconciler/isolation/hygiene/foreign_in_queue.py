"""queues/foreign-member · Somebody of one tenant serves a queue of another."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.isolation.evidence import Evidence
from reconciler.isolation.hygiene.strangers import findings
from reconciler.model.finding import Finding, Severity
from reconciler.model.rule import GradedRule
from reconciler.model.shelves import QUEUE

RULE = GradedRule(
    "queues/foreign-member",
    "Whoever may see a queue sees everybody who serves it, at work, whatever division they lie in. And who "
    "serves it handles that tenant's conversations, which are then shown to both tenants.",
    "Take the person out of the queue, or move them to the tenant's division if they work for it now.",
    Severity.HIGH,
)


def find(evidence: Evidence) -> Iterator[Finding]:
    """Queues in a tenant's division with people of another tenant in them."""
    return findings(RULE, evidence, QUEUE, "who looks at it sees them at work")
