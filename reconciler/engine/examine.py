"""Examine: look at everything a run depends on, one thing at a time, and go on where one fails.

Requests: what `observe` asks, the caller's token, the limit of divisions, and one per permission where
the operator's grants cannot be seen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from reconciler.engine import readings
from reconciler.engine.lookup import find, pairs_of
from reconciler.engine.observe import ORGANISATION, read_catalogue, read_kinds, read_settings
from reconciler.engine.tasks import tasks
from reconciler.errors import OrgError, Refused
from reconciler.model.access import EVERYWHERE
from reconciler.model.checkup import Caller, Observed, Permitted, Trouble
from reconciler.model.kind import AnyKind, Registry, SecondView
from reconciler.model.manifest import Org
from reconciler.model.state import Live, LiveState
from reconciler.model.value import Json
from reconciler.ports import OrgApi, TellingApi

TOKEN = "/api/v2/tokens/me"
LIMIT = "/api/v2/authorization/divisions/limit"
PERMITTED = "/api/v2/authorization/divisionspermitted/paged/me"


async def examine(
    api: TellingApi, org: Org | None, registry: Registry, hosts: tuple[str, str], needed: Iterable[str]
) -> Observed:
    """Everything that was seen. Never raises an `OrgError`: what went wrong is part of the answer.

    `needed` are the permissions to ask for where the operator's grants cannot be seen.
    """
    observed = await _knock(api, Observed(org, hosts))
    right = org is not None and observed.organisation[0] == org.organization_id
    if org is not None and right:
        observed = await _look(api, org, registry, observed)
        if observed.is_operator and (observed.operator_pairs is None or observed.unread):
            observed = replace(observed, permitted=await permitted(api, needed))
    return replace(observed, told=api.told, requests=api.requests)


async def _knock(api: OrgApi, observed: Observed) -> Observed:
    """Who answers, and for whom they take us."""
    try:
        answer = await api.read(ORGANISATION)
    except Refused as refusal:
        return replace(observed, refused=_trouble(refusal))
    except OrgError as error:
        return replace(observed, reached=_trouble(error))
    organisation = (answer.get("id") or "", answer.get("name") or "")
    return replace(observed, organisation=organisation, caller=await _caller(api))


async def _caller(api: OrgApi) -> Caller:
    try:
        found = (await api.read(TOKEN)).get("OAuthClient") or {}
    except OrgError:
        return Caller()
    return Caller(found.get("id") or "", found.get("name") or "")


async def _look(api: OrgApi, org: Org, registry: Registry, observed: Observed) -> Observed:
    """What a plan reads, and the limit of divisions."""
    try:
        live, most = await _read(api, registry, org, observed.organisation[1])
    except OrgError as error:
        return replace(observed, reached=_trouble(error))
    observed = replace(observed, live=live, most_divisions=most, unread=tuple(map(Trouble, live.gaps())))
    try:
        found = readings.find_operator(org, registry, live.readings)
    except OrgError as error:
        return replace(observed, no_operator=_trouble(error))
    if found is None:
        return replace(observed, operator_id=_as_named(observed.caller, org))
    return await _with_pairs(api, observed, registry, *found)


async def _read(api: OrgApi, registry: Registry, org: Org, name: str) -> tuple[LiveState, int | None]:
    async with tasks() as group:
        kinds = group.create_task(read_kinds(api, registry))
        catalogue = group.create_task(read_catalogue(api))
        settings = group.create_task(read_settings(api))
        most = group.create_task(_limit(api))
    live = LiveState(
        org.organization_id, name, kinds.result(), catalogue=catalogue.result(), settings=settings.result()
    )
    return live, most.result()


async def _limit(api: OrgApi) -> int | None:
    try:
        answer: Json = await api.read(LIMIT)
    except OrgError:
        return None
    return answer if isinstance(answer, int) else None


def _as_named(caller: Caller, org: Org) -> str:
    """Our own id, where the operator's entry cannot be seen and our token bears its name."""
    return caller.id if org.operator in (caller.id, caller.name) else ""


async def _with_pairs(
    api: OrgApi, observed: Observed, registry: Registry, live: Live, view: SecondView
) -> Observed:
    observed = replace(observed, operator=live, operator_id=live.id)
    try:
        pairs = frozenset(await pairs_of(api, view, live.id))
        return await _with_held(api, replace(observed, operator_pairs=pairs), pairs, registry)
    except OrgError as error:
        grants = Trouble(f"the operator's grants: {error.message}", error.remedy)
        return replace(observed, unread=(*observed.unread, grants))


async def _with_held(
    api: OrgApi, observed: Observed, pairs: frozenset[tuple[str, str]], registry: Registry
) -> Observed:
    """With the bodies of what the operator holds: a thin list leaves out what a role allows."""
    kind, live = registry[registry.pair[0]], observed.live
    held = {role for role, _ in pairs}
    if live is None:
        return observed
    objects = tuple(
        [await _whole(api, kind, item) if item.id in held else item for item in live.of(kind.name)]
    )
    reading = replace(live.readings[kind.name], objects=objects)
    return replace(observed, live=replace(live, readings={**live.readings, kind.name: reading}))


async def _whole(api: OrgApi, kind: AnyKind, item: Live) -> Live:
    if kind.collection.body_keys <= item.raw.keys():
        return item
    body = await find(api, f"{kind.collection.path}/{item.id}")
    return item if body is None else kind.live(body)


async def permitted(api: OrgApi, needed: Iterable[str]) -> Permitted | None:
    """Where each of these permissions is held by ourselves; None where the organisation does not say."""
    try:
        async with tasks() as group:
            found = {name: group.create_task(_divisions_of(api, name)) for name in needed}
    except OrgError:
        return None
    return {name: task.result() for name, task in found.items()}


async def _divisions_of(api: OrgApi, permission: str) -> frozenset[str]:
    query = {"permission": permission}
    first = await api.read(PERMITTED, {**query, "pageSize": "1"})
    if first.get("allDivsPermitted"):
        return frozenset({EVERYWHERE})
    listing = await api.list_all(PERMITTED, query, paged=True)
    return frozenset(entity["id"] for entity in listing.entities)


def _trouble(error: OrgError) -> Trouble:
    return Trouble(error.message, error.remedy)
