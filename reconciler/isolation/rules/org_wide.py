"""isolation/org-wide · A tenant's subject holds a permission that no division confines."""

from __future__ import annotations

from reconciler.isolation.boundaries import Boundaries, Crossing
from reconciler.model.access import ORG_WIDE, Access
from reconciler.model.finding import Severity
from reconciler.model.rule import GradedRule


def _broken(item: Access, tenant: str, boundaries: Boundaries) -> str:
    if item.division != ORG_WIDE or item.permission in boundaries.excepted:
        return ""
    return "no division confines it"


RULE = GradedRule(
    "isolation/org-wide",
    "Some permissions are not division-aware: in whichever division they are granted, they act in the "
    "whole organisation. Whoever holds one reaches every tenant's objects of that type.",
    "drop the permission, or except it under `orgWide` of the Org document",
    Severity.CRITICAL,
)
CROSSING = Crossing(RULE, _broken, of_role=True)
