"""The proof: manifests and everything that was read in, the verdicts on every tenant out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reconciler.isolation.outside import outside
from reconciler.isolation.population import Population
from reconciler.isolation.proving import Prover
from reconciler.model.access import title
from reconciler.model.address import ORG
from reconciler.model.kind import Registry
from reconciler.model.manifest import Manifests
from reconciler.model.proof import Proof, Survey, TenantProof
from reconciler.model.state import LiveState
from reconciler.model.value import sha256
from reconciler.planning.guard import Situation
from reconciler.planning.guard_access import boundaries
from reconciler.planning.labels import labels_of, named
from reconciler.planning.options import PlanOptions
from reconciler.planning.population import population
from reconciler.planning.resolve import resolve
from reconciler.planning.scope import scope
from reconciler.planning.subjects import bind_subjects


def prove(
    manifests: Manifests, live: LiveState, seen: Survey, options: PlanOptions, registry: Registry
) -> Proof:
    """The verdicts on every tenant that has a document, by name."""
    desired, _ = resolve(manifests, registry, options.today)
    found = scope(desired, live, registry)
    desired, live = bind_subjects(desired, live, found, registry)
    situation = Situation(desired, live, options, registry)
    bounds = boundaries(situation, found)
    people = population(situation, found, seen, bounds)
    prover = Prover(people, replace(bounds, name=people.name))
    everywhere = prover.everywhere()
    labels = labels_of(found, desired, live, registry)
    subjects = {
        each.id: labels.get(each.id, title(each.sort, each.name)) for each in people.subjects.values()
    }
    return Proof(
        tool=options.tool,
        org_name=desired.org.name,
        organization_id=live.organization_id,
        began=seen.began,
        ended=seen.ended,
        snapshot=snapshot(people),
        catalogue=sha256(dict(people.catalogue)),
        tenants=tuple(_told(each, subjects) for each in prover.prove(sorted(desired.owners - {ORG}))),
        everywhere=tuple(reacher for reacher, _ in everywhere),
        intruders=named((finding for _, finding in everywhere if finding), subjects),
        outside=tuple(outside(people)),
        gaps=people.gaps,
        grants=sum(map(len, people.access.holds.values())),
        roles=len(people.access.allows),
        walls=len(people.walls),
        subjects=subjects,
        names=people.names,
    )


def _told(each: TenantProof, subjects: Mapping[str, str]) -> TenantProof:
    return replace(each, leaks=named(each.leaks, subjects), intruders=named(each.intruders, subjects))


def snapshot(people: Population) -> str:
    """SHA-256 of everything that the verdicts rest on, whatever order it was read in."""
    return sha256(
        [
            {subject: sorted(pairs) for subject, pairs in people.access.holds.items()},
            {role: sorted(allowed) for role, allowed in people.access.allows.items()},
            {member: list(groups) for member, groups in people.groups.items()},
            sorted(people.unread),
            dict(people.walls),
            dict(people.catalogue),
        ]
    )
