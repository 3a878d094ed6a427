"""clients/long-token · A program's tokens outlive the day."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.isolation.evidence import Evidence, found
from reconciler.model.finding import Finding, Severity
from reconciler.model.patch import put
from reconciler.model.rule import GradedRule

DAY = 86_400
"""Seconds; what the vendor proposes for a new client."""
SHORT = 3600
"""Seconds; what a manifest says that says nothing."""
RULE = GradedRule(
    "clients/long-token",
    "A token goes on until it ends, also when the secret it was made with has been replaced or has leaked. "
    "The longer it lives, the longer somebody who has copied one can use it.",
    "Write `tokenSeconds: 3600`; a program can ask for a new token at any time.",
    Severity.MEDIUM,
)


def find(evidence: Evidence) -> Iterator[Finding]:
    """Programs whose tokens live longer than a day."""
    for program in evidence.programs:
        told = evidence.tokens.get(program.id)
        if told and told.seconds > DAY:
            yield found(
                RULE,
                program.id,
                f"a token of {program.name} lives {told.seconds / 3600:,.0f} hours",
                f"set `tokenSeconds: {SHORT}`",
                program.name,
                f"{told.seconds:,} seconds",
                edits=[put("tokenSeconds", told.seconds, SHORT)],
            )
