"""Export: read everything twice over, propose manifests, and try them until they are clean.

Requests: the organisation and the caller, what a deep plan reads, one role view per role that may be
taken over or is referred to, and one read per group or user that holds such a role.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from reconciler.engine.enrich import complete, deepen
from reconciler.engine.lookup import find
from reconciler.engine.observe import ORGANISATION, observe
from reconciler.engine.subjects import with_subjects
from reconciler.engine.tasks import tasks
from reconciler.errors import OrgError, PartlyVisible, Refused, UsageError
from reconciler.model.kind import SUBJECT_FIELD, AnyKind, Registry, Subjects
from reconciler.model.manifest import Org
from reconciler.model.origin import Origin
from reconciler.model.state import Live, LiveState, Reading
from reconciler.model.value import Json
from reconciler.planning.export.names import slug
from reconciler.planning.export.obstacles import Scene
from reconciler.planning.export.people import unlisted, wanted
from reconciler.planning.export.propose import propose
from reconciler.planning.export.trial import Check, clean
from reconciler.planning.export.values import Brief, Proposal
from reconciler.planning.offline import Evidence
from reconciler.planning.questions import Questions
from reconciler.planning.subjects import pairs_of
from reconciler.ports import OrgApi

TOKEN = "/api/v2/tokens/me"


class Asked(NamedTuple):
    """What to write down: of an organisation that is managed already `org`, else the parts of one.

    `name` and `operator` may be "": then the organisation says.
    """

    name: str
    region: str
    operator: str
    org: Org | None
    today: date
    evidence: Evidence


Expect = Callable[[int], None]
"""Told how many requests are to come."""


async def export(api: OrgApi, registry: Registry, asked: Asked, check: Check, expect: Expect) -> Proposal:
    """The manifests that mean the organisation as it is, checked by a plan and by reading them.

    Raises `PartlyVisible` when anything was not fully read, `UsageError` when nobody says whose
    rights are to be counted on, and `OrgError` when that client is not there exactly once.
    """
    org = asked.org or await _identity(api, asked)
    live = _whole(await _observed(api, registry, org, asked))
    expect(sum(len(live.of(kind.name)) for kind in registry if kind.collection.second))
    live = _whole(await complete(api, registry, live, {item.id for item in _all(live)}))
    live = await deepen(api, registry, live)
    scene = Scene(live, registry, _brief(org, asked, live), {})
    return clean(await _with_people(api, scene, expect), check)


async def _observed(api: OrgApi, registry: Registry, org: Org, asked: Asked) -> LiveState:
    try:
        return await observe(api, registry, org)
    except OrgError as error:
        if asked.org or asked.operator or type(error) is not OrgError:
            raise
        raise OrgError(error.message, remedy="name the client that will apply with --operator") from error


async def _with_people(api: OrgApi, scene: Scene, expect: Expect) -> Scene:
    """The scene with the groups and users that hold what is about to be ours."""
    needed = wanted(propose(scene), scene.registry)
    expect(len(needed.roles))
    asked = {kind.name: Questions((), tuple(needed.roles)) for kind in unlisted(scene.registry)}
    live = _whole(await with_subjects(api, scene.registry, scene.live, asked))
    met: dict[str, Reading] = {}
    for kind in unlisted(scene.registry):
        concerned = [item for item in live.of(kind.name) if needed.concerns(item.fields[pairs_of(kind)])]
        expect(len(concerned))
        met[kind.name] = Reading(tuple(await _introduced(api, kind, concerned)))
    return scene._replace(live=replace(live, readings={**live.readings, **met}))


async def _introduced(api: OrgApi, kind: AnyKind, people: list[Live]) -> list[Live]:
    """These subjects by the names that manifests call them; who is hidden from us keeps no name."""
    subjects = kind.collection.subjects
    assert subjects is not None  # they were found by what they hold
    async with tasks() as group:
        read = [group.create_task(_one(api, subjects, item)) for item in people]
    bodies = zip(people, (task.result() for task in read), strict=True)
    return [_named(item, subjects, body) for item, body in bodies]


async def _one(api: OrgApi, subjects: Subjects, item: Live) -> Json:
    try:
        return await find(api, subjects.searches[item.fields[SUBJECT_FIELD]].one.format(id=item.id))
    except Refused:
        return None


def _named(item: Live, subjects: Subjects, body: Json) -> Live:
    title = subjects.searches[item.fields[SUBJECT_FIELD]].title(body) if body else ""
    return replace(item, name=title, fields={**item.fields, "name": title}, raw=body or {"id": item.id})


async def _identity(api: OrgApi, asked: Asked) -> Org:
    answer = await api.read(ORGANISATION)
    identity, called = answer.get("id") or "", answer.get("name") or ""
    operator = asked.operator or await _caller(api)
    name = asked.name or slug(called) or "organisation"
    return Org(name, asked.region, identity, operator, Origin("org.yaml"))


async def _caller(api: OrgApi) -> str:
    caller = ((await api.read(TOKEN)).get("OAuthClient") or {}).get("id") or ""
    if not caller:
        raise UsageError(
            "the organisation does not say which client these credentials are",
            remedy="name the client that will apply with --operator",
        )
    return str(caller)


def _whole(live: LiveState) -> LiveState:
    if gaps := live.gaps():
        raise PartlyVisible(
            f"{live.organization_name} could be read only in part: {'; '.join(gaps)}",
            remedy="nothing was written: what was not seen may be there; mend the role, or try again",
        )
    return live


def _brief(org: Org, asked: Asked, live: LiveState) -> Brief:
    """The identity to write down: the installation that markers name, the operator as people call it."""
    if asked.org is None:
        installations = Counter(item.marker.org for item in _all(live) if item.marker)
        marked = next(iter(installations)) if len(installations) == 1 else ""
        name = asked.name or marked or org.name
        org = replace(org, name=name, operator=asked.operator or _called(org.operator, live))
    return Brief(org, asked.today, asked.evidence)


def _all(live: LiveState) -> Iterable[Live]:
    return (item for reading in live.readings.values() for item in reading.objects)


def _called(identity: str, live: LiveState) -> str:
    """A client's name, where no other is called so; else its id."""
    names = Counter(item.name for item in _all(live))
    own = next((item.name for item in _all(live) if item.id == identity), "")
    return own if names[own] == 1 and own.strip() == own else identity
