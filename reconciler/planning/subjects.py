"""Subjects that are not ours, cut into slices: of what each holds, the pairs that an entry answers for.

Ours are pairs whose role carries our marker, and pairs of a role we refer to in a division that
carries our marker. Every such pair belongs to one address: the entry that declares it; where none
does, an entry of the tenant whose division (or else whose role) it is, or an address of that tenant
made of the subject's id, which nobody declares: an orphan. All else a subject holds is left alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from reconciler.model.address import Address
from reconciler.model.kind import SUBJECT_FIELD, AnyKind, Registry
from reconciler.model.marker import Marker
from reconciler.model.plan import Withheld
from reconciler.model.state import Live, LiveState, Reading, Resource
from reconciler.model.value import Value, resolved
from reconciler.planning.binding import Scope
from reconciler.planning.index import ours
from reconciler.planning.questions import Lookup, lookup_of
from reconciler.planning.resolve import DesiredState
from reconciler.planning.rights import SEARCHING

Pair = tuple[Value, Value]

NOT_OURS = "what it holds besides is not ours"
"""Why the rest of a subject is never touched."""


def bind_subjects(
    desired: DesiredState, live: LiveState, found: Scope, registry: Registry
) -> tuple[DesiredState, LiveState]:
    """Give every entry its slice, in `found`, and what is left over to nobody or to orphans.

    Answers the desired state in which every pair is declared once, and the live state in which the
    subjects are their slices.
    """
    for kind in registry:
        if kind.collection.subjects is not None:
            desired, live = _bind(kind, desired, live, found, registry)
    return desired, live


def _bind(
    kind: AnyKind, desired: DesiredState, live: LiveState, found: Scope, registry: Registry
) -> tuple[DesiredState, LiveState]:
    entries = sorted(
        (item for item in desired.resources.values() if item.address.kind == kind.name),
        key=lambda item: item.address,
    )
    reading = live.readings.get(kind.name, Reading())
    if not entries and not reading.objects:
        return desired, live
    named = _named(kind, entries, reading.objects, found)
    doubted = _doubted(kind, entries, named, found.ids())
    title = _Title.of(live, desired, found, registry)
    once = _each_once(kind, named, found.ids())
    slices: list[Live] = []
    for item in reading.objects:
        own = [once[entry.address] for entry in named.get(item.id, ())]
        alone = frozenset[Pair]() if own else doubted.get(item.fields[SUBJECT_FIELD], frozenset())
        slices += _slices(kind, item, own, alone, title, found)
    return (
        replace(desired, resources={**desired.resources, **once}),
        replace(live, readings={**live.readings, kind.name: Reading(tuple(slices), reading.gap)}),
    )


def _named(
    kind: AnyKind, entries: Iterable[Resource], subjects: tuple[Live, ...], found: Scope
) -> dict[str, list[Resource]]:
    """The entries by the id of the subject they mean; who means nobody, or two, is held back."""
    candidates: dict[Lookup, list[Live]] = defaultdict(list)
    for item in subjects:
        if not item.raw:
            continue  # seen as a holder only, not looked up
        sort = item.fields[SUBJECT_FIELD]
        candidates[Lookup(sort, item.name, "")].append(item)
        candidates[Lookup(sort, "", item.id)].append(item)
    named: dict[str, list[Resource]] = defaultdict(list)
    for entry in entries:
        sort, name, pin = lookup_of(entry)
        matches = candidates.get(Lookup(sort, "" if pin else name, pin), [])
        if len(matches) == 1:
            named[matches[0].id].append(entry)
        else:
            found.withheld[entry.address] = (
                _several(sort, entry, matches) if matches else _unseen(kind, entry)
            )
    return named


def _several(sort: str, entry: Resource, matches: list[Live]) -> Withheld:
    ids = ", ".join(sorted(item.id for item in matches))
    reason = f"{len(matches)} {sort}s are called `{entry.name}`: {ids}"
    return Withheld("subject", reason, "say which one is meant: `id: <id>` on the entry")


def _unseen(kind: AnyKind, entry: Resource) -> Withheld:
    sort, name, pin = lookup_of(entry)
    called = f"has the id {pin}" if pin else f"is called exactly `{name}`"
    release = f"correct the {'id' if pin else 'name'}, or let our client see it"
    subjects = kind.collection.subjects
    if subjects and subjects.searches[sort].path == SEARCHING.path and not pin:
        release += f" (to {SEARCHING.why} takes {SEARCHING.permissions[0]}, by `id` takes nothing)"
    return Withheld("subject", f"no {sort} {called}, or it is hidden from our client", release)


def _doubted(
    kind: AnyKind,
    entries: list[Resource],
    named: Mapping[str, list[Resource]],
    ids: Mapping[Address, str],
) -> dict[str, frozenset[Pair]]:
    """By sort, the pairs of entries that mean nobody we can tell: whoever holds them may be meant."""
    met = {entry.address for several in named.values() for entry in several}
    found: dict[str, frozenset[Pair]] = defaultdict(frozenset)
    for entry in entries:
        if entry.address not in met:
            found[entry.fields[SUBJECT_FIELD]] |= resolved(entry.fields[pairs_of(kind)], ids)
    return found


def _each_once(
    kind: AnyKind, named: Mapping[str, list[Resource]], ids: Mapping[Address, str]
) -> dict[Address, Resource]:
    """The entries; of a pair that two of one subject declare, the first by address keeps it."""
    field, result = pairs_of(kind), {}
    for entries in named.values():
        taken: set[Value] = set()
        for entry in entries:
            own = frozenset(pair for pair in resolved(entry.fields[field], ids) if pair not in taken)
            taken |= own
            result[entry.address] = replace(entry, fields={**entry.fields, field: own})
    return result


def pairs_of(kind: AnyKind) -> str:
    """The field that holds a subject's pairs."""
    assert kind.collection.second is not None  # how else would anybody see what a subject holds
    return kind.collection.second.field


class _Title(NamedTuple):
    """Whose a pair is: the owners of our roles and walls, and the roles that we only refer to."""

    org: str
    owners: Mapping[str, str]
    walls: frozenset[str]
    referred: frozenset[str]

    @classmethod
    def of(cls, live: LiveState, desired: DesiredState, found: Scope, registry: Registry) -> _Title:
        role, wall = registry.pair
        org = desired.org.name
        marked = [
            item for name in (role, wall) for item in live.of(name) if ours(item, org) and not item.protected
        ]
        owners = {item.id: item.marker.address.owner for item in marked if item.marker}
        walls = frozenset(item.id for item in marked if item.kind == wall)
        referred = (identity for address, identity in found.references.items() if address.kind == role)
        return cls(org, owners, walls, frozenset(referred))

    def owner(self, pair: Pair) -> str:
        """The owner of its wall, else of its role; "" where the pair is not ours."""
        role, wall = pair
        if role in self.owners:
            return self.owners[wall] if wall in self.walls else self.owners[role]
        return self.owners[wall] if role in self.referred and wall in self.walls else ""


def _slices(
    kind: AnyKind,
    item: Live,
    entries: list[Resource],
    alone: frozenset[Pair],
    title: _Title,
    found: Scope,
) -> list[Live]:
    """The slices of one subject, bound or orphaned, and what is left of it. `alone` is in doubt."""
    field = pairs_of(kind)
    left: frozenset[Pair] = item.fields[field]
    shares: dict[Address, set[Pair]] = {entry.address: set() for entry in entries}
    for entry in entries:
        shares[entry.address] |= left & entry.fields[field]
    declared = frozenset[Pair]().union(*shares.values())
    for pair in left - declared - alone:
        if owner := title.owner(pair):
            shares.setdefault(_surplus(kind, item, owner, entries), set()).add(pair)
    slices = []
    for address, pairs in sorted(shares.items()):
        own = next((entry for entry in entries if entry.address == address), None)
        piece = _slice(item, field, frozenset(pairs), address, title.org, own)
        slices.append(piece)
        if own is None:
            found.orphans.append(piece)
        else:
            found.bound[address] = piece
    rest = left - frozenset[Pair]().union(*shares.values())
    return [*slices, replace(item, fields={**item.fields, field: rest}, protected=NOT_OURS)]


def _surplus(kind: AnyKind, item: Live, owner: str, entries: list[Resource]) -> Address:
    """Where a pair belongs that is ours and that nobody declares."""
    own = (entry.address for entry in entries if entry.address.owner == owner)
    return next(own, Address(owner, kind.name, item.id))


def _slice(
    item: Live, field: str, pairs: frozenset[Pair], address: Address, org: str, entry: Resource | None
) -> Live:
    """Part of a subject, as if it carried a marker that says whose it is and nothing of what was written."""
    told = entry.fields if entry else item.fields
    granted = {pair: item.granted.get(pair, "") for pair in pairs}
    return replace(
        item,
        fields={**told, field: pairs},
        marker=Marker(org, address, ""),
        elsewhere=pairs,
        granted=granted,
    )
