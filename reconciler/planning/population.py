"""From what was read to the population that a proof is about: whose each subject is, and what it holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from reconciler.isolation.boundaries import Boundaries
from reconciler.isolation.matrix import AccessState
from reconciler.isolation.population import Population, Subject
from reconciler.model.access import Fact, Holds, Nature
from reconciler.model.address import Address
from reconciler.model.kind import Holding, Registry
from reconciler.model.origin import Origin
from reconciler.model.proof import Survey
from reconciler.model.value import resolved
from reconciler.planning.binding import Scope
from reconciler.planning.guard import Situation
from reconciler.planning.labels import names_of
from reconciler.planning.resolve import DesiredState

UNASKED = Survey({}, {}, "", "")
"""Where only listed objects count: nobody was asked who holds what."""

_PERSON = "user"


def population(situation: Situation, found: Scope, seen: Survey, bounds: Boundaries) -> Population:
    """Everybody and everything, from both views of each client and the view of each role."""
    live = situation.live
    access = AccessState.of(_facts(situation, seen))
    rows = [row for several in seen.holders.values() for row in several]
    names = {row.id: row.name for row in rows} | dict(names_of(live, situation.registry))
    names |= {person.id: person.name for person in seen.stock.people}
    subjects = dict(_subjects(situation, rows, seen, bounds, access))
    listed = {item.id for reading in live.readings.values() for item in reading.objects}
    unlisted = {row.name or row.id for row in rows if row.nature is Nature.PROGRAM and row.id not in listed}
    return Population(
        access=access,
        subjects=subjects,
        groups=_groups(seen.members),
        unread=frozenset(group for group, members in seen.members.items() if members is None),
        walls={item.id: bounds.owner_of(item.id) for item in live.of(situation.registry.pair[1])},
        counts={wall: sum(counts.values()) for wall, counts in live.counts.items()},
        declared=dict(declared(situation.desired, situation.registry, found.ids())),
        names={identity: name for identity, name in names.items() if name},
        catalogue=live.catalogue or {},
        operator=live.operator_id,
        gaps=(
            *live.gaps(),
            *seen.gaps,
            *(f"{name} holds a role and is in no list of clients" for name in sorted(unlisted)),
        ),
    )


def _facts(situation: Situation, seen: Survey) -> Iterator[Fact]:
    for kind in situation.registry:
        for item in situation.live.of(kind.name):
            yield from kind.facts(item.id, item.fields)
    for role, rows in seen.holders.items():
        for row in rows:
            for division in row.divisions:
                yield Holds(row.id, role, division)


def _subjects(
    situation: Situation,
    rows: Iterable[Holding],
    seen: Survey,
    bounds: Boundaries,
    access: AccessState,
) -> Iterator[tuple[str, Subject]]:
    """Those who hold something, then everybody else there is: later ones say more."""
    for row in rows:
        yield row.id, Subject(row.id, row.name or row.id, row.word, row.nature)
    for person in seen.stock.people:
        yield person.id, Subject(person.id, person.name, _PERSON, Nature.PERSON, wall=person.wall)
    for kind in situation.registry:
        if kind.collection.second is None or kind.collection.subjects is not None:
            continue
        tokens = kind.collection.tokens
        for item in situation.live.of(kind.name):
            yield (
                item.id,
                Subject(
                    id=item.id,
                    name=item.name,
                    sort=kind.name,
                    nature=Nature.PROGRAM,
                    owner=bounds.owner_of(item.id),
                    acts_for_users=item.id in access.acts_for_users,
                    idle=item.fields.get("state", "active") != "active",
                    scopes=tokens(item).scopes if tokens else frozenset(),
                ),
            )


def _groups(members: Mapping[str, frozenset[str] | None]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for group, several in sorted(members.items()):
        for member in several or ():
            found[member].append(group)
    return {member: tuple(groups) for member, groups in found.items()}


def declared(
    desired: DesiredState, registry: Registry, ids: Mapping[Address, str]
) -> Iterator[tuple[tuple[str, str, str], Origin]]:
    """What the manifests declare of the subjects and roles that `ids` knows, with the entry that does."""
    for address, resource in desired.resources.items():
        kind = registry[address.kind]
        if kind.collection.second is None or address not in ids:
            continue
        fields = {name: resolved(value, ids) for name, value in resource.fields.items()}
        for fact in kind.facts(ids[address], fields):
            if isinstance(fact, Holds):
                yield (fact.subject, fact.role, fact.division), resource.origin
