"""A view as a value: what the token at hand can see, without any manifests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reconciler.model.access import EVERYWHERE
from reconciler.model.value import Json

Places = frozenset[str]
"""What people call the divisions, or `*` alone for every one."""


@dataclass(frozen=True, slots=True)
class View:
    """What one token sees.

    `permitted` says where each permission that a division confines is held; `wide` are those that none
    confines; `counts` is how many objects a list shows, by type and permission (None: no usable answer);
    `open` the same for lists that need no permission.
    """

    organisation: str
    caller: str
    permitted: Mapping[str, Places]
    wide: tuple[str, ...]
    counts: Mapping[tuple[str, str], int | None]
    open: Mapping[str, int | None]
    notes: tuple[str, ...] = ()


def held(body: Json) -> Iterator[tuple[str, str]]:
    """(permission or wildcard, division) of one's own grants with full roles.

    Source: `AuthzSubject` with `includeFullRoles`; its policies name their actions `actions`.
    """
    for grant in body.get("grants") or ():
        where = grant.get("division") or {}
        place = where.get("id") if where.get("id") == EVERYWHERE else where.get("name") or where.get("id")
        for policy in (grant.get("role") or {}).get("policies") or ():
            for action in policy.get("actions") or ():
                yield f"{policy.get('domain')}:{policy.get('entityName')}:{action}", place or ""
