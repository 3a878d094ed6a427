"""One turn of the loop: observe, decide, look twice where the decision needs it, decide again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import NamedTuple, TypeAlias

from reconciler.engine import readings
from reconciler.engine.enrich import complete, count_objects, deepen, enrich, read_limit
from reconciler.engine.observe import ORGANISATION, observe, read_kinds
from reconciler.engine.subjects import with_subjects
from reconciler.errors import PartlyVisible, Refused
from reconciler.model.address import OPERATOR, Address
from reconciler.model.drift import DriftReport
from reconciler.model.kind import Registry
from reconciler.model.manifest import Manifests, Org
from reconciler.model.outputs import Outputs
from reconciler.model.plan import Plan
from reconciler.model.state import Live, LiveState
from reconciler.planning import outputs as giving
from reconciler.planning.acknowledging import ACKNOWLEDGED
from reconciler.planning.drift import find_drift
from reconciler.planning.options import PlanOptions
from reconciler.planning.plan import make
from reconciler.planning.questions import questions
from reconciler.ports import OrgApi

Repairs: TypeAlias = Callable[[], Mapping[Address, int]]
"""Tells how many runs of the last day put right what somebody had changed, by address."""


class Sighted(NamedTuple):
    """A plan, and the organisation that it was made of."""

    plan: Plan
    live: LiveState


async def plan(
    api: OrgApi,
    manifests: Manifests,
    options: PlanOptions,
    registry: Registry,
    *,
    writer: str = "",
    repairs: Repairs = dict,
) -> Plan:
    """The plan for the organisation as it is now; see `look_and_plan`."""
    return (await look_and_plan(api, manifests, options, registry, writer=writer, repairs=repairs)).plan


async def look_and_plan(
    api: OrgApi,
    manifests: Manifests,
    options: PlanOptions,
    registry: Registry,
    *,
    writer: str = "",
    repairs: Repairs = dict,
) -> Sighted:
    """The plan for the organisation as it is now, and what was seen for it.

    Objects that the first draft touches or leaves alone as acknowledged, or that `only` selects, are read
    in both views of their access, and singly where a list left something out; orphan walls are counted,
    and where walls are to be made it is asked how many there may be; then the plan is made anew. One such
    round is enough: what a second look adds to a plan lies on objects that were read.

    `writer` is the client that is about to apply ("" for a reader): the plan counts on the operator's
    rights, so nobody else may carry it out. `repairs` is asked only where somebody changed something.

    Raises `PartlyVisible` when anything the decision needs was not fully read, and `Refused` for a
    writer that is not the operator.
    """
    live = await _whole(api, registry, manifests.org)
    if writer and writer != live.operator_id:
        raise Refused(
            f"these credentials are client {writer}, the operator is {live.operator_id}",
            remedy=f"apply with the credentials of `{manifests.org.operator}`, or correct `operator.client`",
        )
    if options.deep or options.revoke_only:
        live = await deepen(api, registry, live)
    live = seen_whole(await with_subjects(api, registry, live, questions(manifests, live, options, registry)))
    draft = make(manifests, live, options, registry)
    seen = await _second_look(api, registry, live, draft, options)
    made = draft if seen is live else make(manifests, seen, options, registry)
    if not any(change.cause == "drift" for change in made.running) or not (often := repairs()):
        return Sighted(made, seen)
    return Sighted(make(manifests, seen, replace(options, repairs=often), registry), seen)


class Drifting(NamedTuple):
    """What somebody changed, and the organisation that shows it."""

    report: DriftReport
    live: LiveState


async def drift(api: OrgApi, manifests: Manifests, options: PlanOptions, registry: Registry) -> DriftReport:
    """What somebody changed in the organisation; see `look_for_drift`."""
    return (await look_for_drift(api, manifests, options, registry)).report


async def look_for_drift(
    api: OrgApi, manifests: Manifests, options: PlanOptions, registry: Registry
) -> Drifting:
    """What somebody changed in the organisation, by a reading of both views of all access.

    Raises `PartlyVisible` when anything was not fully read.
    """
    live = await deepen(api, registry, await _whole(api, registry, manifests.org))
    asked = questions(manifests, live, replace(options, deep=True), registry)
    live = seen_whole(await with_subjects(api, registry, live, asked))
    return Drifting(find_drift(manifests, live, options, registry), live)


async def outputs(
    api: OrgApi, manifests: Manifests, tenant: str, hosts: tuple[str, str], today: date, registry: Registry
) -> Outputs:
    """The ids that a tenant's application needs, found by marker.

    Requests: the token, the organisation, and the pages of those kinds alone. Raises `UsageError` where
    something is not applied yet, `PartlyVisible` when anything was not fully read.
    """
    name = readings.check_organisation(await api.read(ORGANISATION), manifests.org)
    seen = await read_kinds(api, giving.sources(registry))
    live = seen_whole(
        LiveState(manifests.org.organization_id, name, seen, catalogue={})
    )  # none is asked about
    return giving.outputs(manifests, live, tenant, hosts, today, registry)


async def _whole(api: OrgApi, registry: Registry, org: Org) -> LiveState:
    return seen_whole(await observe(api, registry, org))


def seen_whole(live: LiveState) -> LiveState:
    """The same state, when all of it was read; raises `PartlyVisible` otherwise."""
    if gaps := live.gaps():
        raise PartlyVisible(
            f"{live.organization_name} could be read only in part: {'; '.join(gaps)}",
            remedy="nothing was decided: what was not seen may be there; mend the role, or try again",
        )
    return live


async def _second_look(
    api: OrgApi, registry: Registry, live: LiveState, draft: Plan, options: PlanOptions
) -> LiveState:
    touched = {change.id for change in draft.running if change.address != OPERATOR}  # it was read already
    touched |= _tolerated(live, draft, registry)
    live = seen_whole(await complete(api, registry, live, touched))  # what is written is written whole
    wall = registry.pair[1]
    twice = frozenset(
        item.id
        for kind in registry
        if kind.collection.subjects is None and not options.deep and not options.revoke_only
        for item in live.of(kind.name)
        if item.id in touched or (options.only and _is_ours(item, draft, options.selects))
    )
    orphans = frozenset(draft.orphans)
    walls = [
        item.id for item in live.of(wall) if _is_ours(item, draft, lambda address: str(address) in orphans)
    ]
    if twice:
        live = await enrich(api, registry, live, twice)
    if any(change.action == "create" and change.address.kind == wall for change in draft.running):
        live = await read_limit(api, live)
    return await count_objects(api, live, walls) if walls else live


def _tolerated(live: LiveState, draft: Plan, registry: Registry) -> set[str]:
    """What is left alone as acknowledged; what leaks in the second view alone will be written after all."""
    left = {each.address for each in draft.findings if each.rule == ACKNOWLEDGED}
    objects = (item for kind in registry for item in live.of(kind.name)) if left else ()
    return {item.id for item in objects if _is_ours(item, draft, lambda address: str(address) in left)}


def _is_ours(item: Live, draft: Plan, chosen: Callable[[Address], bool]) -> bool:
    """Whether this installation's marker stands on the object, with an address that is chosen."""
    return item.marker is not None and item.marker.org == draft.org_name and chosen(item.marker.address)
