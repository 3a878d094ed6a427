"""organisation/division-limit · There is hardly room for another tenant."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.isolation.evidence import Evidence, found
from reconciler.model.finding import Finding, Severity
from reconciler.model.rule import GradedRule

LEAST, SHARE = 3, 10
"""Fewer free divisions than three, or than a tenth of all that there may be, are hardly any."""
RULE = GradedRule(
    "organisation/division-limit",
    "Without a division of its own a tenant cannot be kept apart. Where the organisation has no room for "
    "more, a new one ends up in somebody else's, or its onboarding stops halfway.",
    "Ask the vendor for more divisions, or delete empty ones that nobody needs.",
    Severity.LOW,
)


def find(evidence: Evidence) -> Iterator[Finding]:
    """At most one finding: there is one limit."""
    limit, used = evidence.wall_limit, len(evidence.population.walls)
    if limit is not None and limit - used < max(LEAST, limit // SHARE):
        yield found(
            RULE,
            "",
            f"{used} of {limit} divisions are there",
            "ask the vendor for more, or delete empty ones",
            f"{used} of {limit}",
        )
