"""clients/undeclared · A program is nobody's."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.isolation.evidence import Evidence, found
from reconciler.model.finding import Finding, Severity
from reconciler.model.patch import declare
from reconciler.model.rule import GradedRule

RULE = GradedRule(
    "clients/undeclared",
    "A program that no manifest has taken over is looked after by nobody: nobody has reviewed what it may "
    "do, nobody answers for its secret, and nobody will notice when it is misused.",
    "Adopt it into the manifests (`export` writes the entry), or take it away.",
    Severity.HIGH,
)


def find(evidence: Evidence) -> Iterator[Finding]:
    """Programs that are nobody's."""
    for program in evidence.programs:
        if not program.owner:
            held = evidence.held(program.id)
            pair = evidence.pair(*held[0]) if held else "holds nothing"
            yield found(
                RULE,
                program.id,
                f"{program.name} is nobody's",
                f"declare it with `adopt: {program.id}`, or take it away",
                program.name,
                pair,
                edits=[declare(program.id)],
            )
