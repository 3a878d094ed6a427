"""roles/wildcard · A role that a program holds allows whatever matches a pattern."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.isolation.evidence import Evidence
from reconciler.isolation.hygiene.uses import findings
from reconciler.isolation.wildcards import is_pattern
from reconciler.model.finding import Finding, Severity
from reconciler.model.patch import declare
from reconciler.model.rule import GradedRule

RULE = GradedRule(
    "roles/wildcard",
    "A wildcard allows what it matches today, org-wide permissions included, and whatever the vendor adds "
    "to it later. Nobody decides on that access and no review sees it come.",
    "List the permissions that are needed under `permissions` of the role, one by one.",
    Severity.HIGH,
)


def find(evidence: Evidence) -> Iterator[Finding]:
    """Roles with a wildcard."""
    return findings(
        RULE,
        evidence,
        is_pattern,
        "instead of `{said}`, list what is needed: `permissions: [a:b:view, …]`",
        lambda use: [declare(use.role)],
    )
