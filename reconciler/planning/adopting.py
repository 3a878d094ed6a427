"""Adopting: the entries that would make what is nobody's somebody's, or why there can be none.

An entry means the object as it is, or it is not proposed; of a wildcard it spells out what divisions
confine, which is less than it allows today.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from reconciler.isolation.wildcards import is_pattern, matching
from reconciler.model.access import EVERYWHERE, Nature
from reconciler.model.address import ORG, Address
from reconciler.model.kind import AnyKind
from reconciler.model.patch import Edit
from reconciler.model.state import Live
from reconciler.planning.export.entries import Known, beyond_words, entry, worded
from reconciler.planning.export.values import Brief, Obstacle
from reconciler.planning.foreseen import leak_of
from reconciler.planning.handing import Pair
from reconciler.planning.index import lost_once_ours
from reconciler.planning.offline import Evidence
from reconciler.planning.yard import Yard, top

SPELLED = "Was {said}: these are what divisions confine of it. REVIEW: keep what is needed."
_ADOPTED = "Was nobody's; as it was found."
_NOTHING = Evidence(frozenset(), frozenset(), frozenset())

Made = tuple[Edit, ...] | str
"""Edits; or why there are none, in words."""


def declared(identity: str, yard: Yard) -> Made:
    """The entries by which a live object that is nobody's, and its roles, become ours."""
    item = yard.live(identity)
    if item is None:
        return "it was not seen whole"
    if item.marker:
        return f"it carries the marker of {item.marker.org}/{item.marker.address}"
    if item.kind == yard.role_kind:
        return _role(item, yard)
    return _holder(item, yard)


def _holder(item: Live, yard: Yard) -> Made:
    view = yard.situation.registry[item.kind].collection.second
    pairs: frozenset[Pair] = item.fields[view.field] if view else frozenset()
    owner = _owner(pairs, yard)
    if yard.people.subjects[item.id].idle:
        return "it is switched off, and an entry would switch it on; delete it in the organisation"
    if owner is None:
        return _why_nobodys(pairs, yard)
    roles = dict(yard.roles)
    edits: list[Edit] = []
    for role in sorted({role for role, _ in pairs} - roles.keys()):
        made = declared(role, yard)
        if isinstance(made, str):
            return f"{yard.people.name(role)}, which it holds, is not ours: {made}"
        edits += made
        roles[role] = _address(made[0], yard)
    entered = _entered(item, pairs, owner, roles, yard)
    return entered if isinstance(entered, str) else (*edits, *entered)


def _entered(
    item: Live, pairs: frozenset[Pair], owner: str, roles: Mapping[str, Address], yard: Yard
) -> Made:
    """The entry of a holder whose roles are ours, or about to be."""
    scene, held = yard.situation, [yard.live(role) for role, _ in pairs]
    spoken = [spelled(role, yard) for role in held if role]
    if leak := leak_of(item, spoken, owner, yard.bounds, yard.people.catalogue, scene.registry):
        return f"declared as {owner}'s it would be a leak: {leak.message}"
    known = Known(yard.walls, roles, yard.people.names)
    if obstacle := beyond_words(pairs, owner, known):
        return obstacle.reason
    lines = worded(pairs, owner, known, Brief(scene.desired.org, scene.options.today, _NOTHING))
    kind = scene.registry[item.kind]
    spec = entry(kind, item, owner, lines, scene.desired.org.name)
    return _added(kind, item, spec, owner, _ADOPTED, yard)


def _owner(pairs: frozenset[Pair], yard: Yard) -> str | None:
    """Whose something is that holds these, where they say so."""
    owners = {yard.bounds.owner_of(wall) for _, wall in pairs}
    tenants = owners - {ORG}
    if not owners or "" in tenants or len(tenants) > 1:
        return None
    return next(iter(tenants), ORG)


def _why_nobodys(pairs: frozenset[Pair], yard: Yard) -> str:
    if not pairs:
        return "it holds nothing, so nothing says whose it is"
    owners = {yard.bounds.owner_of(wall) for _, wall in pairs} - {"", ORG}
    if len(owners) > 1:
        return (
            f"it works for {', '.join(sorted(owners))}: declare a client for each, hand over their secrets, "
            "then delete this one"
        )
    role, wall = next(pair for pair in sorted(pairs) if not yard.bounds.owner_of(pair[1]))
    where = "every division" if wall == EVERYWHERE else yard.people.name(wall)
    return f"no tenant's entry can say {yard.people.name(role)} in {where}; take that grant away first"


def _role(item: Live, yard: Yard) -> Made:
    kind = yard.situation.registry[item.kind]
    holders = yard.holders.get(item.id, ())
    if item.protected:
        return f"{item.name} is the vendor's, and no manifest changes it"
    if item.id in lost_once_ours(yard.situation.live, yard.situation.desired.org):
        return f"our own client works by {item.name}, and would lose it"
    if any(yard.people.subjects[who].nature is not Nature.PROGRAM for who, _ in holders):
        return f"people hold {item.name} too, and would lose it; `reconciler export` proposes them with it"
    said = sorted(each for each, _ in item.fields["permissions"] if is_pattern(each))
    owner = _owner(frozenset(pair for _, pair in holders), yard) or ORG
    spec = entry(kind, spelled(item, yard), owner, [], yard.situation.desired.org.name)
    note = SPELLED.format(said=", ".join(said)) if said else _ADOPTED
    return _added(kind, item, spec, owner, note, yard)


def spelled(role: Live, yard: Yard) -> Live:
    """A role as an entry can say it: of wildcards, what divisions confine."""
    if not any(is_pattern(said) for said, _ in role.fields["permissions"]):
        return role
    return replace(role, fields={**role.fields, "permissions": confined(role, yard)})


def confined(item: Live, yard: Yard) -> frozenset[tuple[str, str]]:
    """A role's permissions without wildcards, and without what no division confines."""
    aware = [permission for permission, confined in yard.people.catalogue.items() if confined]
    return frozenset(
        (permission, condition)
        for said, condition in item.fields["permissions"]
        for permission in matching(said, aware)
    )


def _added(kind: AnyKind, item: Live, spec: Any, owner: str, note: str, yard: Yard) -> Made:
    document = yard.documents.get(owner)
    if isinstance(spec, Obstacle):
        return spec.reason
    if document is None:
        return "there is no `kind: Shared` document that it could stand in"
    if alike := yard.namesake(item):
        return f"{alike} is called {item.name} too; rename one of them first"
    spec = spec.model_copy(update={"key": yard.key_of(item.id)})
    return (Edit("add", ("spec", kind.section), spec, note=note, at=(top(document),)),)


def _address(edit: Edit, yard: Yard) -> Address:
    owner = next(name for name, each in yard.documents.items() if top(each) == edit.at[0])
    return Address(owner, yard.role_kind, edit.value.key)
