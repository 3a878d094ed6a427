"""clients/lingering · A program that is switched off still holds its grants."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.isolation.evidence import Evidence, found
from reconciler.model.finding import Finding, Severity
from reconciler.model.rule import GradedRule

RULE = GradedRule(
    "clients/lingering",
    "A program that is switched off but keeps its grants is one click away from everything it had, with a "
    "secret that is still about. Nobody looks at it, for it does nothing.",
    "Take its grants away, or leave it out of the manifests with `prune: true`.",
    Severity.MEDIUM,
)


def find(evidence: Evidence) -> Iterator[Finding]:
    """Programs that are off and hold something."""
    for program in evidence.programs:
        held = evidence.held(program.id)
        if program.idle and held:
            told = evidence.tokens.get(program.id)
            until = f", to be removed on {told.ends[:10]}," if told and told.ends else ""
            yield found(
                RULE,
                program.id,
                f"{program.name} is switched off{until} and still holds {evidence.pair(*held[0])}",
                "remove its `grants`, or the entry: an undeclared client loses them in the next apply",
                program.name,
                "switched off",
                evidence.pair(*held[0]),
            )
