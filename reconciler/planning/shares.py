"""Shares: which access across walls the manifests declare, to whom, until when.

A share allows what its role allows in its division, and nothing that another role adds there: what
somebody grants by hand behind the same wall is not declared by it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from reconciler.model.access import Access, Allows, Fact, OrgWideException, Share
from reconciler.model.address import Address
from reconciler.model.value import Ref, Value
from reconciler.planning.resolve import DesiredState

Rights = Callable[[Address], frozenset[str]]
"""The permissions that a declared role allows."""


def share_finder(
    desired: DesiredState, rights: Rights, ids: Mapping[Address, str]
) -> Callable[[Access], Share | None]:
    """Answers, for an access by live ids (`{ADDRESS}` where there is none yet), the share that allows it."""
    shares: dict[tuple[str, str], list[tuple[frozenset[str], Share]]] = defaultdict(list)
    for subject, pairs in desired.shared.items():
        for (role, division), share in pairs.items():
            place = _identity(Ref(subject), ids), _identity(division, ids)
            shares[place].append((rights(role.address), share))

    def share_of(item: Access) -> Share | None:
        declared = shares.get((item.subject, item.division), ())
        return next((share for permissions, share in declared if item.permission in permissions), None)

    return share_of


def _identity(value: Value, ids: Mapping[Address, str]) -> str:
    return ids.get(value.address, f"{{{value.address}}}") if isinstance(value, Ref) else str(value)


def allowed(facts: Iterable[Fact]) -> frozenset[str]:
    """The permissions among access facts."""
    return frozenset(fact.permission for fact in facts if isinstance(fact, Allows))


def excepted(desired: DesiredState, today: date) -> Mapping[str, OrgWideException]:
    """The permissions that may act org-wide today."""
    return {item.permission: item for item in desired.org.org_wide if item.expires >= today.isoformat()}
