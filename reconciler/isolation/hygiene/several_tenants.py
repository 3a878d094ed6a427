"""clients/several-tenants · A program that nobody declared works for more than one tenant."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.isolation.evidence import Evidence, found
from reconciler.model.address import ORG
from reconciler.model.finding import Finding, Severity
from reconciler.model.rule import GradedRule

RULE = GradedRule(
    "clients/several-tenants",
    "One secret that opens the data of several tenants makes each of them depend on how the others keep it. "
    "Nobody can say afterwards for whom something was read.",
    "Declare a client for each tenant, with grants in its own divisions.",
    Severity.HIGH,
)


def find(evidence: Evidence) -> Iterator[Finding]:
    """Programs of nobody that hold roles behind the walls of several tenants; one for each is the witness."""
    for program in evidence.programs:
        if program.owner:
            continue
        pairs: dict[str, str] = {}
        for role, division in evidence.held(program.id):
            tenant = evidence.population.walls.get(division, "")
            if tenant not in ("", ORG):
                pairs.setdefault(tenant, evidence.pair(role, division))
        if len(pairs) > 1:
            yield found(
                RULE,
                program.id,
                f"{program.name} works for {', '.join(sorted(pairs))} with one secret",
                "declare a client for each tenant: `grants: [{role: …, divisions: own}]`",
                program.name,
                *(pairs[tenant] for tenant in sorted(pairs)),
            )
