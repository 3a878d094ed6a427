"""Stock: who and what lies where, as it was seen; for rules about an organisation as it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Item(NamedTuple):
    """An object that lies in a division.

    `sort` is what people call such objects; `wall` the division's id, `*` for every one, "" where the
    organisation does not say; `above` the id of what it is a part of, "" for nothing.
    """

    id: str
    name: str
    sort: str
    wall: str
    above: str = ""


class Person(NamedTuple):
    """Somebody, with the division that shows them and what the directory says of their work."""

    id: str
    name: str
    wall: str
    department: str = ""
    title: str = ""
    active: bool = True


class Gathering(NamedTuple):
    """A group as the directory lists it: whether some lists leave it out, and whether roles work for it."""

    id: str
    name: str
    hidden: bool = False
    roleless: bool = False


@dataclass(frozen=True, slots=True)
class Stock:
    """Everybody, and where anybody looked, everything.

    `looked` says that objects were looked at; `unseen` says in words what could not be. `members` are the
    people inside an object, by its id; `deleted` the divisions that are gone and may come back; `used` how
    often each program that was asked about called anything in the last `UNUSED_DAYS` days.
    """

    people: tuple[Person, ...] = ()
    looked: bool = False
    items: tuple[Item, ...] = ()
    members: Mapping[str, frozenset[str]] = field(default_factory=dict)
    groups: tuple[Gathering, ...] = ()
    deleted: tuple[Item, ...] = ()
    used: Mapping[str, int] = field(default_factory=dict)
    unseen: tuple[str, ...] = ()

    def of(self, *sorts: str) -> Iterator[Item]:
        """The objects of these sorts, by name."""
        return (item for item in by_name(self.items) if item.sort in sorts)

    def numbers(self) -> dict[str, int]:
        """How many objects of each sort were listed, by sort."""
        return dict(sorted(Counter(item.sort for item in self.items).items()))


UNUSED_DAYS = 90
"""A program that called nothing for so long is not used."""


def by_name(items: Iterable[Item]) -> list[Item]:
    """Objects by name, then by id."""
    return sorted(items, key=lambda item: (item.name, item.id))
