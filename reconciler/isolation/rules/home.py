"""isolation/home · A tenant's subject holds a role in Home, where everything new and unmoved lies."""

from __future__ import annotations

from reconciler.isolation.boundaries import Boundaries, Crossing
from reconciler.model.access import Access
from reconciler.model.finding import Severity
from reconciler.model.rule import GradedRule


def _broken(item: Access, tenant: str, boundaries: Boundaries) -> str:
    if item.division != boundaries.home or boundaries.share_of(item):
        return ""
    return "Home holds what nobody has moved yet"


RULE = GradedRule(
    "isolation/home",
    "Whatever is created without a division, or was never moved, lies in Home: queues, users, recordings "
    "of every tenant. Access there reads what other tenants own, and grows without anybody deciding it.",
    "grant the tenant's own divisions instead",
    Severity.CRITICAL,
)
CROSSING = Crossing(RULE, _broken)
