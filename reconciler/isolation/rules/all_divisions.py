"""isolation/all-divisions · A tenant's subject holds a role in every division, present and future."""

from __future__ import annotations

from reconciler.isolation.boundaries import Boundaries, Crossing
from reconciler.model.access import EVERYWHERE, Access
from reconciler.model.finding import Severity
from reconciler.model.rule import GradedRule


def _broken(item: Access, tenant: str, boundaries: Boundaries) -> str:
    if item.division != EVERYWHERE or boundaries.share_of(item):
        return ""
    return "`*` is every tenant's division"


RULE = GradedRule(
    "isolation/all-divisions",
    "A role granted in every division covers every other tenant's data today, and the divisions of "
    "every tenant that comes later. Nothing has to go wrong for one customer to read another's.",
    "grant the tenant's own divisions instead",
    Severity.CRITICAL,
)
CROSSING = Crossing(RULE, _broken)
