"""clients/default-role · A program holds one of the vendor's own roles."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.isolation.evidence import Evidence, found
from reconciler.model.finding import Finding, Severity
from reconciler.model.patch import instead_of
from reconciler.model.rule import GradedRule

RULE = GradedRule(
    "clients/default-role",
    "The vendor's own roles are made for people. They allow far more than a program needs, org-wide "
    "permissions among it, and the vendor widens them with its releases.",
    "Declare a role of what the program needs, and grant that one instead.",
    Severity.CRITICAL,
)


def find(evidence: Evidence) -> Iterator[Finding]:
    """Programs with such a role, one finding for each role."""
    for program in evidence.programs:
        held = {role: division for role, division in evidence.held(program.id) if role in evidence.builtin}
        for role, division in held.items():
            pair = evidence.pair(role, division)
            yield found(
                RULE,
                program.id,
                f"{program.name} holds {pair}, a role of the vendor's",
                "grant a role of its own: `roles: [{key: …, permissions: […]}]`",
                program.name,
                pair,
                edits=[instead_of(role)],
            )
