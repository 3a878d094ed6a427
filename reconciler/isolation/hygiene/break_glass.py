"""people/break-glass · An account for emergencies is open."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reconciler.isolation.evidence import Evidence, found
from reconciler.model.access import EVERYWHERE
from reconciler.model.finding import Finding, Severity
from reconciler.model.rule import GradedRule

EMERGENCY = re.compile(r"break[\W_]*glass|emergency", re.IGNORECASE)
"""How such accounts are called, by their name or their title."""
RULE = GradedRule(
    "people/break-glass",
    "An account for emergencies may do everything everywhere, and belongs to nobody in particular. It is "
    "safe while it is switched off; left open after an incident it is what an attacker hopes for. That it is "
    "one, only its name or title says.",
    "Switch it off unless an emergency goes on, and look up in the audit log what it was used for.",
    Severity.HIGH,
    "inferred",
)


def find(evidence: Evidence) -> Iterator[Finding]:
    """Active people of such a name or title who hold a role in every division."""
    for person in sorted(evidence.objects.people):
        pairs = [pair for pair in evidence.held(person.id) if pair[1] == EVERYWHERE]
        if person.active and pairs and EMERGENCY.search(f"{person.name} {person.title}"):
            yield found(
                RULE,
                person.id,
                f"{person.name} is switched on and holds {evidence.pair(*pairs[0])}",
                "switch it off unless an emergency goes on",
                person.name,
                "switched on",
                evidence.pair(*pairs[0]),
            )
