"""Reading subjects that cannot be listed: those that manifests mean, and those that hold a role.

Requests: for each look-up one search (or one read, where an id pins it) and one read of what the
subject holds; the pages of each role's view.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from reconciler.engine.lookup import find, pairs_of
from reconciler.engine.tasks import tasks
from reconciler.errors import Refused
from reconciler.model.kind import SUBJECT_FIELD, AnyKind, Holding, Registry, SecondView, Subjects
from reconciler.model.state import Live, LiveState, Reading
from reconciler.model.value import Json, Value
from reconciler.planning.questions import Lookup, Questions
from reconciler.ports import Listing, OrgApi

_FORBIDDEN = 403


Views = Mapping[str, Listing]
"""Who holds a role, by its id, as the organisation says it."""


async def with_subjects(
    api: OrgApi,
    registry: Registry,
    live: LiveState,
    asked: Mapping[str, Questions],
    seen: Views | None = None,
) -> LiveState:
    """`live` with the subjects asked for. `seen` are views that were read already.

    Who may not be looked up is hidden, as a subject may be; a role's view that may not be read is a
    gap: those whom it would have shown are there all the same.
    """
    read = {name: await _Desk.of(api, registry[name]).read(asked[name], seen or {}) for name in asked}
    return replace(live, readings={**live.readings, **read}) if read else live


async def views(api: OrgApi, subjects: Subjects, roles: Iterable[str]) -> Views:
    """Who holds each of these roles; one that may not be read is a gap."""
    async with tasks() as group:
        read = {role: group.create_task(_holders(api, subjects, role)) for role in roles}
    return {role: task.result() for role, task in read.items()}


async def _holders(api: OrgApi, subjects: Subjects, role: str) -> Listing:
    try:
        return await api.list_all(subjects.holders.format(id=role), paged=True)
    except Refused as refusal:
        if refusal.status != _FORBIDDEN:
            raise
        return Listing((), f"who holds role {role} may not be read: {refusal.message}")


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where one kind's questions are asked."""

    api: OrgApi
    kind: AnyKind
    subjects: Subjects
    view: SecondView

    @classmethod
    def of(cls, api: OrgApi, kind: AnyKind) -> _Desk:
        subjects, view = kind.collection.subjects, kind.collection.second
        assert subjects and view  # nobody is asked about what is listed
        return cls(api, kind, subjects, view)

    async def read(self, asked: Questions, seen: Views) -> Reading:
        async with tasks() as group:
            met = [group.create_task(self._meet(lookup)) for lookup in asked.lookups]
            rest = group.create_task(
                views(self.api, self.subjects, (r for r in asked.roles if r not in seen))
            )
        found = {item.id: item for task in met for item in task.result().objects}
        held = {role: seen.get(role) or rest.result()[role] for role in asked.roles}
        for role, view in held.items():
            for row in map(self.subjects.holding, view.entities):
                if row.sort:
                    found[row.id] = self._holding(found.get(row.id), row, role)
        gaps = dict.fromkeys([*(each.result().gap for each in met), *(each.gap for each in held.values())])
        return Reading(tuple(found.values()), "; ".join(gap for gap in gaps if gap))

    async def _meet(self, lookup: Lookup) -> Reading:
        """Everybody whom a look-up means; what one holds is read where it is one alone."""
        title = self.subjects.searches[lookup.sort].title
        listing = await self._found(lookup)
        meant = [raw for raw in listing.entities if lookup.means(raw["id"], title(raw))]
        pairs = await pairs_of(self.api, self.view, meant[0]["id"]) if len(meant) == 1 else {}
        lives = tuple(self._live(raw["id"], title(raw), lookup.sort, pairs, raw) for raw in meant)
        return Reading(lives, listing.gap)

    async def _found(self, lookup: Lookup) -> Listing:
        search = self.subjects.searches[lookup.sort]
        try:
            if not lookup.pin:
                return await self.api.search(search.path, search.field, lookup.name)
            raw = await find(self.api, search.one.format(id=lookup.pin))
        except Refused as refusal:
            if refusal.status != _FORBIDDEN:
                raise
            return Listing(())  # hidden from us, as a subject may be
        return Listing((raw,) if raw is not None else ())

    def _live(
        self, identity: str, name: str, sort: str, pairs: Mapping[Value, str], raw: Mapping[str, Json]
    ) -> Live:
        told = self.kind.read({"name": name, SUBJECT_FIELD: sort})
        fields = {**told, self.view.field: frozenset(pairs)}
        return Live(self.kind.name, identity, name, fields, raw, granted=pairs)

    def _holding(self, known: Live | None, row: Holding, role: str) -> Live:
        """A subject that a role's view shows, with its pairs of that role."""
        live = known or self._live(row.id, row.name, row.sort, {}, {})
        pairs = live.fields[self.view.field] | {(role, division) for division in row.divisions}
        return replace(live, fields={**live.fields, self.view.field: pairs})
