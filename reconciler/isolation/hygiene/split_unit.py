"""wfm/split-unit · A tenant's unit is part of a business unit of another tenant."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.isolation.evidence import Evidence, found
from reconciler.model.finding import Finding, Severity
from reconciler.model.rule import GradedRule
from reconciler.model.shelves import BUSINESS, MANAGEMENT

RULE = GradedRule(
    "wfm/split-unit",
    "Schedules, forecasts and planning groups are the business unit's. Where a management unit of one tenant "
    "is part of another's business unit, both tenants' planners work on the same ones and see the other's "
    "people in them.",
    "Make a business unit for the tenant, or one of the organisation's for all, and put the unit below it.",
    Severity.HIGH,
)


def find(evidence: Evidence) -> Iterator[Finding]:
    """Management units of one tenant below a business unit of another. One above all may be anywhere else."""
    units = {item.id: item for item in evidence.objects.of(BUSINESS)}
    for item in evidence.objects.of(MANAGEMENT):
        above, tenant = units.get(item.above), evidence.tenant(item.wall)
        owner = evidence.tenant(above.wall) if above else ""
        if above and tenant and owner and tenant != owner:
            yield found(
                RULE,
                item.id,
                f"{item.sort} {item.name} of {tenant} is part of {above.name} of {owner}",
                f"put it below a {BUSINESS} of {tenant} or of the organisation",
                f"{item.name} in {evidence.place(item.wall)}",
                f"{above.name} in {evidence.place(above.wall)}",
            )
