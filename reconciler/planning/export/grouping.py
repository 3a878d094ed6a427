"""Grouping: which division is probably whose, by markers first, then by how names begin.

A proposal, for people to move before they apply it. The reasons are found anew from names and grants
whenever they are asked for, so that they read the same once the markers stand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reconciler.model.address import ORG
from reconciler.model.state import Live
from reconciler.planning.export.names import SHARED, beginning, slug, tenant_name
from reconciler.planning.export.values import shown
from reconciler.planning.index import ours

BY_MARKER = "its marker, or that of a division whose name begins alike, says so"
BY_WORD = "its name says that it is nobody's own"
BY_USE = "clients of several tenants are granted in it, and none of its own"


@dataclass(frozen=True, slots=True)
class Grouping:
    """Owners by division id, `org` for what is shared; `why` by tenant, and by the id of what is shared.

    `tenants` finds a tenant by how its things' names begin; `beginnings` are those of one tenant.
    """

    owners: Mapping[str, str]
    why: Mapping[str, str]
    tenants: Mapping[str, str]
    beginnings: Mapping[str, tuple[str, ...]]

    def named_for(self, name: str) -> str:
        """The tenant whose things are called like this; "" for none. The longest beginning decides."""
        words = slug(name).split("-")
        for length in range(len(words), 0, -1):
            if found := self.tenants.get("-".join(words[:length])):
                return found
        return ""


def group(walls: Iterable[Live], reaches: Iterable[frozenset[str]], org: str) -> Grouping:
    """`reaches` are the divisions that each client holds pairs in; `org` is the installation."""
    ordered = sorted(walls, key=lambda item: (item.name, item.id))
    alike: dict[str, list[Live]] = defaultdict(list)
    for wall in ordered:
        alike[beginning(wall.name) or wall.id].append(wall)
    by_name = _by_name(alike)
    used = _shared_by_use(by_name, alike, reaches)
    proposed = by_name | dict.fromkeys(used, ORG)
    owners = proposed | _by_marker(alike, org)
    members: dict[str, list[Live]] = defaultdict(list)
    for wall in ordered:
        members[owners[wall.id]].append(wall)
    why = {owner: _why(owner, items, proposed) for owner, items in members.items() if owner != ORG}
    why |= {wall.id: _why_shared(wall, by_name, used) for wall in members[ORG]}
    beginnings = {owner: _beginnings(owner, items) for owner, items in members.items() if owner != ORG}
    return Grouping(owners, why, _unambiguous(beginnings), beginnings)


def _by_name(alike: Mapping[str, list[Live]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for word, walls in alike.items():
        alone = walls[0] if len(walls) == 1 else None
        if alone and SHARED & set(slug(alone.name).split("-")):
            found[alone.id] = ORG
            continue
        owner = tenant_name(alone.name if alone else word, walls[0].id)
        found |= {wall.id: owner for wall in walls}
    return found


def _shared_by_use(
    owners: Mapping[str, str], alike: Mapping[str, list[Live]], reaches: Iterable[frozenset[str]]
) -> frozenset[str]:
    """Divisions without relatives that nobody has to himself and clients of several others have too."""
    residents: set[str] = set()
    guests: dict[str, set[str]] = defaultdict(set)
    for reach in reaches:
        found = {owners[wall] for wall in reach if owners.get(wall, ORG) != ORG}
        if len(found) == 1:
            residents |= found
        elif len(found) == 2:
            one, other = sorted(found)
            guests[one].add(other)
            guests[other].add(one)
    alone = {walls[0].id for walls in alike.values() if len(walls) == 1}
    return frozenset(
        wall for wall in alone if owners[wall] not in residents and len(guests[owners[wall]]) > 1
    )


def _by_marker(alike: Mapping[str, list[Live]], org: str) -> dict[str, str]:
    """Marked divisions are whose the marker says; unmarked ones of the same beginning follow them."""
    found: dict[str, str] = {}
    for walls in alike.values():
        marked = {wall.id: wall.marker.address.owner for wall in walls if ours(wall, org) and wall.marker}
        tenants = set(marked.values()) - {ORG}
        if len(tenants) == 1:
            found |= dict.fromkeys((wall.id for wall in walls), *tenants)
        found |= marked
    return found


def _why(owner: str, walls: list[Live], proposed: Mapping[str, str]) -> str:
    if any(proposed[wall.id] != owner for wall in walls):
        return BY_MARKER
    if len(walls) == 1:
        return f"no other division's name begins like {shown(walls[0].name)}"
    return f"the names of {len(walls)} divisions begin with `{beginning(walls[0].name)}`"


def _why_shared(wall: Live, by_name: Mapping[str, str], used: frozenset[str]) -> str:
    if by_name[wall.id] == ORG:
        return BY_WORD
    return BY_USE if wall.id in used else BY_MARKER


def _beginnings(owner: str, walls: list[Live]) -> tuple[str, ...]:
    """The longest first, so that nothing is left of it in a key."""
    found = {owner, *(beginning(wall.name) for wall in walls)} - {""}
    return tuple(sorted(found, key=lambda text: (-len(text), text)))


def _unambiguous(beginnings: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    owners: dict[str, set[str]] = defaultdict(set)
    for owner, texts in beginnings.items():
        for text in texts:
            owners[text].add(owner)
    return {text: next(iter(found)) for text, found in owners.items() if len(found) == 1}
