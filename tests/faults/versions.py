"""What every cache may still believe: the versions of grants, roles and states of the last few seconds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Any, Generic, TypeVar

from reconciler.simulator.org import Written
from reconciler.simulator.world import World

V = TypeVar("V", bound=Hashable)
Access = frozenset[tuple[str, str]]
"""(permission, division by its first name)."""
NOTHING: Access = frozenset()


class Past(Generic[V]):
    """The values that one thing has had, each from a moment on."""

    def __init__(self) -> None:
        self._steps: dict[str, list[tuple[float, V]]] = defaultdict(list)

    def note(self, key: str, at: float, value: V) -> None:
        """From `at` on it is `value`."""
        self._steps[key].append((at, value))

    def believed(self, key: str, now: float, lag: float) -> list[V]:
        """Every value that some cache may have at `now`, the present one last."""
        steps = self._steps.get(key, [])
        late = [number for number, (at, _) in enumerate(steps) if at <= now - lag]
        return [value for _, value in steps[late[-1] if late else 0 :]]

    def restart(self, key: str) -> None:
        """Only the present value is believed from here on."""
        self._steps[key] = self._steps[key][-1:]

    def __contains__(self, key: str) -> bool:
        return key in self._steps

    def keys(self) -> Iterable[str]:
        """All that ever had a value."""
        return self._steps.keys()


class Versions:
    """Learns each commit; says who may do what, where, in the eyes of any mix of caches."""

    def __init__(self, world: World, at: float) -> None:
        self.pairs: Past[frozenset[tuple[str, str]]] = Past()
        self.can: Past[frozenset[str]] = Past()
        self.active: Past[bool] = Past()
        self.called: dict[str, set[str]] = defaultdict(set)
        self.places: dict[str, str] = {"*": "*"}
        for table in ("divisions", "deleted_divisions", "roles", "clients", "groups", "users", "grants"):
            for key, row in world.table(table).rows.items():
                self._learn(table, key, row, at)

    def learn(self, written: Iterable[Written], at: float) -> None:
        """Take in the rows of one commit."""
        for each in written:
            self._learn(each.table, each.key, each.after, at)

    def _learn(self, table: str, key: str, row: Mapping[str, Any] | None, at: float) -> None:
        if table == "grants":
            self.pairs.note(key, at, frozenset(row["pairs"] if row else ()))
        elif table == "roles":
            self.can.note(key, at, frozenset(permissions(row) if row else ()))
        elif table == "clients":
            self.active.note(key, at, row is not None and row["state"] == "active")
        elif table in ("groups", "users") and row:
            self.active.note(key, at, True)
        if row and "name" in row:
            self.places.setdefault(key, row["name"])
            self.called[key].add(row["name"])

    def subjects(self) -> Iterable[str]:
        """Everybody who ever held anything."""
        return self.pairs.keys()

    def access(self, subject: str, now: float, lag: float) -> Access:
        """What any mix of caches `lag` seconds late lets a subject do; with no lag, what it may do."""
        if not any(self.active.believed(subject, now, lag)):
            return NOTHING
        pairs = frozenset[tuple[str, str]]().union(*self.pairs.believed(subject, now, lag))
        return frozenset(
            (permission, self.places.get(where, where))
            for role, where in pairs
            for permission in frozenset[str]().union(*self.can.believed(role, now, lag))
        )


def permissions(role: Mapping[str, Any]) -> Iterator[str]:
    """The permissions of a role as `domain:entity:action`."""
    for policy in role.get("permissionPolicies") or ():
        for action in policy["actionSet"]:
            yield f"{policy['domain']}:{policy['entityName']}:{action}"
