"""clients/unused · A program has called nothing for a long time."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.isolation.evidence import Evidence, found
from reconciler.model.finding import Finding, Severity
from reconciler.model.rule import GradedRule
from reconciler.model.stock import UNUSED_DAYS

RULE = GradedRule(
    "clients/unused",
    "A program that nobody uses is a door that nobody watches: its secret is still about, and whoever finds "
    "it is not noticed, for nobody expects anything of it.",
    "Ask whose it is, then remove its entry: an undeclared client loses its grants in the next apply.",
    Severity.MEDIUM,
    "seen",
)


def find(evidence: Evidence) -> Iterator[Finding]:
    """Programs that are on, were asked about, and called nothing. Young ones are not asked about."""
    for program in evidence.programs:
        told = evidence.tokens.get(program.id)
        if told and not program.idle and evidence.objects.used.get(program.id) == 0:
            yield found(
                RULE,
                program.id,
                f"{program.name} has called nothing for {UNUSED_DAYS} days",
                "ask whose it is, then remove it",
                program.name,
                f"made on {told.made[:10]}",
                f"0 requests in {UNUSED_DAYS} days",
            )
