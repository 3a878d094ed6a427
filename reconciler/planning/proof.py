"""The proof: manifests and everything that was read in, the verdicts on every tenant out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from reconciler.isolation.boundaries import Boundaries
from reconciler.isolation.certificate import certificate, digest
from reconciler.isolation.evidence import Evidence
from reconciler.isolation.hygiene import hygiene
from reconciler.isolation.outside import outside, unseen
from reconciler.isolation.population import Population
from reconciler.isolation.proving import Prover
from reconciler.model.access import title
from reconciler.model.address import ORG
from reconciler.model.finding import Finding
from reconciler.model.kind import Registry
from reconciler.model.manifest import Manifests
from reconciler.model.picture import Picture
from reconciler.model.proof import Proof, Survey, TenantProof
from reconciler.model.secret import Destination
from reconciler.model.state import LiveState
from reconciler.model.value import Json
from reconciler.planning.binding import Scope
from reconciler.planning.evidence import evidence
from reconciler.planning.guard import Situation
from reconciler.planning.guard_access import boundaries
from reconciler.planning.labels import labels_of, named
from reconciler.planning.mending import mend
from reconciler.planning.options import PlanOptions
from reconciler.planning.population import population
from reconciler.planning.scope import scope
from reconciler.planning.subjects import bind_subjects
from reconciler.planning.succession import keeper, resolve_with
from reconciler.planning.tolerance import tolerance
from reconciler.planning.yard import Yard


class Ground(NamedTuple):
    """What verdicts and answers rest on: everybody, the walls, and what people are shown for an id.

    `shown` is about subjects, `labels` holds the addresses of whatever is ours, `destinations` says where
    the secret of a declared subject was delivered, by id; `meant` whose each declared division is, by name.
    """

    org: str
    people: Population
    bounds: Boundaries
    shown: Mapping[str, str]
    labels: Mapping[str, str]
    destinations: Mapping[str, Destination]
    warnings: tuple[Finding, ...]
    meant: Mapping[str, str]
    situation: Situation
    found: Scope


def ground(
    manifests: Manifests, live: LiveState, seen: Survey, options: PlanOptions, registry: Registry
) -> Ground:
    """Everybody who was seen, with what the manifests say of them."""
    desired, _ = resolve_with(manifests, live, registry, options.today)
    found = scope(desired, live, registry)
    desired, live = bind_subjects(desired, live, found, registry)
    situation = Situation(desired, live, options, registry)
    bounds = boundaries(situation, found)
    people = population(situation, found, seen, bounds)
    tolerated, warnings = tolerance(
        desired.org.reached_by, people.subjects.values(), live.of(registry.pair[0]), options.today
    )
    people = replace(people, tolerated=tolerated)
    labels = labels_of(found, desired, live, registry)
    shown = {each.id: labels.get(each.id, title(each.sort, each.name)) for each in people.subjects.values()}
    kept = {
        found.bound[address].id: resource.destination
        for address, resource in desired.resources.items()
        if resource.destination and address in found.bound
        if found.bound[address] is keeper(address.entry, found)
    }
    meant = {
        resource.name: address.owner
        for address, resource in desired.resources.items()
        if address.kind == registry.pair[1]
    }
    return Ground(desired.org.name, people, bounds, shown, labels, kept, warnings, meant, situation, found)


class Proved(NamedTuple):
    """A proof, and the certificate from which anybody can work its verdicts out anew.

    `picture` is there where somebody asked for it.
    """

    proof: Proof
    certificate: Mapping[str, Json]
    picture: Picture | None = None


def prove(
    manifests: Manifests,
    live: LiveState,
    seen: Survey,
    options: PlanOptions,
    registry: Registry,
    *,
    drawn: bool = False,
) -> Proved:
    """The verdicts on every tenant that has a document, by name; `drawn` asks for the picture too."""
    stands = ground(manifests, live, seen, options, registry)
    org, people, bounds, shown, labels, _, warnings, meant, situation, found = stands
    prover = Prover(people, bounds)
    tenants = tuple(prover.prove(sorted({owner.name for owner in manifests.owners} - {ORG})))
    said = {
        "tool": options.tool,
        "organization": {"name": org, "id": live.organization_id},
        "read": {"from": seen.began, "until": seen.ended},
    }
    made = certificate(said, people, bounds, tenants)
    counted = tuple(replace(each, objects=_objects(each, live)) for each in tenants)
    proof = _proof(counted, prover, people, made, shown, warnings)
    looked = evidence(people, bounds, live, registry, meant, seen.stock)
    mended = mend(hygiene(looked), Yard(manifests, situation, found, people, bounds))
    findings = named(mended, {**_titles(looked), **labels, **shown})
    outside = (*proof.outside, *unseen(seen.stock))
    proof = replace(proof, findings=findings, stock=seen.stock, outside=outside)
    return Proved(proof, made, prover.picture(tenants) if drawn else None)


def _titles(looked: Evidence) -> dict[str, str]:
    stock = looked.objects
    titles = {each.id: title(each.sort, each.name) for each in looked.things}
    titles |= {each.id: title(each.sort, each.name) for each in (*stock.items, *stock.deleted)}
    return titles | {each.id: title("group", each.name) for each in stock.groups}


def _proof(
    tenants: Iterable[TenantProof],
    prover: Prover,
    people: Population,
    made: Mapping[str, Json],
    subjects: Mapping[str, str],
    warnings: tuple[Finding, ...],
) -> Proof:
    everywhere = prover.everywhere()
    return Proof(
        tool=made["tool"],
        org_name=made["organization"]["name"],
        organization_id=made["organization"]["id"],
        began=made["read"]["from"],
        ended=made["read"]["until"],
        snapshot=digest(made["facts"]),
        catalogue=digest(people.catalogue),
        tenants=tuple(_told(each, subjects) for each in tenants),
        everywhere=tuple(reacher for reacher, _ in everywhere),
        intruders=named((finding for _, finding in everywhere if finding), subjects),
        outside=tuple(outside(people)),
        gaps=people.gaps,
        warnings=warnings,
        grants=sum(map(len, people.access.holds.values())),
        roles=len(people.access.allows),
        walls=len(people.walls),
        subjects=subjects,
        names=people.names,
    )


def _told(each: TenantProof, subjects: Mapping[str, str]) -> TenantProof:
    return replace(each, leaks=named(each.leaks, subjects), intruders=named(each.intruders, subjects))


def _objects(each: TenantProof, live: LiveState) -> Mapping[str, int]:
    """What lives in its divisions; of those that were not counted nothing is said."""
    found: Counter[str] = Counter()
    for wall in each.walls:
        found.update(live.counts.get(wall, {}))
    return {kind: number for kind, number in sorted(found.items()) if number}
