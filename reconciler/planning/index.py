"""The live objects, by everything they may be looked up by: marker, id and name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import TypeVar

from reconciler.model.address import Address
from reconciler.model.kind import Registry
from reconciler.model.manifest import Org
from reconciler.model.state import Live, LiveState
from reconciler.planning.resolve import DesiredState

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Index:
    """What binding looks up. Names regard no case; protected objects carry no marker here.

    `own_roles` are those that our own client works by and would lose once they were ours.
    """

    org: str
    declared: Set[Address]
    pair: tuple[str, str]
    operator_id: str
    own_roles: Set[str]
    marked: Mapping[Address, tuple[Live, ...]]
    by_id: Mapping[str, Live]
    by_name: Mapping[tuple[str, str], tuple[Live, ...]]

    def named(self, kind: str, name: str) -> tuple[Live, ...]:
        """The live objects of that kind and name, in any case."""
        return self.by_name.get((kind, name.casefold()), ())


def index_of(desired: DesiredState, live: LiveState, registry: Registry) -> Index:
    """The index of one reading."""
    org = desired.org.name
    marked: dict[Address, list[Live]] = defaultdict(list)
    by_name: dict[tuple[str, str], list[Live]] = defaultdict(list)
    by_id: dict[str, Live] = {}
    for kind in registry:
        for item in live.of(kind.name):
            by_id[item.id] = item
            by_name[kind.name, item.name.casefold()].append(item)
            if ours(item, org) and item.marker and not item.protected:
                marked[item.marker.address].append(item)
    declared = desired.resources.keys()
    ids = (live.operator_id, lost_once_ours(live, desired.org))
    return Index(org, declared, registry.pair, *ids, _tuples(marked), by_id, _tuples(by_name))


def _tuples(lists: Mapping[K, list[Live]]) -> dict[K, tuple[Live, ...]]:
    return {key: tuple(items) for key, items in lists.items()}


def lost_once_ours(live: LiveState, org: Org) -> frozenset[str]:
    """The roles of our own client that nobody may take over: one that borrows returns what it has of ours."""
    return frozenset(role for role, _ in live.operator_pairs) if org.hand_on == "borrow" else frozenset()


def ours(item: Live, org: str) -> bool:
    """Whether this installation's marker stands on it, for its own kind."""
    return item.marker is not None and item.marker.org == org and item.marker.address.kind == item.kind
