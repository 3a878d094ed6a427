"""Whether access crosses a tenant's walls, by every rule there is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from reconciler.isolation.boundaries import Boundaries
from reconciler.isolation.rules import CROSSINGS
from reconciler.model.access import EVERYWHERE, ORG_WIDE, Access
from reconciler.model.address import ORG
from reconciler.model.finding import Finding
from reconciler.model.patch import swap
from reconciler.model.rule import GradedRule


class Broken(NamedTuple):
    """A rule that an access breaks, why in few words, and whether its role is what is wrong."""

    rule: GradedRule
    why: str
    of_role: bool = False


def crossings(access: Iterable[Access], boundaries: Boundaries) -> Iterator[Finding]:
    """A finding for each access of a tenant's subject that leaves its tenant."""
    for item in access:
        tenant = boundaries.owner_of(item.subject)
        if tenant in ("", ORG):
            continue  # not a tenant's: the operator's own are shown in the delta
        if found := broken(item, tenant, boundaries):
            yield _finding(item, boundaries, found)


def broken(item: Access, tenant: str, boundaries: Boundaries) -> Broken | None:
    """The rule that an access of this tenant breaks, and why; None where it may be."""
    for crossing in CROSSINGS:
        if why := crossing.broken(item, tenant, boundaries):
            return Broken(crossing.rule, why, crossing.of_role)
    return None


def place_name(place: str, name: Callable[[str], str]) -> str:
    """A division by its name, and in words what reaches further."""
    if place == ORG_WIDE:
        return "the whole organisation"
    return "every division" if place == EVERYWHERE else name(place)


def _finding(item: Access, boundaries: Boundaries, found: Broken) -> Finding:
    name = boundaries.name
    where = place_name(item.division, name)
    return Finding(
        rule=found.rule,
        severity=found.rule.severity,
        message=f"{name(item.subject)} could use {item.permission} in {where}: {found.why}",
        remedy=found.rule.remedy,
        address=item.subject,
        witness=(name(item.subject), name(item.via), item.permission, where),
        edits=(swap("permissions", item.permission, None),) if found.of_role else (),
    )
