"""Propose: every live object finds its document and its key there, or a reason to stay out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any, NamedTuple

from reconciler.model.address import ORG, Address
from reconciler.model.finding import Severity
from reconciler.model.kind import AnyKind
from reconciler.model.state import Live
from reconciler.planning.export.assemble import assemble
from reconciler.planning.export.entries import Known, beyond_words, entry, reference, worded
from reconciler.planning.export.grouping import Grouping, group
from reconciler.planning.export.names import slug
from reconciler.planning.export.obstacles import (
    UNUSED,
    Scene,
    common,
    doubled,
    not_handed_on,
    role_obstacle,
)
from reconciler.planning.export.people import People, guests, people, unlisted
from reconciler.planning.export.placing import Place, place_holder, place_role
from reconciler.planning.export.sheet import Chosen, Sheet
from reconciler.planning.export.values import Obstacle, Proposal
from reconciler.planning.handing import Pair
from reconciler.planning.index import ours


def propose(scene: Scene) -> Proposal:
    """The manifests that mean the organisation as it is, as far as manifests can."""
    registry = scene.registry
    sheet, walls, roles = Sheet(), registry[registry.pair[1]], registry[registry.pair[0]]
    listed = [kind for kind in registry if kind.collection.second and not kind.collection.subjects]
    held = {kind.name: _pairs(kind, scene) for kind in listed}
    reaches = [frozenset(wall for _, wall in pairs) for found in held.values() for pairs in found.values()]
    grouping = group(scene.objects(walls), reaches, scene.org)
    _take_plain(walls, grouping, scene, sheet)
    _take_holders(roles, held, grouping, scene, sheet)
    for kind in registry:
        if kind.name not in registry.pair and not kind.collection.second:
            _take_plain(kind, grouping, scene, sheet)
    return assemble(sheet, grouping, scene)


def _pairs(kind: AnyKind, scene: Scene) -> dict[str, frozenset[Pair]]:
    return {item.id: _held(kind, item) for item in scene.objects(kind)}


def _take_plain(kind: AnyKind, grouping: Grouping, scene: Scene, sheet: Sheet) -> None:
    """Objects that hold nothing: divisions by their group, others by their name."""
    chosen: list[Chosen] = []
    items = scene.objects(kind)
    twins = doubled(items, scene.org)
    for item in items:
        place = place_holder(item, frozenset(), grouping, scene.org)
        if item.id in grouping.owners:
            owner = grouping.owners[item.id]
            place = Place(owner, grouping.why[item.id] if owner == ORG else "")
        spec = common(item, twins, scene) or entry(kind, item, place.owner, [], scene.org)
        if isinstance(spec, Obstacle):
            sheet.leave(item, place.owner, kind, spec)
        else:
            chosen.append(Chosen(item, place, spec))
    sheet.take(kind, chosen, grouping)


class _Roles(NamedTuple):
    """By id: what is in the way of taking a role, what taking it would say, what refers to it instead."""

    refused: Mapping[str, Obstacle]
    specs: Mapping[str, Any]
    references: Mapping[str, Any]
    lent: frozenset[str]


def _look_at_roles(kind: AnyKind, found: People, known: Known, scene: Scene) -> _Roles:
    twins = doubled(scene.objects(kind), scene.org)
    refused: dict[str, Obstacle] = {}
    specs: dict[str, Any] = {}
    for item in scene.live.of(kind.name):
        spec = (
            common(item, twins, scene)
            or role_obstacle(item, scene)
            or (None if ours(item, scene.org) else found.in_the_way(item.id, known))
            or entry(kind, item, ORG, [], scene.org)
        )
        if isinstance(spec, Obstacle):
            refused[item.id] = spec
        else:
            specs[item.id] = spec
    marked = {item.id for item in scene.live.of(kind.name) if ours(item, scene.org)}
    return _Roles(refused, specs, _references(kind, refused, scene), frozenset(specs.keys() | marked))


def _references(kind: AnyKind, refused: Mapping[str, Obstacle], scene: Scene) -> dict[str, Any]:
    """How roles are referred to; the few that cannot even be named are missing."""
    items = scene.live.of(kind.name)
    names = Counter(item.name.casefold() for item in items)
    said = (
        (item.id, reference(kind, item, unique=names[item.name.casefold()] == 1))
        for item in items
        if item.id in refused
    )
    return {identity: spec for identity, spec in said if spec is not None}


def _take_holders(
    roles: AnyKind,
    held: Mapping[str, Mapping[str, frozenset[Pair]]],
    grouping: Grouping,
    scene: Scene,
    sheet: Sheet,
) -> None:
    """Clients as far as all they hold can be said and handed on, their roles, and who else has those."""
    names = {item.id: item.name for kind in scene.registry for item in scene.live.of(kind.name)}
    named = {item.id: Address(ORG, roles.name, slug(item.id)) for item in scene.live.of(roles.name)}
    rough = Known(sheet.addresses.copy(), named, names)
    others = people(scene)
    found = _look_at_roles(roles, others, rough, scene)
    sayable = found.specs.keys() | found.references.keys()
    rough = rough._replace(roles={role: place for role, place in named.items() if role in sayable})
    chosen = {
        name: _choose(scene.registry[name], grouping, scene, sheet, found, others, rough) for name in held
    }
    use = _use(chosen, scene)
    referred = frozenset(use.keys() - found.specs.keys())
    for kind in unlisted(scene.registry):
        visitors = guests(kind, found.specs.keys(), referred, rough, others, scene)
        chosen[kind.name] = [_visiting(kind, each, grouping, rough, scene) for each in visitors]
    _take_roles(roles, found, _use(chosen, scene), grouping, scene, sheet)
    known = _known(roles, rough, sheet)
    for name, members in chosen.items():
        kind = scene.registry[name]
        sheet.take(kind, [_exact(each, kind, known, scene) for each in members], grouping)


def _use(chosen: Mapping[str, list[Chosen]], scene: Scene) -> dict[str, list[str]]:
    """By the id of a role, the owners of all that hold it, each as often as he has holders."""
    use: dict[str, list[str]] = defaultdict(list)
    for name, members in chosen.items():
        for each in members:
            for role in {role for role, _ in _held(scene.registry[name], each.item)}:
                use[role].append(each.place.owner)
    return use


def _known(roles: AnyKind, rough: Known, sheet: Sheet) -> Known:
    of_roles = {identity: sheet.addresses[identity] for identity in sheet.chosen[roles.name]}
    shared = {address.key for address in of_roles.values() if address.owner == ORG}
    clash = {address.key for address in of_roles.values() if address.owner != ORG} & shared
    return Known(rough.walls, of_roles, rough.names, clash)


def _held(kind: AnyKind, item: Live) -> frozenset[Pair]:
    second = kind.collection.second
    pairs: frozenset[Pair] = item.fields[second.field] if second else frozenset()
    return pairs


def _choose(
    kind: AnyKind,
    grouping: Grouping,
    scene: Scene,
    sheet: Sheet,
    roles: _Roles,
    others: People,
    known: Known,
) -> list[Chosen]:
    chosen: list[Chosen] = []
    items = scene.objects(kind)
    twins = doubled(items, scene.org)
    for item in items:
        pairs = _held(kind, item)
        place = place_holder(item, frozenset(wall for _, wall in pairs), grouping, scene.org)
        obstacle = (
            common(item, twins, scene)
            or beyond_words(pairs, place.owner, known)
            or not_handed_on(pairs, roles.lent, roles.refused, scene, known)
            or others.at_risk(pairs, roles.specs.keys(), known)
        )
        lines = [] if obstacle else worded(pairs, place.owner, known, scene.brief)
        spec = obstacle or entry(kind, item, place.owner, lines, scene.org)
        if isinstance(spec, Obstacle):
            sheet.leave(item, place.owner, kind, spec)
        else:
            chosen.append(Chosen(item, place, spec))
    return chosen


def _visiting(kind: AnyKind, item: Live, grouping: Grouping, known: Known, scene: Scene) -> Chosen:
    """A group or user, with what has to be declared of it: all that can be said, by now."""
    pairs = _held(kind, item)
    place = place_holder(item, frozenset(wall for _, wall in pairs), grouping, scene.org)
    lines = worded(pairs, place.owner, known, scene.brief)
    return Chosen(item, place, entry(kind, item, place.owner, lines, scene.org))


def _exact(each: Chosen, kind: AnyKind, known: Known, scene: Scene) -> Chosen:
    """The same, its roles called by the keys that they have got by now."""
    lines = worded(_held(kind, each.item), each.place.owner, known, scene.brief)
    return each._replace(spec=entry(kind, each.item, each.place.owner, lines, scene.org))


def _take_roles(
    kind: AnyKind,
    roles: _Roles,
    use: Mapping[str, list[str]],
    grouping: Grouping,
    scene: Scene,
    sheet: Sheet,
) -> None:
    """Roles of ours and those in use; what is in use and not ours to take is referred to."""
    chosen: list[Chosen] = []
    for item in scene.live.of(kind.name):
        holders = use.get(item.id, [])
        place = place_role(item, frozenset(holders), len(holders), grouping, scene.org)
        if item.id in roles.specs and (holders or ours(item, scene.org)):
            chosen.append(Chosen(item, place, roles.specs[item.id]))
        elif item.id in roles.specs:
            sheet.leave(item, place.owner, kind, UNUSED)
        elif holders:
            why = f"{place.why}; not ours to change"
            chosen.append(Chosen(item, Place(ORG, why), roles.references[item.id]))
            sheet.leave(item, ORG, kind, roles.refused[item.id], referred=True)
        elif not item.protected:
            unused = roles.refused[item.id]._replace(severity=Severity.INFO)
            sheet.leave(item, ORG, kind, unused)
    sheet.take(kind, chosen, grouping)
