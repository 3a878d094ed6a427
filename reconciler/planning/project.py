"""Projection: who could use what before a plan and after it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from reconciler.isolation.matrix import AccessState
from reconciler.model.access import Fact
from reconciler.model.kind import Registry
from reconciler.model.state import Live, LiveState, Reading
from reconciler.model.value import Fields
from reconciler.planning.draft import Draft


def before_and_after(
    live: LiveState, drafts: Iterable[Draft], registry: Registry
) -> tuple[AccessState, AccessState]:
    """The access state as read, and as the running drafts would leave it."""
    changed = {draft.slice: draft for draft in drafts if draft.runs}
    untouched: list[Fact] = []
    old: list[Fact] = []
    for kind in registry:
        for item in live.of(kind.name):
            into = old if item.slice in changed else untouched
            into += kind.facts(item.id, item.fields)
    new = [fact for draft in changed.values() for fact in facts_after(draft, registry)]
    return AccessState.of([*untouched, *old]), AccessState.of([*untouched, *new])


def state_after(live: LiveState, drafts: Iterable[Draft], registry: Registry) -> LiveState:
    """The organisation as the running drafts would leave it; the id of what is to be made is `{ADDRESS}`."""
    changed = {draft.slice: draft for draft in drafts if draft.runs}
    objects: dict[str, list[Live]] = {kind.name: [] for kind in registry}
    for kind in registry:
        objects[kind.name] += (item for item in live.of(kind.name) if item.slice not in changed)
    for draft in changed.values():
        if draft.after is not None:
            objects[draft.change.address.kind].append(_led_to(draft, draft.after))
    readings = {name: Reading(tuple(found)) for name, found in objects.items()}
    return replace(live, readings=readings)


def _led_to(draft: Draft, after: Fields) -> Live:
    if draft.live:
        return replace(draft.live, name=after["name"], fields=after)
    return Live(draft.change.address.kind, draft.identity, after["name"], after, {})


def facts_before(draft: Draft, registry: Registry) -> frozenset[Fact]:
    """The access facts of what a draft starts from."""
    return frozenset(_facts(draft, draft.before, registry))


def facts_after(draft: Draft, registry: Registry) -> frozenset[Fact]:
    """The access facts of what a draft leads to."""
    return frozenset(_facts(draft, draft.after, registry))


def gained(draft: Draft, registry: Registry) -> frozenset[Fact]:
    """The access facts that a draft adds; none for a deletion."""
    return facts_after(draft, registry) - facts_before(draft, registry)


def _facts(draft: Draft, fields: Fields | None, registry: Registry) -> Iterator[Fact]:
    if fields is not None:
        yield from registry[draft.change.address.kind].facts(draft.identity, fields)


def afterwards(state: AccessState, drafts: Iterable[Draft], registry: Registry) -> AccessState:
    """`state`, which may rest on more than the objects say, as these drafts would leave it."""
    gone: set[Fact] = set()
    come: set[Fact] = set()
    for draft in drafts:
        gone |= facts_before(draft, registry)
        come |= facts_after(draft, registry)
    return state.changed(gone, come)
