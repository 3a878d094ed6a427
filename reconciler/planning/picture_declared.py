"""By the manifests alone: what would be so if the organisation held nothing but what they declare.

No organisation is asked, so that public evidence stands in for the live catalogue, as it does for
`validate`; where only the organisation could say more, that is a gap.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reconciler.isolation.matrix import AccessState
from reconciler.isolation.population import Population, Subject
from reconciler.model.access import Fact, Nature, title
from reconciler.model.address import Address
from reconciler.model.kind import SUBJECT_FIELD, Registry
from reconciler.model.manifest import Manifests
from reconciler.model.state import Resource
from reconciler.model.value import resolved
from reconciler.planning.offline import Evidence
from reconciler.planning.options import PlanOptions
from reconciler.planning.picture import Picture
from reconciler.planning.population import declared
from reconciler.planning.resolve import DesiredState, resolve


def of_manifests(
    manifests: Manifests, evidence: Evidence, options: PlanOptions, registry: Registry
) -> Picture:
    """The picture of valid, expanded manifests. Groups and users have their titles for ids."""
    desired, _ = resolve(manifests, registry, options.today)
    ids = {address: _identity(item, registry) for address, item in desired.resources.items()}
    access = AccessState.of(_facts(desired, ids, registry))
    subjects = dict(_subjects(desired, ids, access, registry))
    wall = registry.pair[1]
    people = Population(
        access=access,
        subjects=subjects,
        groups={},
        unread=frozenset(),
        walls={ids[address]: address.owner for address in desired.resources if address.kind == wall},
        counts={},
        declared=dict(declared(desired, registry, ids)),
        names={ids[address]: item.name or item.existing for address, item in desired.resources.items()},
        catalogue=dict.fromkeys(evidence.known, False)
        | dict.fromkeys(evidence.confined | evidence.undecided, True),
        operator="",
        gaps=tuple(_gaps(desired, ids, access, evidence)),
    )
    shown = {each.id: _shown(each) for each in subjects.values()}
    org, now = manifests.org, options.created_at
    return Picture("desired", org.name, org.organization_id, now, now, people, shown, home="")


def _identity(item: Resource, registry: Registry) -> str:
    """`{ADDRESS}`; of somebody whom several entries may name, what they call him."""
    if registry[item.address.kind].collection.subjects is None:
        return f"{{{item.address}}}"
    return title(item.fields[SUBJECT_FIELD], item.pin or item.name)


def _facts(desired: DesiredState, ids: Mapping[Address, str], registry: Registry) -> Iterator[Fact]:
    for address, item in desired.resources.items():
        if not item.existing:
            fields = {name: resolved(value, ids) for name, value in item.fields.items()}
            yield from registry[address.kind].facts(ids[address], fields)


def _subjects(
    desired: DesiredState, ids: Mapping[Address, str], access: AccessState, registry: Registry
) -> Iterator[tuple[str, Subject]]:
    for address, item in desired.resources.items():
        collection, identity = registry[address.kind].collection, ids[address]
        if collection.subjects is not None:
            row = collection.subjects.named(item.fields[SUBJECT_FIELD], identity, item.name)
            yield identity, Subject(identity, item.name, row.word, row.nature)
        elif collection.second is not None:
            acts = identity in access.acts_for_users
            yield (
                identity,
                Subject(
                    identity, item.name, address.kind, Nature.PROGRAM, address.owner, acts_for_users=acts
                ),
            )


def _shown(subject: Subject) -> str:
    return subject.id.strip("{}") if subject.nature is Nature.PROGRAM else title(subject.sort, subject.name)


def _gaps(
    desired: DesiredState, ids: Mapping[Address, str], access: AccessState, evidence: Evidence
) -> Iterator[str]:
    """What is referred to says nothing of itself; what no public source is sure of may reach further."""
    held = {role for pairs in access.holds.values() for role, _ in pairs}
    for address, item in sorted(desired.resources.items()):
        if item.existing and ids[address] in held:
            yield f"{address} is only referred to: what it allows, the organisation alone knows"
    used = frozenset[str]().union(*(access.allows.get(role, frozenset()) for role in held))
    if undecided := sorted(used & evidence.undecided):
        listed = ", ".join(undecided)
        yield f"the live catalogue alone says whether a division confines these; here one does: {listed}"
