"""What one drifted object means: what it gives and takes now, how bad that is, and who did it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from reconciler.isolation.boundaries import Boundaries
from reconciler.isolation.judge import crossings
from reconciler.isolation.matrix import delta
from reconciler.isolation.sources import Sources
from reconciler.model.access import Access, Delta
from reconciler.model.drift import Drifted, Granted, Leak
from reconciler.model.finding import Severity
from reconciler.model.kind import Registry
from reconciler.model.rule import Rule
from reconciler.model.state import Live
from reconciler.model.value import Fields
from reconciler.planning.binding import Scope
from reconciler.planning.diff import stale_marker
from reconciler.planning.draft import Draft
from reconciler.planning.guard import Situation
from reconciler.planning.guard_access import boundaries
from reconciler.planning.narrow import narrowed
from reconciler.planning.project import before_and_after, facts_after, facts_before

CHANGED = Rule(
    "drift/changed",
    "Somebody changed by hand what we last wrote: what was reviewed is no longer what is so.",
    "Put it right with `apply --deep`, or declare the change as it is to stay.",
)
TEXTS = frozenset({"name", "description"})
"""Fields that say something and do nothing."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that one drifted object is judged against.

    `access` is that of all drifted objects together, `gained` and `lost` are its cells.
    """

    situation: Situation
    bounds: Boundaries
    access: Delta
    now: Sources
    declared: Sources
    gained: frozenset[tuple[str, ...]]
    lost: frozenset[tuple[str, ...]]

    @classmethod
    def of(cls, moved: Iterable[Draft], situation: Situation, found: Scope) -> Scene:
        """Judged as if nothing held these drafts back: they tell what is declared, not what will run."""
        free = [replace(item, change=replace(item.change, withheld=None)) for item in moved]
        live, registry = situation.live, situation.registry
        now, declared = before_and_after(live, free, registry)
        catalogue = live.catalogue or {}
        access = delta(declared, now, catalogue)
        return cls(
            situation,
            boundaries(situation, found),
            access,
            Sources(now, catalogue),
            Sources(declared, catalogue),
            frozenset(item[:3] for item in access.gains),
            frozenset(item[:3] for item in access.losses),
        )

    def drifted(self, draft: Draft) -> Drifted:
        """One object with who, when, and what it gives and takes."""
        live = draft.live
        assert live is not None  # what is not there is pending
        access = self._access(draft)
        leaks = tuple(
            Leak(item, finding) for item in access.gains for finding in crossings((item,), self.bounds)
        )
        who, when = self._last_hand(live)
        change, less = draft.change, narrowed([draft], self.situation.registry)
        return Drifted(
            address=change.address,
            name=live.name,
            id=live.id,
            cause="unknown" if change.cause == "unknown" else "drift",
            severity=self._severity(draft, leaks),
            fields=change.fields,
            modified_by=who,
            modified_at=when,
            granted=tuple(_granted(live, draft.after or {}, self.situation.registry)),
            access=access,
            leaks=leaks,
            lost_roles=_lost_roles(live, draft.after or {}, self.situation.registry),
            narrows=draft.runs and bool(less),
            by_hand=all(_by_hand(each, self.situation.registry) for each in less),
            remains=less != [draft],
        )

    def _access(self, draft: Draft) -> Delta:
        registry = self.situation.registry
        is_so, should_be = facts_before(draft, registry), facts_after(draft, registry)
        return Delta(
            _among(self.now.access(is_so - should_be), self.gained),
            _among(self.declared.access(should_be - is_so), self.lost),
        )

    def _severity(self, draft: Draft, leaks: tuple[Leak, ...]) -> Severity:
        """Foreign access, then more than declared, then anything that has an effect, then words."""
        registry = self.situation.registry
        if leaks:
            return Severity.CRITICAL
        if facts_before(draft, registry) - facts_after(draft, registry):
            return Severity.HIGH
        effective = any(change.path not in TEXTS for change in draft.change.fields)
        return Severity.MEDIUM if effective else Severity.LOW

    def _last_hand(self, live: Live) -> tuple[str, str]:
        """Who wrote the object last and when; nothing where it does not say, or where we did.

        What our own client wrote last was changed since, in a place that does not tell.
        """
        by = live.raw.get("modifiedBy")
        if not isinstance(by, Mapping) or by.get("id") in (None, "", self.situation.live.operator_id):
            return "", ""
        who = by.get("name") or self.bounds.name(str(by["id"]))
        return str(who), str(live.raw.get("dateModified") or "")


def is_drift(draft: Draft, registry: Registry) -> bool:
    """Whether somebody changed what we last wrote, as far as the object tells."""
    live, after = draft.live, draft.after
    if live is None or after is None or live.fields == after:
        return False
    if draft.change.cause == "drift" or _surplus(live, after, registry):
        return True
    stale = live.marker is not None and stale_marker(live.fields, live.marker)
    return draft.change.cause == "unknown" and stale


def _surplus(live: Live, after: Fields, registry: Registry) -> bool:
    """Whether the second view alone shows a pair that is not declared: we never grant there."""
    view = registry[live.kind].collection.second
    return view is not None and not live.elsewhere <= after[view.field]


def _by_hand(less: Draft, registry: Registry) -> bool:
    """Whether all that a narrowed draft takes was surely given by hand, and not by other manifests.

    Its marker says so, or the second view alone shows it. A subject has no marker, and one view.
    """
    live, after, collection = less.live, less.after or {}, registry[less.change.address.kind].collection
    if less.change.cause == "drift":
        return True
    if live is None or less.change.cause == "manifest" or collection.subjects or collection.second is None:
        return False
    field = collection.second.field
    others = {change.path for change in less.change.fields} - {field}
    return not others and live.fields[field] - after[field] <= live.elsewhere


def _among(access: Iterable[Access], cells: frozenset[tuple[str, ...]]) -> tuple[Access, ...]:
    return tuple(sorted({item for item in access if item[:3] in cells}))


def _granted(live: Live, after: Fields, registry: Registry) -> Iterator[Granted]:
    """The pairs that nobody declared, each with its time where the second view tells."""
    view = registry[live.kind].collection.second
    if view is not None:
        for role, division in sorted(live.fields[view.field] - after[view.field]):
            yield Granted(role, division, live.granted.get((role, division), ""))


def _lost_roles(live: Live, after: Fields, registry: Registry) -> tuple[str, ...]:
    """The roles of the pairs that are declared and not there."""
    view = registry[live.kind].collection.second
    return tuple(sorted({role for role, _ in after[view.field] - live.fields[view.field]})) if view else ()
