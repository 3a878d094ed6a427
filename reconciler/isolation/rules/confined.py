"""isolation/confined · A tenant's subject reaches beyond the divisions that its manifest confines it to."""

from __future__ import annotations

from reconciler.isolation.boundaries import Boundaries, Crossing
from reconciler.model.access import ORG_WIDE, Access
from reconciler.model.finding import Severity
from reconciler.model.rule import GradedRule


def _broken(item: Access, tenant: str, boundaries: Boundaries) -> str:
    if boundaries.beneath(item.subject, item.division):
        return ""
    if item.division == ORG_WIDE and item.permission in boundaries.excepted:
        return ""
    names = ", ".join(sorted(map(boundaries.name, boundaries.ceilings[item.subject])))
    more = ", and no division confines that" if item.division == ORG_WIDE else ""
    return f"it is confined to {names}{more}"


RULE = GradedRule(
    "isolation/confined",
    "Several partners may serve one tenant. `confine` names the divisions that one of them may work in, "
    "whatever it is granted: beyond them lies what another partner, or the tenant itself, answers for.",
    "keep to the divisions under `confine`: take the grant away, or the permission out of its role",
    Severity.CRITICAL,
)
CROSSING = Crossing(RULE, _broken)
