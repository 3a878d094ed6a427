"""roles/integrations · A program uses integrations, whose keys are those of every tenant."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.isolation.evidence import Evidence
from reconciler.isolation.hygiene.uses import findings
from reconciler.model.finding import Finding, Severity
from reconciler.model.patch import swap
from reconciler.model.rule import GradedRule

DOMAIN = "integrations"
RULE = GradedRule(
    "roles/integrations",
    "Integrations and data actions lie in no division. Who may see or run them reaches those of every "
    "tenant, with the addresses and keys of its own systems behind them.",
    "Leave integrations to a client of the organisation, and take the permission out of the role.",
    Severity.HIGH,
)


def find(evidence: Evidence) -> Iterator[Finding]:
    """Roles that allow something of integrations."""
    return findings(
        RULE,
        evidence,
        lambda said: said.partition(":")[0] == DOMAIN,
        "remove `{said}` from `permissions`; what needs it belongs under `kind: Shared`",
        lambda use: [swap("permissions", said, None) for said in use.said],
    )
