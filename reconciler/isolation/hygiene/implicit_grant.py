"""clients/implicit-grant · An app gets its tokens in an address line."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.isolation.evidence import Evidence
from reconciler.isolation.hygiene.ways import findings
from reconciler.model.finding import Finding, Severity
from reconciler.model.rule import GradedRule
from reconciler.model.tokens import Way

RULE = GradedRule(
    "clients/implicit-grant",
    "A token that is handed over in an address line stays in histories, logs and referrers of browsers and "
    "proxies. Whoever finds one there acts as the user whose it is, until it ends.",
    "Let it sign in by a code with PKCE: declare it with `grantType: CODE`.",
    Severity.HIGH,
)


def find(evidence: Evidence) -> Iterator[Finding]:
    """Programs that sign in so."""
    return findings(RULE, evidence, Way.IMPLICIT, "is given its tokens in an address line (implicit grant)")
