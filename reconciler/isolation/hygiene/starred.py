"""objects/starred · Something called after a tenant lies in every division."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.isolation.evidence import Evidence, found
from reconciler.model.access import EVERYWHERE
from reconciler.model.finding import Finding, Severity
from reconciler.model.rule import GradedRule

RULE = GradedRule(
    "objects/starred",
    "Whoever may see such objects anywhere sees those that lie in every division. One that is named after "
    "a tenant tells all the others of it. Only its name says whose it is.",
    "Put it into its tenant's division.",
    Severity.MEDIUM,
    "inferred",
)


def find(evidence: Evidence) -> Iterator[Finding]:
    """Objects in every division that bear a tenant's name."""
    for item in evidence.objects.items:
        called = evidence.called_after(item.name)
        if called and item.wall == EVERYWHERE:
            yield found(
                RULE,
                item.id,
                f"{item.sort} {item.name} is called after {called} and lies in every division",
                f"put it into a division of {called}",
                item.name,
                "in every division",
            )
