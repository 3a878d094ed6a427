"""Accepting drift: what the manifests would have to say so that what somebody did by hand is declared.

Found by trying: these are edits that may do it. Whoever makes them reads the result, and keeps it where
exactly this object is then as declared, nothing else differs more than before, and no wall is crossed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from reconciler.model.address import Address
from reconciler.model.drift import Drifted, DriftReport
from reconciler.model.kind import AnyKind, Registry, Said
from reconciler.model.manifest import Entry, Manifests
from reconciler.model.patch import Edit
from reconciler.model.state import LiveState
from reconciler.model.value import Fields, Json, canonical
from reconciler.planning.accepting_pairs import Beyond, Entries, pair_edits
from reconciler.planning.draft import Draft
from reconciler.planning.drafting import drafts
from reconciler.planning.options import PlanOptions
from reconciler.planning.pairs import Context
from reconciler.planning.resolve import DesiredState, declared_in
from reconciler.planning.scope import scope
from reconciler.planning.subjects import bind_subjects
from reconciler.planning.succession import resolve_with


class Proposed(NamedTuple):
    """One object: edits to try, one way after the other, or why there are none."""

    address: Address
    ways: tuple[tuple[Edit, ...], ...] = ()
    reason: str = ""


class Sight(NamedTuple):
    """Manifests held against an organisation: what differs, and the ids of what is declared."""

    drafts: Mapping[Address, Draft]
    ids: Mapping[Address, str]
    desired: DesiredState

    @classmethod
    def of(cls, manifests: Manifests, live: LiveState, options: PlanOptions, registry: Registry) -> Sight:
        """For a reading that shows both views of all access."""
        desired, _ = resolve_with(manifests, live, registry, options.today)
        found = scope(desired, live, registry)
        desired, live = bind_subjects(desired, live, found, registry)
        drawn = {item.change.address: item for item in drafts(desired, found, registry)}
        return cls(drawn, found.ids(), desired)

    @property
    def differences(self) -> Mapping[Address, str]:
        """What would change by address, but for markers."""
        return {
            address: canonical([item.change.action, [list(each) for each in item.change.fields]])
            for address, item in self.drafts.items()
            if item.change.fields or item.live is None or item.after is None
        }


def proposals(
    manifests: Manifests, live: LiveState, options: PlanOptions, registry: Registry, report: DriftReport
) -> tuple[Proposed, ...]:
    """For each object that counts as drift, in the order of the report; `manifests` are expanded."""
    sight = Sight.of(manifests, live, options, registry)
    return tuple(_proposed(item, sight, manifests, options, registry, report) for item in report.objects)


def _proposed(
    item: Drifted,
    sight: Sight,
    manifests: Manifests,
    options: PlanOptions,
    registry: Registry,
    report: DriftReport,
) -> Proposed:
    draft = sight.drafts[item.address]
    if reason := _hindrance(item, draft, sight):
        return Proposed(item.address, reason=reason)
    kind, entry = registry[item.address.kind], _entry(manifests, item.address)
    context = Context.of(item.address.owner, declared_in(manifests, registry), registry, options.today)
    view = kind.collection.second
    entries = Entries(context, view.field if view else "", sight.ids, report.names)
    try:
        edits = [*_edits(draft, kind, entry, entries)]
    except Beyond as beyond:
        return Proposed(item.address, reason=str(beyond))
    places = (entry.origin, *entry.related)
    ways = tuple(tuple(each._replace(at=(place,)) for each in edits) for place in places)
    return Proposed(item.address, ways)


def _hindrance(item: Drifted, draft: Draft, sight: Sight) -> str:
    """Why a change made by hand must not, or cannot, be declared; "" where it may."""
    owner = item.address.owner
    if item.leaks:
        return f"it crosses a tenant's walls ({item.leaks[0].finding.message}): put it right"
    if draft.change.withheld:
        return draft.change.withheld.reason
    if draft.change.origin is None or item.address.part:
        return "no entry of its own declares it"
    if owner in sight.desired.suspended | sight.desired.retired:
        return f"{owner} must have no access: its state is not active"
    return "the manifests changed as well, and nothing tells the two apart" if item.cause == "unknown" else ""


def _entry(manifests: Manifests, address: Address) -> Entry:
    owners = (owner for owner in manifests.owners if owner.name == address.owner)
    entries = (entry for owner in owners for entry in owner.sections.get(address.kind, ()))
    return next(entry for entry in entries if entry.spec.key == address.key)


def _edits(draft: Draft, kind: AnyKind, entry: Entry, entries: Entries) -> Iterator[Edit]:
    live, after = draft.live, draft.after
    assert live is not None and after is not None  # what is not there is no drift
    is_so, should_be = kind.say(live, []), kind.say(replace(live, fields=after), [])
    for change in draft.change.fields:
        if change.path == entries.field:
            held, declared = _pairs(live.fields, entries.field), _pairs(after, entries.field)
            yield from pair_edits(kind.grants(entry.spec), held, declared, entries)
        elif change.path in is_so or change.path in should_be:
            yield from _field_edits(change.path, is_so, should_be)
        else:
            raise Beyond(f"no manifest can say its `{change.path}`")


def _pairs(fields: Fields, field: str) -> frozenset[Any]:
    return frozenset(fields[field])


def _field_edits(name: str, is_so: Said, should_be: Said) -> Iterator[Edit]:
    """A field that says something else, or a list in which some come and some go."""
    new, old = is_so.get(name), should_be.get(name)
    if not isinstance(new or old, list):
        yield Edit("say", (name,), new if new != "" else None)
        return
    yield from (Edit("append", (name,), each) for each in _without(new, old))
    yield from (Edit("swap", (name,), None, each) for each in _without(old, new))


def _without(items: Json, others: Json) -> list[Json]:
    return [each for each in items or () if each not in (others or ())]
