"""groups/roles-disabled · A group for which roles are switched off still holds its grants."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.isolation.evidence import Evidence, found
from reconciler.model.finding import Finding, Severity
from reconciler.model.rule import GradedRule

RULE = GradedRule(
    "groups/roles-disabled",
    "Where roles are switched off for a group its grants stay written down and have no effect. One click "
    "brings all of them back for whoever is a member by then, and it reads as a change of the group only.",
    "Revoke the group's grants; they can be granted again when they are needed.",
    Severity.LOW,
)


def find(evidence: Evidence) -> Iterator[Finding]:
    """Groups that may have no roles, with a grant."""
    for group in sorted(evidence.objects.groups):
        held = evidence.held(group.id)
        if group.roleless and held:
            yield found(
                RULE,
                group.id,
                f"roles are off for {group.name}, which still holds {evidence.pair(*held[0])}",
                "revoke its grants",
                group.name,
                "roles are switched off",
                evidence.pair(*held[0]),
            )
