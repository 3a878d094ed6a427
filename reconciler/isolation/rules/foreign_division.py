"""isolation/foreign-division · A tenant's subject holds a role in a division that is not its tenant's."""

from __future__ import annotations

from reconciler.isolation.boundaries import Boundaries, Crossing
from reconciler.model.access import EVERYWHERE, ORG_WIDE, Access
from reconciler.model.address import ORG
from reconciler.model.finding import Severity
from reconciler.model.rule import GradedRule


def _broken(item: Access, tenant: str, boundaries: Boundaries) -> str:
    if item.division in (EVERYWHERE, ORG_WIDE) or boundaries.share_of(item):
        return ""
    owner = boundaries.owner_of(item.division)
    if owner in (tenant, ORG):
        return ""
    return f"it is a division of {owner}" if owner else "it is nobody's in the manifests"


RULE = GradedRule(
    "isolation/foreign-division",
    "A division is the wall between tenants. A grant in another tenant's division gives one customer "
    "another customer's data; one in a division that nobody declared gives data nobody answers for.",
    "remove the grant, or declare a `share` with reason, owner and end",
    Severity.CRITICAL,
)
CROSSING = Crossing(RULE, _broken)
