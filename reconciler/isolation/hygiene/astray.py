"""people/left-in-home · Somebody who works for a tenant lies in Home."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.isolation.evidence import Evidence, found
from reconciler.model.finding import Finding, Severity
from reconciler.model.rule import GradedRule

RULE = GradedRule(
    "people/left-in-home",
    "People are made in Home, and who was deleted and restored lies there again. The tenant's supervisors "
    "do not see them, and whoever was granted something in Home does. Only their department says whose they "
    "are.",
    "Move the person to the tenant's division.",
    Severity.MEDIUM,
    "inferred",
)


def find(evidence: Evidence) -> Iterator[Finding]:
    """Active people in Home whose department bears a tenant's name."""
    for person in sorted(evidence.objects.people):
        tenant = evidence.called_after(person.department)
        if tenant and person.active and evidence.in_home(person.wall):
            yield found(
                RULE,
                person.id,
                f"{person.name} of {person.department} lies in {evidence.place(person.wall)}",
                f"move them to a division of {tenant}",
                person.name,
                f"department {person.department}",
                f"lies in {evidence.place(person.wall)}",
            )
