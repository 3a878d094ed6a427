"""What administrators changed and nobody has undone, and how often runs put the same thing right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from reconciler.model.plan import Change, Plan
from reconciler.planning.contested import DAY_HOURS
from tests.faults.versions import permissions

if TYPE_CHECKING:
    from tests.faults.watch import Moment

DAY = (DAY_HOURS - 1) * 3600.0
"""Seconds that surely lie within a day, whether it counts from the start of a run or from its end."""


class Told(NamedTuple):
    """The plan that a run shows: its changes by id, and when it began to read for it.

    `remembers`: it is told what earlier runs put right.
    """

    changes: dict[str, Change]
    since: float
    remembers: bool

    def is_drift(self, key: str) -> bool:
        """Whether it undoes what a hand did to that object, and carries out no change of the manifests."""
        return key in self.changes and self.changes[key].cause == "drift"

    @classmethod
    def of(cls, plan: Plan, since: float, *, remembers: bool) -> Told:
        """By what `plan` says."""
        return cls({change.id: change for change in plan.changes}, since, remembers)


class Edit(NamedTuple):
    """What a hand made of one field, and when."""

    value: Hashable
    at: float


Standing = dict[tuple[str, str], Edit]
"""Edits that nobody has undone, by object and field."""


class Overwritten(NamedTuple):
    """An edit that a commit of ours undoes."""

    key: str
    name: str
    edit: Edit

    def __str__(self) -> str:
        name, (value, at) = f"{self.name} of {self.key}", self.edit
        return f"{name}, by hand {value!r} since {at:.1f} s, was written over"


@dataclass
class Edits:
    """`put_right` says when runs undid one, by object."""

    standing: Standing = field(default_factory=dict)
    put_right: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    _undone: set[str] = field(default_factory=set)

    def by_hand(self, moment: Moment) -> None:
        """Learn what a hand changed of what was there."""
        for each in moment.written:
            before = fields_of(each.table, each.before)
            for name, value in fields_of(each.table, each.after).items() if before else ():
                if before[name] != value:
                    self.standing[each.key, name] = Edit(value, moment.at)

    def overwritten(self, moment: Moment) -> Iterator[Overwritten]:
        """The edits that this commit of ours undoes."""
        for each in moment.written if self.standing and moment.request else ():
            now = fields_of(each.table, each.after)
            for name, value in fields_of(each.table, each.before).items():
                edit = self.standing.get((each.key, name))
                if edit is not None and value == edit.value != now.get(name):
                    yield Overwritten(each.key, name, edit)

    def forget(self, moment: Moment) -> None:
        """What is undone stands no more; it is put right by a plan that finds nobody else's change."""
        told = moment.place.told[-1:]
        for each in [*self.overwritten(moment)]:
            del self.standing[each.key, each.name]
            self._undone.update(each.key for plan in told if plan.is_drift(each.key))

    def ended(self, at: float, *, whole: bool) -> None:
        """A run is over; of one that did not do all of its plan, nobody knows what is on record."""
        for key in self._undone if whole else ():
            self.put_right[key].append(at)
        self._undone.clear()


def fields_of(table: str, row: Mapping[str, Any] | None) -> dict[str, Hashable]:
    """What plans tell of a row, by the names of their fields."""
    if row is None:
        return {}
    if table == "grants":
        return {"grants": frozenset(row["pairs"])}
    if table == "clients":
        return {"name": row["name"], "state": row["state"]}
    if table == "roles":
        return {"name": row["name"], "permissions": frozenset(permissions(row))}
    return {"name": row["name"]} if table == "divisions" else {}
