"""objects/left-in-home · Something called after a tenant lies in Home."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.isolation.evidence import Evidence, found
from reconciler.model.finding import Finding, Severity
from reconciler.model.rule import GradedRule
from reconciler.model.shelves import BUSINESS, MANAGEMENT

RULE = GradedRule(
    "objects/left-in-home",
    "What is made without a division lies in Home, where the staff of the organisation and whoever else was "
    "granted something there see it, and its own tenant does not. Only its name says whose it is.",
    "Move it to its tenant's division.",
    Severity.MEDIUM,
    "inferred",
)


def find(evidence: Evidence) -> Iterator[Finding]:
    """Objects in Home that bear a tenant's name; units have a rule of their own, for they confine people."""
    for item in evidence.objects.items:
        called = evidence.called_after(item.name)
        if called and evidence.in_home(item.wall) and item.sort not in (BUSINESS, MANAGEMENT):
            yield found(
                RULE,
                item.id,
                f"{item.sort} {item.name} is called after {called} and lies in {evidence.place(item.wall)}",
                f"move it to a division of {called}",
                item.name,
                f"in {evidence.place(item.wall)}",
            )
