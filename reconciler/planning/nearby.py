"""Nearby: what a plan may change the judgement of. The rest of a large organisation stays as it was."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import replace

from reconciler.isolation.hygiene.twins import told_apart_by
from reconciler.model.kind import AnyKind, Registry
from reconciler.model.state import Live, LiveState, Reading
from reconciler.model.value import Fields
from reconciler.planning.draft import Draft


def nearby(live: LiveState, drafts: Iterable[Draft], registry: Registry) -> LiveState:
    """The objects of drafts, who holds their roles, the roles that these hold, and who is called alike."""
    drafts = list(drafts)
    touched = {draft.identity for draft in drafts}
    names = {(_kind(draft), told_apart_by(draft.after["name"])) for draft in drafts if draft.after}
    named = {kind for kind, _ in names}
    holding = [kind for kind in registry if kind.collection.second]
    near = set(touched)
    roles = {role for draft in drafts if draft.after for role in _held(registry[_kind(draft)], draft.after)}
    for kind in holding:
        for item in live.of(kind.name):
            held = _held(kind, item.fields)
            if item.id in touched or not touched.isdisjoint(held):
                near.add(item.id)
                roles |= held
    near |= roles

    def is_near(item: Live) -> bool:
        return item.id in near or (item.kind in named and (item.kind, told_apart_by(item.name)) in names)

    readings = {kind.name: Reading(tuple(filter(is_near, live.of(kind.name)))) for kind in registry}
    return replace(live, readings=readings)


def _kind(draft: Draft) -> str:
    return draft.change.address.kind


def _held(kind: AnyKind, fields: Fields) -> Set[str]:
    """The ids of roles that these fields hold; what is not made yet has none."""
    view = kind.collection.second
    return {role for role, _ in fields[view.field]} if view else frozenset()
