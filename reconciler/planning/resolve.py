"""From manifests to desired state: references resolved, shares weighed, every mistake collected."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from reconciler.model.access import EVERYWHERE, Share, Tolerated
from reconciler.model.address import Address, Selector
from reconciler.model.drift_policy import Acknowledged, DriftPolicy
from reconciler.model.finding import Finding
from reconciler.model.kind import AnyKind, Problem, Registry
from reconciler.model.manifest import Entry, Manifests, Owner, State
from reconciler.model.manifest import Org as OrgManifest
from reconciler.model.rule import Rule
from reconciler.model.secret import Destination
from reconciler.model.state import Resource
from reconciler.model.value import Ref, Value, sha256
from reconciler.planning.acknowledged import acknowledged_alone
from reconciler.planning.ceiling import resolve_ceiling
from reconciler.planning.pairs import Context, Pairs, ending, resolve_pairs
from reconciler.planning.references import Declared, mistake

UNKNOWN_SINK = Rule(
    "manifest/unknown-sink",
    "Only the Org document says where secrets may go; a tenant must not choose a place of its own.",
    "Name a sink of the Org document, or add one there.",
)
DUPLICATE_NAME = Rule(
    "manifest/duplicate-name",
    "Two objects of one name cannot be told apart in the console: people grant the wrong one.",
    "Give one of them another name.",
)
UNOWNED_PAIR = Rule(
    "manifest/unowned-pair",
    "Neither role nor division carries our marker, so that later nobody could tell this access from "
    "what somebody granted by hand, and take it back.",
    "Use a role of ours, or divisions of ours.",
)


@dataclass(frozen=True, slots=True)
class DesiredState:
    """Everything declared, by address, in order of declaration.

    `shared` holds, by subject, the pairs that a valid share allows to cross tenants;
    `owners` are all that have a document, `retired` those of them that are leaving, `suspended` those
    that the manifests say may reach nothing.
    """

    org: OrgManifest
    resources: Mapping[Address, Resource]
    shared: Mapping[Address, Mapping[tuple[Value, Value], Share]]
    owners: frozenset[str]
    retired: frozenset[str]
    suspended: frozenset[str]


def resolve(
    manifests: Manifests, registry: Registry, today: date
) -> tuple[DesiredState, tuple[Finding, ...]]:
    """The desired state of expanded manifests, and all that is wrong or worth saying about them."""
    declared = declared_in(manifests, registry)
    resources: dict[Address, Resource] = {}
    shared: dict[Address, Mapping[tuple[Value, Value], Share]] = {}
    findings: list[Finding] = []
    retired, suspended = _in_state("retired", manifests), _in_state("suspended", manifests)
    contexts = {owner.name: Context.of(owner.name, declared, registry, today) for owner in manifests.owners}
    for owner, kind, entry in _entries(manifests, registry):
        context = contexts[owner.name]
        pairs = _outside(retired, resolve_pairs(kind.grants(entry.spec), context, entry.origin))
        resource, found = _resource(owner, kind, entry, pairs, manifests.org, context)
        findings += [*pairs.findings, *found]
        if owner.state != "retired":
            resources[resource.address] = resource
        shared |= {resource.address: pairs.shared} if pairs.shared else {}
    findings += _duplicate_names(resources.values(), registry)
    findings += _unowned_pairs(resources.values(), registry)
    findings += acknowledged_alone(manifests.org.drift.acknowledged, resources, today)
    owners = frozenset(owner.name for owner in manifests.owners)
    desired = DesiredState(manifests.org, resources, shared, owners, retired, suspended)
    return desired, tuple(findings)


def _outside(retired: frozenset[str], pairs: Pairs) -> Pairs:
    """The pairs without those in a retired tenant: what a share reached there is about to go."""
    if not retired:
        return pairs
    ended = {
        pair: item.address.owner
        for pair in pairs.pairs
        for item in pair
        if isinstance(item, Ref) and item.address.owner in retired
    }
    remarks = tuple(f"{owner} is retired" for owner in sorted(set(ended.values())))
    return pairs._replace(pairs=pairs.pairs.difference(ended), expired=pairs.expired + remarks)


def _in_state(state: State, manifests: Manifests) -> frozenset[str]:
    return frozenset(owner.name for owner in manifests.owners if owner.state == state)


def manifest_digest(desired: DesiredState) -> str:
    """SHA-256 of what the manifests mean: equal for any order of files and for the expanded form."""
    org = desired.org
    policy = [
        *(org.name, org.region, org.organization_id, org.operator, org.hand_on, org.prune, org.new_clients),
        sorted(map(str, org.protect)),
        list(_limits(org)),
        sorted([item.permission, item.expires] for item in org.org_wide),
        {sink.name: [sink.type, sink.settings] for sink in org.sinks.values()},
    ]
    if org.reached_by:
        policy.append(sorted(map(_tolerated, org.reached_by)))
    if org.drift != DriftPolicy():
        policy.append({org.drift.correct: sorted(map(_acknowledged, org.drift.acknowledged))})
    resources = {
        str(address): sha256(_meaning(resource))
        for address, resource in desired.resources.items()
        if not address.part  # a successor is what its entry says
    }
    return sha256({"org": policy, "resources": resources})


def _tolerated(each: Tolerated) -> list[str]:
    return [str(each.nature), each.subject, each.share.expires, *sorted(each.roles)]


def _acknowledged(each: Acknowledged) -> list[str]:
    return [str(each.drift), each.share.expires, *sorted(each.fields)]


def _limits(org: OrgManifest) -> tuple[int, ...]:
    limits = org.limits
    return limits.removals, limits.removal_percent, limits.change_percent, limits.gains


def _meaning(resource: Resource) -> list[object]:
    ceiling = [] if resource.ceiling is None else [sorted(map(str, resource.ceiling))]
    return [
        resource.fields,
        resource.existing,
        resource.pin,
        resource.adopt,
        str(resource.previously or ""),
        [resource.destination.sink, resource.destination.path] if resource.destination else [],
        *ceiling,
    ]


def _entries(manifests: Manifests, registry: Registry) -> Iterator[tuple[Owner, AnyKind, Entry]]:
    for owner in manifests.owners:
        for kind in registry:
            for entry in owner.sections.get(kind.name, ()):
                yield owner, kind, entry


def declared_in(manifests: Manifests, registry: Registry) -> Declared:
    """Everything that expanded manifests declare, by address and by key."""
    keys: dict[tuple[str, str], tuple[str, ...]] = defaultdict(tuple)
    for owner in manifests.owners:
        for kind in registry:
            entries = owner.sections.get(kind.name, ())
            keys[owner.name, kind.name] += tuple([entry.spec.key for entry in entries])
    addresses = {Address(owner, kind, key) for (owner, kind), found in keys.items() for key in found}
    return Declared(addresses, keys)


def _resource(
    owner: Owner, kind: AnyKind, entry: Entry, pairs: Pairs, org: OrgManifest, context: Context
) -> tuple[Resource, list[Finding]]:
    spec, today = entry.spec, context.today
    address = Address(owner.name, kind.name, spec.key)
    held = frozenset[tuple[Value, Value]]() if owner.state == "suspended" else pairs.pairs
    declared = kind.declare(spec, owner.name, held)
    found = [_finding(problem, entry) for problem in declared.problems]
    destination = _destination(declared.sink, address, org)
    if declared.sink and destination is None:
        found.append(_unknown_sink(declared.sink, entry, org))
    accepted = declared.accepted
    if accepted:
        found += ending(accepted.expires, today, entry.origin.child(*declared.said_at, "expires"))
    ceiling = resolve_ceiling(declared.ceiling, kind.grants(spec), context, entry.origin)
    found += ceiling.findings
    existing = vars(spec).get("existing")
    resource = Resource(
        address=address,
        name=declared.fields["name"],
        fields=declared.fields,
        origin=entry.origin,
        related=entry.related,
        existing=(existing.id or existing.name) if existing else "",
        pin=spec.id,
        adopt=spec.adopt,
        previously=Selector.parse(spec.previously) if spec.previously else None,
        destination=destination,
        accepted=accepted if accepted and accepted.expires >= today.isoformat() else None,
        ceiling=ceiling.walls,
        upkeep=declared.upkeep,
        profile=entry.profile,
        remarks=pairs.expired + (("its tenant is suspended",) if owner.state == "suspended" else ()),
    )
    return resource, found


def _finding(problem: Problem, entry: Entry) -> Finding:
    place = entry.origin.child(*problem.steps)
    found = mistake(problem.rule, problem.message, problem.remedy, place, entry.related)
    return replace(found, severity=problem.severity)


def _destination(sink: str, address: Address, org: OrgManifest) -> Destination | None:
    if sink not in org.sinks:
        return None
    template = str(org.sinks[sink].settings.get("path") or "{tenant}/{key}")
    return Destination(sink, template.format(tenant=address.owner, key=address.key), org.sinks[sink].store)


def _unknown_sink(sink: str, entry: Entry, org: OrgManifest) -> Finding:
    close = difflib.get_close_matches(sink, org.sinks, n=1)
    remedy = f"did you mean `{close[0]}`?" if close else "define it under `sinks` of the Org document"
    return mistake(UNKNOWN_SINK, f"no sink `{sink}` is defined", remedy, entry.origin.child("secret", "sink"))


def _duplicate_names(resources: Iterable[Resource], registry: Registry) -> Iterator[Finding]:
    """Two objects of one name. Several entries may name one subject: their pairs are one set."""
    seen: dict[tuple[str, str], Resource] = {}
    unlisted = {kind.name for kind in registry if kind.collection.subjects}
    for resource in resources:
        if resource.address.kind in unlisted:
            continue
        first = seen.setdefault((resource.address.kind, resource.name.casefold()), resource)
        if first is not resource and not resource.existing and resource.name:
            message = f"{resource.address} is called `{resource.name}`, and so is {first.address}"
            yield mistake(
                DUPLICATE_NAME,
                message,
                "rename one of them",
                resource.origin.child("name"),
                (first.origin,),
            )


def _unowned_pairs(resources: Iterable[Resource], registry: Registry) -> Iterator[Finding]:
    """What would be granted and, once it left the manifests, never be found again as ours."""
    resources = list(resources)
    references = {item.address for item in resources if item.existing}
    for item in resources if references else ():
        view = registry[item.address.kind].collection.second
        if registry[item.address.kind].collection.subjects is None or view is None:
            continue
        for role, division in item.fields[view.field]:
            if role.address in references and division == EVERYWHERE:
                message = (
                    f"{role.address} is not ours, and `*` is nobody's: nothing would say that this is ours"
                )
                remedy = "declare an own role with these permissions, or name the divisions"
                yield mistake(UNOWNED_PAIR, message, remedy, item.origin, item.related, str(item.address))
