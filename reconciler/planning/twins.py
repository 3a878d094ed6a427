"""Twins: several live objects with one marker, where a birth was done again because nobody saw the first.

An object whose nonce still stands and that cannot be used, being inactive or without grants, is our own
half-finished twin: one of the two stays, the other goes. Any other pair is for people to sort out.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import NamedTuple

from reconciler.model.address import Address
from reconciler.model.kind import Collection, Registry
from reconciler.model.state import Live
from reconciler.model.value import Fields


class Sorted(NamedTuple):
    """Of several objects with one marker those that count, and the half-finished ones that go."""

    staying: tuple[Live, ...]
    going: tuple[Live, ...] = ()


def sort_twins(claimed: tuple[Live, ...], pin: str, registry: Registry) -> Sorted:
    """What is finished stays, and so does what the manifest pins; of halves alone the oldest, then by id."""
    if len(claimed) < 2:
        return Sorted(claimed)
    halves = [item for item in claimed if item.id != pin and is_half_finished(item, registry)]
    whole = tuple(item for item in claimed if item not in halves)
    if whole:
        return Sorted(whole, tuple(halves))
    oldest, *younger = sorted(halves, key=_age)
    return Sorted((oldest,), tuple(younger))


def is_half_finished(item: Live, registry: Registry) -> bool:
    """Whether its secret never arrived and nobody can use it."""
    if item.marker is None or not item.marker.nonce:
        return False
    collection = registry[item.kind].collection
    return collection.retired(item.fields, False) == item.fields or is_switched_off(collection, item.fields)


def is_switched_off(collection: Collection, fields: Fields) -> bool:
    """Whether an object of a kind that can be switched off is: its end would only strip it."""
    stripped = collection.retired(fields, False)
    return stripped == collection.retired(fields, True) and stripped is not fields


def is_switched_on(collection: Collection, before: Fields | None, after: Fields | None) -> bool:
    """Whether an object that was switched off no longer is."""
    was_off = before is not None and is_switched_off(collection, before)
    return was_off and after is not None and not is_switched_off(collection, after)


def _age(item: Live) -> tuple[str, str]:
    return str(item.raw.get("dateCreated") or ""), item.id


def alone(twins: Sequence[Live], busy: Set[Address]) -> list[Live]:
    """One twin of each address that nothing else happens to: the next run takes the next."""
    first: dict[Address, Live] = {}
    for item in sorted(twins, key=_age):
        if item.marker is not None and item.marker.address not in busy:
            first.setdefault(item.marker.address, item)
    return list(first.values())
