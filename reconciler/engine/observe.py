"""Observe: read everything a decision needs, once, and say what was not seen.

Requests: the token, the organisation, the pages of every kind's collection and of the permission
catalogue, the role settings, and the operator's subject.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reconciler.engine import readings
from reconciler.engine.lookup import find, pairs_of
from reconciler.engine.tasks import tasks
from reconciler.errors import Refused
from reconciler.model.kind import AnyKind, Registry
from reconciler.model.manifest import Org
from reconciler.model.state import LiveState, Reading
from reconciler.model.value import Json
from reconciler.ports import Listing, OrgApi

ORGANISATION = "/api/v2/organizations/me"
CATALOGUE = "/api/v2/authorization/permissions"
SETTINGS = "/api/v2/authorization/roles/settings"

_FORBIDDEN = 403


async def observe(api: OrgApi, registry: Registry, org: Org) -> LiveState:
    """The organisation as it is now.

    Raises `WrongOrganisation` before anything else is read, and `OrgError` when the operator's
    client is not there exactly once. A list that may not be read is a gap, not an exception.
    """
    name = readings.check_organisation(await api.read(ORGANISATION), org)
    async with tasks() as group:
        kinds = group.create_task(read_kinds(api, registry))
        catalogue = group.create_task(read_catalogue(api))
        settings = group.create_task(read_settings(api))
    live = LiveState(
        org.organization_id, name, kinds.result(), catalogue=catalogue.result(), settings=settings.result()
    )
    return await _with_operator(api, registry, org, live)


async def read_kinds(api: OrgApi, registry: Registry) -> dict[str, Reading]:
    """All live objects of every kind that the organisation lists; nothing yet of any other."""
    listed = [kind for kind in registry if kind.collection.subjects is None]
    async with tasks() as group:
        read = {kind.name: group.create_task(_read_kind(api, kind)) for kind in listed}
    return {name: read[name].result() if name in read else Reading() for name in registry.names}


async def _read_kind(api: OrgApi, kind: AnyKind) -> Reading:
    """All live objects of a kind; a list that may not be read is a gap, and what is listed but not there."""
    listing = await _list(api, kind)
    if readings.is_thin(kind, listing.entities):
        listing = await _bodies(api, kind, listing)
    return readings.reading(kind, listing.entities, listing.gap)


async def _list(api: OrgApi, kind: AnyKind) -> Listing:
    collection = kind.collection
    try:
        return await api.list_all(collection.path, collection.query, paged=collection.paged)
    except Refused as refusal:
        if refusal.status != _FORBIDDEN:
            raise
        return Listing((), f"may not be read: {refusal.message}")


async def _bodies(api: OrgApi, kind: AnyKind, listing: Listing) -> Listing:
    """What may be ours is read singly; of the rest, and of what is not there, the list says what there is."""
    async with tasks() as group:
        read = {
            entity["id"]: group.create_task(find(api, f"{kind.collection.path}/{entity['id']}"))
            for entity in listing.entities
            if readings.may_be_ours(entity)
        }
    bodies = {identity: task.result() for identity, task in read.items()}
    there = {identity: body for identity, body in bodies.items() if body is not None}
    entities = tuple(there.get(entity["id"], entity) for entity in listing.entities)
    return Listing(entities, readings.unreadable(listing.gap, len(bodies) - len(there)))


async def read_catalogue(api: OrgApi) -> dict[str, bool] | None:
    """None where it was not read to the end: a permission missing from it would look like an answer."""
    try:
        listing = await api.list_all(CATALOGUE, paged=True)
    except Refused as refusal:
        if refusal.status != _FORBIDDEN:
            raise
        return None
    return None if listing.gap else readings.catalogue(listing.entities)


async def read_settings(api: OrgApi) -> Mapping[str, Json] | None:
    """The role settings; None where they may not be read."""
    try:
        settings: Mapping[str, Json] = await api.read(SETTINGS)
    except Refused as refusal:
        if refusal.status != _FORBIDDEN:
            raise
        return None
    return settings


async def _with_operator(api: OrgApi, registry: Registry, org: Org, live: LiveState) -> LiveState:
    found = readings.find_operator(org, registry, live.readings)
    if found is None:
        return live
    operator, view = found
    held = frozenset(await pairs_of(api, view, operator.id))
    return replace(live, operator_id=operator.id, operator_pairs=held)
