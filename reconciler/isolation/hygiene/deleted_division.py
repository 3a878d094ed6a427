"""divisions/deleted · A division is gone and can come back."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.isolation.evidence import Evidence, found
from reconciler.model.finding import Finding, Severity
from reconciler.model.rule import GradedRule
from reconciler.model.stock import by_name

RULE = GradedRule(
    "divisions/deleted",
    "A deleted division takes its grants with it, and what happened in it is out of everybody's reach while "
    "it is gone. Whoever may, restores it in one call; which grants come back then, the vendor does not say.",
    "Where its history is needed, restore it, and run `prove` before anybody uses it.",
    Severity.INFO,
)


def find(evidence: Evidence) -> Iterator[Finding]:
    """Divisions that are listed as deleted. Off-boarding leaves them, rightly: it is for the record."""
    for division in by_name(evidence.objects.deleted):
        yield found(
            RULE,
            division.id,
            f"division {division.name} was deleted and can be restored",
            "restore it if its history is needed, and prove again before anybody uses it",
            division.name,
            "listed as deleted",
        )
