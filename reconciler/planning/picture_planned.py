"""The organisation after the plan that would be made now; what a guard withholds stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from reconciler.isolation.population import Subject
from reconciler.model.access import Nature, title
from reconciler.model.address import Address
from reconciler.model.kind import SUBJECT_FIELD, Registry
from reconciler.model.manifest import Manifests
from reconciler.model.state import LiveState
from reconciler.planning.draft import Draft
from reconciler.planning.options import PlanOptions
from reconciler.planning.picture import Picture
from reconciler.planning.plan import Decided, decide
from reconciler.planning.population import declared
from reconciler.planning.project import afterwards


def planned(
    now: Picture, manifests: Manifests, live: LiveState, options: PlanOptions, registry: Registry
) -> Picture:
    """What `now` becomes. `live` is the reading it rests on, and complete."""
    made = decide(manifests, live, replace(options, deep=True), registry)
    running = [draft for draft in made.final if draft.runs]
    objects = [draft for draft in running if registry[draft.change.address.kind].collection.subjects is None]
    access = afterwards(now.people.access, running, registry)
    born = [*_clients(objects, access.acts_for_users, registry), *_grantees(made)]
    new = {each.id: each for each in born if each.id not in now.people.subjects}
    people = replace(
        now.people,
        access=access,
        subjects={**now.people.subjects, **new},
        walls={**now.people.walls, **_walls(objects, registry)},
        names={**now.people.names, **{draft.identity: draft.change.name for draft in objects}},
        declared=dict(declared(made.situation.desired, registry, _ids(made))),
    )
    return now._replace(state="planned", people=people, shown={**now.shown, **_shown(new.values())})


def _clients(drafts: Iterable[Draft], acting: frozenset[str], registry: Registry) -> Iterator[Subject]:
    """Whoever can hold access and is not there yet."""
    for draft in drafts:
        address = draft.change.address
        if draft.live is None and registry[address.kind].collection.second is not None:
            acts = draft.identity in acting
            yield Subject(
                draft.identity, draft.change.name, address.kind, Nature.PROGRAM, address.owner, "", acts
            )


def _grantees(made: Decided) -> Iterator[Subject]:
    """Groups and users that manifests name; those of them that hold nothing stand in no role's view."""
    for kind in made.situation.registry:
        if (known := kind.collection.subjects) is None:
            continue
        for item in made.situation.live.of(kind.name):
            row = known.named(item.fields[SUBJECT_FIELD], item.id, item.name)
            yield Subject(item.id, item.name, row.word, row.nature)


def _walls(drafts: Iterable[Draft], registry: Registry) -> dict[str, str]:
    wall = registry.pair[1]
    new = (draft for draft in drafts if draft.live is None and draft.change.address.kind == wall)
    return {draft.identity: draft.change.address.owner for draft in new}


def _ids(made: Decided) -> dict[Address, str]:
    """Every declared address, with a stand-in where there is no id yet."""
    return {address: f"{{{address}}}" for address in made.situation.desired.resources} | made.found.ids()


def _shown(new: Iterable[Subject]) -> dict[str, str]:
    return {
        each.id: each.id.strip("{}") if each.id.startswith("{") else title(each.sort, each.name)
        for each in new
    }
