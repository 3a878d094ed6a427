"""clients/password-grant · A program keeps a person's password."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.isolation.evidence import Evidence
from reconciler.isolation.hygiene.ways import findings
from reconciler.model.finding import Finding, Severity
from reconciler.model.rule import GradedRule
from reconciler.model.tokens import Way

RULE = GradedRule(
    "clients/password-grant",
    "A program that signs in with a person's password keeps that password, cannot use a second factor, and "
    "acts as that person in everything. Nobody can tell afterwards which of both did something.",
    "Give it a secret and grants of its own: declare it with `grantType: CLIENT-CREDENTIALS`.",
    Severity.HIGH,
)


def find(evidence: Evidence) -> Iterator[Finding]:
    """Programs that sign in so."""
    return findings(RULE, evidence, Way.PASSWORD, "signs in with a person's password")
