"""Survey: everything a proof rests on, read once; what may not be seen is said and never guessed.

Requests: what a deep plan reads; the pages of every role's view, of everybody's list, and of the members
of each group that holds a role or that manifests name; one per permission to look by that a division
confines; object counts, and how many divisions there may be; and the lists once more, to see that nothing
moved meanwhile.
Where objects lie is looked at when asked for (`stock` says what that takes).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from reconciler.engine.enrich import complete, count_objects, deepen, read_limit
from reconciler.engine.examine import permitted
from reconciler.engine.lookup import listed
from reconciler.engine.observe import observe, read_kinds
from reconciler.engine.stock import look
from reconciler.engine.subjects import Views, views, with_subjects
from reconciler.engine.tasks import tasks
from reconciler.model.access import EVERYWHERE, Nature
from reconciler.model.kind import SUBJECT_FIELD, Holding, Registry, Subjects
from reconciler.model.manifest import Manifests
from reconciler.model.proof import Survey
from reconciler.model.sight import OPEN
from reconciler.model.state import LiveState
from reconciler.model.stock import Stock
from reconciler.planning.options import PlanOptions
from reconciler.planning.questions import questions
from reconciler.planning.rights import READS, permissions
from reconciler.planning.stillness import moved, unsettled
from reconciler.planning.usage import untried
from reconciler.ports import Clock, Listing, OrgApi


class Surveyed(NamedTuple):
    """The live state in both views, with the subjects that manifests mean, and what only a proof asks for."""

    live: LiveState
    survey: Survey


async def survey(
    api: OrgApi,
    manifests: Manifests,
    options: PlanOptions,
    registry: Registry,
    clock: Clock,
    *,
    objects: bool = False,
) -> Surveyed:
    """Everything there is to see, `objects` on demand. Raises `OrgError`; what may not be read is a gap."""
    live = await observe(api, registry, manifests.org)
    first = live.readings
    live = await complete(api, registry, live, {item.id for kind in registry for item in live.of(kind.name)})
    live = await deepen(api, registry, live)
    live = await count_objects(api, live, [item.id for item in live.of(registry.pair[1])])
    live = await read_limit(api, live)
    wanted = next(kind.collection.subjects for kind in registry if kind.collection.subjects)
    roles = [item.id for item in live.of(registry.pair[0])]
    held = await views(api, wanted, roles)
    asked = questions(manifests, live, replace(options, deep=True), registry)
    asked = {name: each._replace(roles=tuple(roles)) for name, each in asked.items()}
    live = await with_subjects(api, registry, live, asked, held)
    seen = await _survey(api, wanted, held, live, options, clock)
    if objects:
        programs = untried(live, registry, options.today)
        seen = replace(seen, stock=await look(api, clock, seen.stock, programs))
    restless = (
        *moved(first, await read_kinds(api, registry)),
        *unsettled(live, seen.holders, registry),
    )
    return Surveyed(live, replace(seen, gaps=(*seen.gaps, *restless)))


async def groups(api: OrgApi) -> Listing:
    """Every group there is, whether it holds anything or not. Requests: the pages of their list."""
    return await listed(api, OPEN["groups"], "groups")


async def _survey(
    api: OrgApi, wanted: Subjects, held: Views, live: LiveState, options: PlanOptions, clock: Clock
) -> Survey:
    holders = {role: tuple(map(wanted.holding, view.entities)) for role, view in held.items()}
    async with tasks() as group:
        people = group.create_task(listed(api, wanted.people, "people", {"state": "any"}))
        members = group.create_task(_members(api, wanted, _groups(wanted, holders, live)))
        cut = group.create_task(_cut(api, live.catalogue or {}))
    everybody = people.result()
    return Survey(
        holders=holders,
        members=members.result(),
        stock=Stock(people=tuple(map(wanted.person, everybody.entities))),
        began=options.created_at,
        ended=f"{clock.now():%Y-%m-%dT%H:%M:%SZ}",
        gaps=tuple(
            gap for gap in (everybody.gap, *(view.gap for view in held.values()), *cut.result()) if gap
        ),
    )


def _groups(wanted: Subjects, holders: Mapping[str, tuple[Holding, ...]], live: LiveState) -> list[str]:
    """Those that hold anything, and those that manifests mean: a plan may be about to grant them."""
    rows = [row for several in holders.values() for row in several]
    meant = (
        item for reading in live.readings.values() for item in reading.objects if SUBJECT_FIELD in item.fields
    )
    rows += (wanted.named(item.fields[SUBJECT_FIELD], item.id, item.name) for item in meant)
    return sorted({row.id for row in rows if row.nature is Nature.GROUP})


async def _members(api: OrgApi, wanted: Subjects, groups: Iterable[str]) -> dict[str, frozenset[str] | None]:
    async with tasks() as group:
        read = {
            each: group.create_task(listed(api, wanted.members.format(id=each), f"members of group {each}"))
            for each in groups
        }
    listings = {each: task.result() for each, task in read.items()}
    return {
        each: None if listing.gap else frozenset(raw["id"] for raw in listing.entities)
        for each, listing in listings.items()
    }


async def _cut(api: OrgApi, catalogue: Mapping[str, bool]) -> tuple[str, ...]:
    """What we look by that a division confines and that we do not hold everywhere: lists may be cut."""
    confined = [name for name in permissions(READS) if catalogue.get(name)]
    held = await permitted(api, confined)
    if held is None:
        return ("where our own permissions reach: the organisation does not say",)
    return tuple(
        f"{name} is not held in every division: what lies elsewhere was not seen"
        for name, where in held.items()
        if EVERYWHERE not in where
    )
