"""organisation/backfill · The vendor adds permissions to roles by itself."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.isolation.evidence import Evidence, found
from reconciler.model.finding import Finding, Severity
from reconciler.model.rule import GradedRule

RULE = GradedRule(
    "organisation/backfill",
    "With role backfill the vendor adds new permissions to roles whenever it brings out a feature. Access "
    "then grows without a change in any manifest, and nobody decides on it.",
    "Switch role backfill off in the organisation's role settings.",
    Severity.MEDIUM,
)


def find(evidence: Evidence) -> Iterator[Finding]:
    """At most one finding: there is one setting."""
    if evidence.backfill:
        yield found(
            RULE,
            "",
            "the vendor adds permissions to roles by itself",
            "switch role backfill off in the organisation's role settings",
            "backfillEnabled is on",
        )
