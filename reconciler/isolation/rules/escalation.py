"""isolation/escalation · A tenant's subject holds a permission that lets it widen itself."""

from __future__ import annotations

from reconciler.isolation.boundaries import Boundaries, Crossing
from reconciler.isolation.escalation import power
from reconciler.model.access import Access
from reconciler.model.finding import Severity
from reconciler.model.rule import GradedRule


def _broken(item: Access, tenant: str, boundaries: Boundaries) -> str:
    what = power(item.permission)
    return f"who holds it {what}" if what else ""


RULE = GradedRule(
    "isolation/escalation",
    "Whoever can grant, edit roles or take over other clients can give itself everything else. Its "
    "grants of today say nothing about what it reaches tomorrow, so no proof about it can hold.",
    "take the permission out of the role; what needs it belongs to a client of the operator",
    Severity.CRITICAL,
)
CROSSING = Crossing(RULE, _broken, of_role=True)
