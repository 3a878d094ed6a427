"""Whether access crosses a tenant's walls.

Another's division, every division, Home, or a permission that no division confines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from reconciler.model.access import EVERYWHERE, ORG_WIDE, Access
from reconciler.model.address import ORG
from reconciler.model.finding import Finding, Severity


@dataclass(frozen=True, slots=True)
class Boundaries:
    """What decides whether access is foreign.

    `owner_of` gives the owner of a subject or division id ("" where it is nobody's); `home` is the
    Home division's id; `shared` holds the (subject, division) pairs that a share allows; `excepted`
    the permissions that may act org-wide; `name` is what people call an id.
    """

    owner_of: Callable[[str], str]
    name: Callable[[str], str]
    home: str
    shared: frozenset[tuple[str, str]]
    excepted: frozenset[str]


def crossings(access: Iterable[Access], boundaries: Boundaries) -> Iterator[Finding]:
    """A finding for each access of a tenant's subject that leaves its tenant."""
    for item in access:
        tenant = boundaries.owner_of(item.subject)
        if tenant in ("", ORG):
            continue  # not a tenant's: the operator's own are shown in the delta
        if finding := _crossing(item, tenant, boundaries):
            yield finding


def _crossing(item: Access, tenant: str, boundaries: Boundaries) -> Finding | None:
    if item.division == ORG_WIDE:
        if item.permission in boundaries.excepted:
            return None
        return _finding(item, boundaries, "isolation/org-wide", "no division confines it")
    if (item.subject, item.division) in boundaries.shared:
        return None
    if item.division == EVERYWHERE:
        return _finding(item, boundaries, "isolation/all-divisions", "`*` is every tenant's division")
    if item.division == boundaries.home:
        return _finding(item, boundaries, "isolation/home", "Home holds what nobody has moved yet")
    owner = boundaries.owner_of(item.division)
    if owner in (tenant, ORG):
        return None
    return _finding(item, boundaries, "isolation/foreign-division", f"it is {_whose(owner)}")


def _whose(owner: str) -> str:
    return f"a division of {owner}" if owner else "nobody's in the manifests"


_REMEDIES = {
    "isolation/org-wide": "drop the permission, or except it under `orgWide` of the Org document",
    "isolation/all-divisions": "grant the tenant's own divisions instead",
    "isolation/home": "grant the tenant's own divisions instead",
    "isolation/foreign-division": "remove the grant, or declare a `share` with reason, owner and end",
}


def _finding(item: Access, boundaries: Boundaries, rule: str, why: str) -> Finding:
    name = boundaries.name
    where = "the whole organisation" if item.division == ORG_WIDE else name(item.division)
    return Finding(
        rule=rule,
        severity=Severity.CRITICAL,
        message=f"{name(item.subject)} could use {item.permission} in {where}: {why}",
        remedy=_REMEDIES[rule],
        address=item.subject,
        witness=(name(item.subject), name(item.via), item.permission, where),
    )
