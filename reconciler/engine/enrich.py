"""A second look at the few objects where the first was not enough: one request each, or per hundred."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import replace
from urllib.parse import urlencode

from reconciler.engine import readings
from reconciler.engine.lookup import find, pairs_of
from reconciler.engine.tasks import tasks
from reconciler.model.kind import AnyKind, Registry, SecondView
from reconciler.model.state import Live, LiveState, Reading
from reconciler.model.value import Json, Value
from reconciler.ports import OrgApi

DIVISIONS = "/api/v2/authorization/divisions"

COUNTED_AT_ONCE = 100
"""Divisions per request for object counts: the vendor's largest page."""


async def enrich(api: OrgApi, registry: Registry, live: LiveState, ids: frozenset[str]) -> LiveState:
    """`live` with both views of these objects' access; kinds without a second view stay as they are."""
    views = {kind.name: view for kind in registry if (view := _second(kind))}
    seen = {
        name: await _with_second_view(api, view, live.readings[name], ids) for name, view in views.items()
    }
    return replace(live, readings={**live.readings, **seen})


async def deepen(api: OrgApi, registry: Registry, live: LiveState) -> LiveState:
    """`live` with both views of all access: one request per object of a kind that has a second view."""
    seen = (item.id for kind in registry if _second(kind) for item in live.of(kind.name))
    return await enrich(api, registry, live, frozenset(seen))


async def complete(api: OrgApi, registry: Registry, live: LiveState, ids: Set[str]) -> LiveState:
    """`live` with whole bodies of these objects, where lists left something out: one request each.

    What is listed but not there is a gap. The very same state where nothing was left out.
    """
    thin = {kind.name: [item for item in live.of(kind.name) if item.id in ids and _is_thin(kind, item)]
            for kind in registry}  # fmt: skip
    if not any(thin.values()):
        return live
    async with tasks() as group:
        read = {
            item.id: group.create_task(find(api, f"{kind.collection.path}/{item.id}"))
            for kind in registry
            for item in thin[kind.name]
        }
    bodies = {identity: task.result() for identity, task in read.items()}
    whole = {kind.name: _completed(kind, live.readings[kind.name], bodies) for kind in registry}
    return replace(live, readings=whole)


def _is_thin(kind: AnyKind, item: Live) -> bool:
    return not kind.collection.body_keys <= item.raw.keys()


def _completed(kind: AnyKind, reading: Reading, bodies: Mapping[str, Json | None]) -> Reading:
    """What is not there stays as it is listed: that nothing is to be seen of it does not make it gone."""
    found = [(item, bodies.get(item.id, item.raw)) for item in reading.objects]
    objects = tuple(item if body is None or body is item.raw else kind.live(body) for item, body in found)
    missing = sum(body is None for _, body in found)
    return replace(reading, objects=objects, gap=readings.unreadable(reading.gap, missing))


def _second(kind: AnyKind) -> SecondView | None:
    """The second view of a kind's access; for what is never listed it is the first, and read already."""
    return kind.collection.second if kind.collection.subjects is None else None


async def _with_second_view(api: OrgApi, view: SecondView, reading: Reading, ids: frozenset[str]) -> Reading:
    async with tasks() as group:
        read = {
            item.id: group.create_task(pairs_of(api, view, item.id))
            for item in reading.objects
            if item.id in ids
        }
    pairs = {identity: task.result() for identity, task in read.items()}
    return replace(reading, objects=tuple(_merged(item, view, pairs) for item in reading.objects))


def _merged(item: Live, view: SecondView, pairs: Mapping[str, Mapping[Value, str]]) -> Live:
    if item.id not in pairs:
        return item
    return readings.with_second_view(item, view.field, pairs[item.id])


async def count_objects(api: OrgApi, live: LiveState, ids: Iterable[str]) -> LiveState:
    """`live` with the number of objects in each of these divisions: one request per hundred."""
    wanted = sorted(ids)
    chunks = [wanted[start : start + COUNTED_AT_ONCE] for start in range(0, len(wanted), COUNTED_AT_ONCE)]
    async with tasks() as group:
        pages = [group.create_task(api.read(_counting(chunk))) for chunk in chunks]
    counts = readings.object_counts(
        entity for page in pages for entity in page.result().get("entities") or ()
    )
    return replace(live, counts={**live.counts, **counts})


async def read_limit(api: OrgApi, live: LiveState) -> LiveState:
    """`live` with the number of divisions that the organisation allows: one request."""
    return replace(live, wall_limit=await api.read(f"{DIVISIONS}/limit"))


def _counting(ids: Iterable[str]) -> str:
    """`id` is repeated, which a mapping cannot say."""
    query = [("objectCount", "true"), ("pageSize", str(COUNTED_AT_ONCE)), *(("id", each) for each in ids)]
    return f"{DIVISIONS}?{urlencode(query)}"
