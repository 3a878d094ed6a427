"""roles/legacy-permission · A role that a program holds allows something older than divisions."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.isolation.evidence import Evidence
from reconciler.isolation.hygiene.uses import findings
from reconciler.isolation.wildcards import ANY
from reconciler.model.finding import Finding, Severity
from reconciler.model.rule import GradedRule

RULE = GradedRule(
    "roles/legacy-permission",
    "Permissions of one word, such as `admin`, are older than divisions: none confines them, the catalogue "
    "does not list them, and what they allow is written down nowhere. They may allow anything.",
    "Make a role of permissions of the form `domain:entity:action`, and grant that one.",
    Severity.CRITICAL,
    "inferred",
)


def _legacy(said: str) -> bool:
    return ":" not in said and said != ANY


def find(evidence: Evidence) -> Iterator[Finding]:
    """Roles with a permission that has no parts."""
    return findings(RULE, evidence, _legacy, "take `{said}` out of the role; no manifest can say it")
