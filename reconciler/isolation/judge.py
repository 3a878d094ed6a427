"""Whether access crosses a tenant's walls, by every rule there is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.isolation.boundaries import Boundaries, Rule
from reconciler.isolation.rules import RULES
from reconciler.model.access import ORG_WIDE, Access
from reconciler.model.address import ORG
from reconciler.model.finding import Finding


def crossings(access: Iterable[Access], boundaries: Boundaries) -> Iterator[Finding]:
    """A finding for each access of a tenant's subject that leaves its tenant."""
    for item in access:
        tenant = boundaries.owner_of(item.subject)
        if tenant in ("", ORG):
            continue  # not a tenant's: the operator's own are shown in the delta
        if finding := _crossing(item, tenant, boundaries):
            yield finding


def _crossing(item: Access, tenant: str, boundaries: Boundaries) -> Finding | None:
    for rule in RULES:
        if why := rule.broken(item, tenant, boundaries):
            return _finding(item, boundaries, rule, why)
    return None


def _finding(item: Access, boundaries: Boundaries, rule: Rule, why: str) -> Finding:
    name = boundaries.name
    where = "the whole organisation" if item.division == ORG_WIDE else name(item.division)
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        message=f"{name(item.subject)} could use {item.permission} in {where}: {why}",
        remedy=rule.remedy,
        address=item.subject,
        witness=(name(item.subject), name(item.via), item.permission, where),
    )
