"""Placing: whose a client, a role or anything else is, and the words that say why."""

from __future__ import annotations

from collections.abc import Set
from typing import NamedTuple

from reconciler.model.access import EVERYWHERE
from reconciler.model.address import ORG
from reconciler.model.state import Live
from reconciler.model.words import counted
from reconciler.planning.export.grouping import Grouping
from reconciler.planning.index import ours

_MOST = 4


class Place(NamedTuple):
    """An owner and why."""

    owner: str
    why: str


def place_holder(item: Live, reach: Set[str], grouping: Grouping, org: str) -> Place:
    """Whose something is that holds pairs in the divisions `reach`."""
    proposed = _by_reach(reach, grouping) or _by_name(item, grouping)
    return _unless_marked(item, proposed, org)


def _by_reach(reach: Set[str], grouping: Grouping) -> Place | None:
    owners = sorted({grouping.owners[wall] for wall in reach if wall in grouping.owners} - {ORG})
    if EVERYWHERE in reach:
        return Place(ORG, "it reaches every division")
    if len(owners) > 1:
        more = f" and {len(owners) - _MOST} more" if len(owners) > _MOST else ""
        return Place(ORG, f"it reaches more than one tenant: {', '.join(owners[:_MOST])}{more}")
    return Place(owners[0], "all its grants lie in this tenant's divisions") if owners else None


def _by_name(item: Live, grouping: Grouping) -> Place:
    if owner := grouping.named_for(item.name):
        return Place(owner, "its name begins like this tenant's divisions")
    return Place(ORG, "nothing says whose it is")


def place_role(item: Live, holders: Set[str], number: int, grouping: Grouping, org: str) -> Place:
    """Whose a role is that `number` objects of these owners hold: shared, unless name and use agree."""
    held = f"has {counted(number, 'holder')}"
    if len(holders) == 1 and holders == {grouping.named_for(item.name)}:
        why = f"{held}, of this tenant alone, and is called like it"
        return _unless_marked(item, Place(next(iter(holders)), why), org)
    tenants = len(holders - {ORG})
    of = f" of {counted(tenants, 'tenant')}" if tenants else ""
    return _unless_marked(item, Place(ORG, f"{held}{of}" if number else "nothing exported holds it"), org)


def _unless_marked(item: Live, proposed: Place, org: str) -> Place:
    if not ours(item, org) or item.marker is None or item.marker.address.owner == proposed.owner:
        return proposed
    return Place(item.marker.address.owner, "its marker says so")
