"""Outlook: what the manifests will ask of the organisation, for whoever checks beforehand.

Whoever puts a pair on somebody must hold it (§8 of the fact sheet on the API); a pair in `*` covers
every division.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from reconciler.model.access import EVERYWHERE, Holds
from reconciler.model.address import Address
from reconciler.model.kind import Registry
from reconciler.model.manifest import Manifests
from reconciler.model.state import LiveState
from reconciler.model.value import resolved
from reconciler.planning.handing import covered
from reconciler.planning.questions import lookup_of
from reconciler.planning.resolve import DesiredState
from reconciler.planning.rights import SEARCHING
from reconciler.planning.scope import scope
from reconciler.planning.succession import resolve_with


class Outlook(NamedTuple):
    """What is to come.

    `pairs` (role, division) will be handed on, `names` is what people call their parts; `new` counts
    objects to be created by kind; `searched` are the entries whose subjects only `SEARCHING` finds.
    """

    pairs: frozenset[tuple[str, str]]
    names: Mapping[str, str]
    new: Mapping[str, int]
    searched: tuple[str, ...]

    def beyond(self, own: frozenset[tuple[str, str]]) -> tuple[str, ...]:
        """The pairs that are not among `own`: `Role in DIVISION`, sorted."""
        lacking = (pair for pair in self.pairs if not covered(pair, own))
        return tuple(
            sorted(
                f"{self.names.get(role, role)} in {self.names.get(where, where)}" for role, where in lacking
            )
        )


def outlook(manifests: Manifests, live: LiveState, registry: Registry, today: date) -> Outlook:
    """The outlook for valid manifests and what could be read of the organisation."""
    desired, _ = resolve_with(manifests, live, registry, today)
    found = scope(desired, live, registry)
    ids = found.ids()
    known = ids.keys() | found.withheld.keys()
    return Outlook(
        pairs=_pairs(desired, registry, ids),
        names=_names(desired, live, registry),
        new=Counter(address.kind for address in desired.resources if address not in known),
        searched=tuple(sorted(map(str, _searched(desired, registry)))),
    )


def _pairs(
    desired: DesiredState, registry: Registry, ids: Mapping[Address, str]
) -> frozenset[tuple[str, str]]:
    return frozenset(
        (fact.role, fact.division)
        for resource in desired.resources.values()
        for fact in registry[resource.address.kind].facts(
            str(resource.address), {name: resolved(value, ids) for name, value in resource.fields.items()}
        )
        if isinstance(fact, Holds)
    )


def _names(desired: DesiredState, live: LiveState, registry: Registry) -> dict[str, str]:
    """What people call an id, or a thing that is not there yet."""
    names = {f"{{{address}}}": item.name or item.existing for address, item in desired.resources.items()}
    names |= {item.id: item.name for kind in registry for item in live.of(kind.name)}
    return names | {EVERYWHERE: "every division"}


def _searched(desired: DesiredState, registry: Registry) -> Iterator[Address]:
    for address, resource in desired.resources.items():
        subjects = registry[address.kind].collection.subjects
        if subjects and not resource.pin:
            search = subjects.searches.get(lookup_of(resource).sort)
            if search and search.path == SEARCHING.path:
                yield address
