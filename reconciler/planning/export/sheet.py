"""The sheet: what goes in and under which address, what stays out, as it is decided kind by kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from reconciler.model.address import Address
from reconciler.model.kind import AnyKind
from reconciler.model.state import Live
from reconciler.planning.export.grouping import Grouping
from reconciler.planning.export.names import keys, without_beginning
from reconciler.planning.export.placing import Place
from reconciler.planning.export.values import Item, LeftOut, Obstacle


class Chosen(NamedTuple):
    """An object that goes in: where, and the specification that means it, still without its key."""

    item: Live
    place: Place
    spec: Any


@dataclass(slots=True)
class Sheet:
    """What has been decided so far: by kind what goes in and under which address, and what stays out."""

    chosen: dict[str, dict[str, Chosen]] = field(default_factory=dict)
    addresses: dict[str, Address] = field(default_factory=dict)
    left: list[LeftOut] = field(default_factory=list)

    def leave(self, item: Live, owner: str, kind: AnyKind, why: Obstacle, *, referred: bool = False) -> None:
        """Note that `item` stays out."""
        self.left.append(LeftOut(item, owner, kind.section, why, referred))

    def take(self, kind: AnyKind, chosen: Iterable[Chosen], grouping: Grouping) -> None:
        """Give these objects of one kind their keys, within each owner; those of ours keep theirs."""
        found = {each.item.id: each for each in chosen}
        self.chosen[kind.name] = found
        by_owner: dict[str, list[Chosen]] = defaultdict(list)
        for each in found.values():
            by_owner[each.place.owner].append(each)
        for owner, members in by_owner.items():
            kept = {each.item.id: key for each in members if (key := _kept_key(each))}
            new = {
                each.item.id: _wanted(each.item, owner, grouping)
                for each in members
                if each.item.id not in kept
            }
            for identity, key in (kept | keys(new, kept.values(), kind.name)).items():
                self.addresses[identity] = Address(owner, kind.name, key)

    def items(self, kind: str) -> Iterator[tuple[Address, Item]]:
        """What goes in of a kind, by address."""
        for identity, each in self.chosen.get(kind, {}).items():
            address = self.addresses[identity]
            spec = each.spec.model_copy(update={"key": address.key})
            yield address, Item(each.item, spec, each.place.why)


def _kept_key(each: Chosen) -> str:
    """The key that its marker says; "" for what is not ours."""
    if each.item.marker is None or vars(each.spec).get("existing"):
        return ""
    return each.item.marker.address.key


def _wanted(item: Live, owner: str, grouping: Grouping) -> str:
    return without_beginning(item.name, grouping.beginnings.get(owner, ()))
