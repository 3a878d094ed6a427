"""Questions about subjects that cannot be listed: who is meant, and who holds what is granted to them.

A subject whose last entry left the manifests is found by the role it holds. Which roles those may be
is known without asking: those that entries name, those that are only referred to, and those whose
markers say that groups or users were given them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from reconciler.model.kind import SUBJECT_FIELD, AnyKind, Registry
from reconciler.model.manifest import Manifests
from reconciler.model.state import LiveState, Resource
from reconciler.model.value import refs_in
from reconciler.planning.binding import Scope
from reconciler.planning.index import ours
from reconciler.planning.options import PlanOptions
from reconciler.planning.resolve import DesiredState
from reconciler.planning.scope import scope
from reconciler.planning.succession import resolve_with


class Lookup(NamedTuple):
    """Who is meant: a subject of that sort by its exact name, or by the id that pins it."""

    sort: str
    name: str
    pin: str

    def means(self, identity: str, name: str) -> bool:
        """Whether the subject of that id and name is the one."""
        return identity == self.pin if self.pin else name == self.name


class Questions(NamedTuple):
    """What to ask, by kind: subjects to look up, and ids of roles whose holders to read. Both sorted."""

    lookups: tuple[Lookup, ...] = ()
    roles: tuple[str, ...] = ()


def lookup_of(resource: Resource) -> Lookup:
    """Who an entry means."""
    return Lookup(resource.fields[SUBJECT_FIELD], resource.name, resource.pin)


def questions(
    manifests: Manifests, live: LiveState, options: PlanOptions, registry: Registry
) -> dict[str, Questions]:
    """What has to be asked before a plan of these manifests; empty for the many that grant nobody."""
    kinds = [kind for kind in registry if kind.collection.subjects]
    if not any(_worth_asking(manifests, live, options, registry, kind) for kind in kinds):
        return {}
    desired, _ = resolve_with(manifests, live, registry, options.today)
    found = scope(desired, live, registry)
    return {kind.name: _asked(kind, desired, found, live, options, registry) for kind in kinds}


def _worth_asking(
    manifests: Manifests, live: LiveState, options: PlanOptions, registry: Registry, kind: AnyKind
) -> bool:
    role = registry.pair[0]
    return (
        options.deep
        or options.revoke_only
        or any(owner.sections.get(kind.name) for owner in manifests.owners)
        or any(item.marker and item.marker.granted for item in live.of(role))
        or any(
            _is_reference(entry.spec) for owner in manifests.owners for entry in owner.sections.get(role, ())
        )
    )


def _is_reference(spec: object) -> bool:
    return getattr(spec, "existing", None) is not None


def _asked(
    kind: AnyKind,
    desired: DesiredState,
    found: Scope,
    live: LiveState,
    options: PlanOptions,
    registry: Registry,
) -> Questions:
    entries = [item for item in desired.resources.values() if item.address.kind == kind.name]
    ids = found.ids()
    named = {ref.address for entry in entries for value in entry.fields.values() for ref in refs_in(value)}
    roles = {ids[address] for address in named if address.kind == registry.pair[0] and address in ids}
    roles |= {identity for address, identity in found.references.items() if address.kind == registry.pair[0]}
    roles |= set(_marked(live, desired, registry, everything=options.deep or options.revoke_only))
    return Questions(tuple(sorted({*map(lookup_of, entries)})), tuple(sorted(roles)))


def _marked(live: LiveState, desired: DesiredState, registry: Registry, *, everything: bool) -> Iterator[str]:
    """Roles of ours whose markers say that groups or users hold them; with `everything` all of ours."""
    for item in live.of(registry.pair[0]):
        if item.marker and ours(item, desired.org.name) and (everything or item.marker.granted):
            yield item.id
