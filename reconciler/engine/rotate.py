"""Looking after secrets: how they stand, and which of them a rotation takes. Carried out as any plan is."""

from __future__ import annotations

from asyncio import Semaphore
from collections.abc import Mapping
from datetime import date, timedelta

from reconciler.engine.cycle import seen_whole
from reconciler.engine.observe import ORGANISATION, read_kinds
from reconciler.engine.readings import check_organisation
from reconciler.engine.tasks import tasks
from reconciler.engine.usage import all_used
from reconciler.errors import SinkError
from reconciler.model.address import Address
from reconciler.model.kind import Registry
from reconciler.model.manifest import Manifests
from reconciler.model.rotation import QUIET_DAYS, USE_DAYS, Reading, Standing, Use
from reconciler.model.secret import Destination
from reconciler.model.shelves import calls_since, last_call
from reconciler.model.state import LiveState
from reconciler.model.value import Json
from reconciler.planning.options import PlanOptions
from reconciler.planning.rotation import standings as judging
from reconciler.planning.rotation.choose import Uses
from reconciler.ports import Clock, OrgApi, SecretSink

Sinks = Mapping[str, SecretSink]

AT_ONCE = 8
"""How many places sinks are asked about at a time."""


async def standings(
    api: OrgApi, sinks: Sinks, clock: Clock, manifests: Manifests, options: PlanOptions, registry: Registry
) -> tuple[Standing, ...]:
    """How every secret stands that `only` selects; the sinks are asked what they hold.

    Requests: the token, the organisation, and the clients. Raises `PartlyVisible` when these were not
    fully read, `UsageError` where a selector selects nothing.
    """
    places = judging.places(manifests, options, registry)
    name = check_organisation(await api.read(ORGANISATION), manifests.org)
    seen = await read_kinds(api, judging.sources(registry))
    live = seen_whole(LiveState(manifests.org.organization_id, name, seen, catalogue={}))
    held = await _asked(sinks, places)
    return judging.standings(manifests, live, held, clock.now(), options, registry)


async def _asked(sinks: Sinks, places: Mapping[Address, Destination]) -> Mapping[Address, Reading]:
    slots = Semaphore(AT_ONCE)
    async with tasks() as group:
        asked = {
            address: group.create_task(_status(sinks, place, slots)) for address, place in places.items()
        }
    return {address: task.result() for address, task in asked.items()}


async def _status(sinks: Sinks, place: Destination, slots: Semaphore) -> Reading:
    if place.sink not in sinks:
        return Reading(trouble=f"this version cannot ask sink `{place.sink}`")
    try:
        async with slots:
            return Reading(await sinks[place.sink].status(place))
    except SinkError as error:
        return Reading(trouble=error.message)


async def uses(api: OrgApi, clock: Clock, programs: tuple[str, ...], operator: str) -> Uses:
    """What is counted of `programs`, by id; of our own client something must be, or nothing counts."""
    told = await all_used(api, clock, (*programs, operator), USE_DAYS)
    since = clock.now().date() - timedelta(days=QUIET_DAYS)
    counts = {each: _use(result, since) for each, result in told.items() if result is not None}
    own = counts.get(operator)
    return Uses(counts, counted=own is not None and own.calls > 0)


def _use(result: Json, since: date) -> Use:
    return Use(calls_since(result, ""), calls_since(result, since.isoformat()), last_call(result))
