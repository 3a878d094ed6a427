"""objects/misplaced · Something called after one tenant lies in another's division."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.isolation.evidence import Evidence, found
from reconciler.model.finding import Finding, Severity
from reconciler.model.rule import GradedRule

RULE = GradedRule(
    "objects/misplaced",
    "An object belongs to whoever's division it lies in. One that is named after another tenant was "
    "probably put there by mistake: the wrong tenant sees and perhaps changes it, the right one cannot. Only "
    "its name says so; look before you move it.",
    "Move it to its tenant's division, or give it a name that says whose it is.",
    Severity.HIGH,
    "inferred",
)


def find(evidence: Evidence) -> Iterator[Finding]:
    """Objects of one tenant's division that bear the name of another."""
    for item in evidence.objects.items:
        owner, called = evidence.tenant(item.wall), evidence.called_after(item.name)
        if owner and called and owner != called:
            place = evidence.place(item.wall)
            yield found(
                RULE,
                item.id,
                f"{item.sort} {item.name} is called after {called} and lies in {place} of {owner}",
                f"move it to a division of {called}, or rename it",
                item.name,
                f"in {place}",
            )
