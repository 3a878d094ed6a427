"""The yard: what mending looks things up in, each index made once, when it is first asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from reconciler.isolation.boundaries import Boundaries
from reconciler.isolation.population import Population
from reconciler.model.address import Address
from reconciler.model.manifest import Entry, Manifests, Owner
from reconciler.model.origin import Origin
from reconciler.model.state import Live
from reconciler.planning.binding import Scope
from reconciler.planning.export.names import keys, slug
from reconciler.planning.guard import Situation
from reconciler.planning.handing import Pair


@dataclass(frozen=True)
class Yard:
    """Manifests as written, what they mean, what is bound, everybody, and the walls."""

    manifests: Manifests
    situation: Situation
    found: Scope
    people: Population
    bounds: Boundaries

    @property
    def role_kind(self) -> str:
        """The kind of what is held."""
        return self.situation.registry.pair[0]

    def live(self, identity: str) -> Live | None:
        """The live object of that id; None for what was not seen."""
        return self._live.get(identity)

    @cached_property
    def _live(self) -> Mapping[str, Live]:
        kinds = self.situation.registry.names
        return {item.id: item for kind in kinds for item in self.situation.live.of(kind)}

    @cached_property
    def documents(self) -> Mapping[str, Owner]:
        """The document that an owner's new entries go into: the first of several."""
        return {each.name: each for each in reversed(self.manifests.owners)}

    @cached_property
    def entries(self) -> Mapping[Address, Entry]:
        """Every entry as it is written."""
        return {
            Address(owner.name, kind, each.spec.key): each
            for owner in self.manifests.owners
            for kind, several in owner.sections.items()
            for each in several
        }

    @cached_property
    def roles(self) -> Mapping[str, Address]:
        """The declared roles by id, those included that are only referred to."""
        ids = self.found.ids()
        return {identity: at for at, identity in ids.items() if at.kind == self.role_kind}

    @cached_property
    def walls(self) -> Mapping[str, Address]:
        """The declared walls by id."""
        wall = self.situation.registry.pair[1]
        return {item.id: at for at, item in self.found.bound.items() if at.kind == wall}

    @cached_property
    def holders(self) -> Mapping[str, list[tuple[str, Pair]]]:
        """By role, who holds it where."""
        found: dict[str, list[tuple[str, Pair]]] = defaultdict(list)
        for subject, pairs in self.people.access.holds.items():
            for pair in pairs:
                found[pair[0]].append((subject, pair))
        return found

    @cached_property
    def _named(self) -> Mapping[tuple[str, str], list[str]]:
        """By kind and name, what is or will be called so: addresses of entries, then ids of the rest."""
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for at, resource in self.situation.desired.resources.items():
            found[at.kind, resource.name.casefold()].append(str(at))
        bound = {item.id for item in self.found.bound.values()}
        for item in self._live.values():
            if item.id not in bound:
                found[item.kind, item.name.casefold()].append(item.id)
        return found

    def namesake(self, item: Live) -> str:
        """Something else of that name, for manifests name each once; "" where there is none."""
        others = self._named.get((item.kind, item.name.casefold()), ())
        return next((each for each in others if each != item.id), "")

    @cached_property
    def _keys(self) -> Mapping[str, str]:
        """For all that is not declared a key that nobody has, so that references stay clear."""
        found: dict[str, str] = {}
        bound = {item.id for item in self.found.bound.values()}
        for kind in self.situation.registry.names:
            free = {item.id: slug(item.name) for item in self.situation.live.of(kind) if item.id not in bound}
            found |= keys(free, self._taken(kind), kind)
        return found

    def _taken(self, kind: str) -> set[str]:
        return {at.key for at in self.situation.desired.resources if at.kind == kind}

    def key_of(self, identity: str) -> str:
        """The key that something undeclared would get."""
        return self._keys[identity]

    def key_for(self, kind: str, name: str) -> str:
        """The key that something new of that name would get."""
        return keys({"": slug(name)}, {*self._taken(kind), *self._keys.values()}, kind)[""]


def top(document: Owner) -> Origin:
    """Where the steps of new entries start."""
    return Origin(document.origin.file, document.origin.document)
