"""The access matrix: subject → grants → permissions, closed over the catalogue.

Sound rather than clever: a permission that the catalogue does not know, or does not call division
aware, reaches the whole organisation; conditions never narrow anything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from reconciler.model.access import EVERYWHERE, ORG_WIDE, Access, ActsFor, Allows, Delta, Fact, Holds

Catalogue = Mapping[str, bool]
"""Permission → whether a division confines it."""


@dataclass(frozen=True, slots=True)
class AccessState:
    """Who holds what, what roles allow, and who acts with the access of its users, at one moment."""

    holds: Mapping[str, frozenset[tuple[str, str]]]
    allows: Mapping[str, frozenset[str]]
    acts_for_users: frozenset[str] = frozenset()

    @classmethod
    def of(cls, facts: Iterable[Fact]) -> AccessState:
        """Gather facts: pairs by subject, permissions by role."""
        holds: dict[str, set[tuple[str, str]]] = defaultdict(set)
        allows: dict[str, set[str]] = defaultdict(set)
        acting: set[str] = set()
        for fact in facts:
            if isinstance(fact, Holds):
                holds[fact.subject].add((fact.role, fact.division))
            elif isinstance(fact, Allows):
                allows[fact.role].add(fact.permission)
            elif isinstance(fact, ActsFor):
                acting.add(fact.subject)
        return cls(
            {subject: frozenset(pairs) for subject, pairs in holds.items()},
            {role: frozenset(permissions) for role, permissions in allows.items()},
            frozenset(acting),
        )

    def changed(self, gone: Iterable[Fact], come: Iterable[Fact]) -> AccessState:
        """The state without some facts and with others; what is in both stays."""
        lost, new = AccessState.of(gone), AccessState.of(come)
        return AccessState(
            _changed(self.holds, lost.holds, new.holds),
            _changed(self.allows, lost.allows, new.allows),
            (self.acts_for_users - lost.acts_for_users) | new.acts_for_users,
        )

    def reach(self, subject: str, catalogue: Catalogue) -> dict[tuple[str, str], str]:
        """What `subject` can use: (permission, division) → the role it comes through, the least one."""
        cells: dict[tuple[str, str], str] = {}
        for role, division in sorted(self.holds.get(subject, ()), reverse=True):
            for permission in self.allows.get(role, ()):
                confined = catalogue.get(permission, False)
                cells[permission, division if confined else ORG_WIDE] = role
        return cells


_T = TypeVar("_T")
_Sets = Mapping[str, frozenset[_T]]


def _changed(now: _Sets[_T], gone: _Sets[_T], come: _Sets[_T]) -> _Sets[_T]:
    nothing: frozenset[_T] = frozenset()
    return {
        key: (now.get(key, nothing) - gone.get(key, nothing)) | come.get(key, nothing)
        for key in now.keys() | come.keys()
    }


def delta(before: AccessState, after: AccessState, catalogue: Catalogue) -> Delta:
    """The access that comes and the access that goes. Subjects that nothing changes for cost nothing."""
    gains: list[Access] = []
    losses: list[Access] = []
    for subject in _affected(before, after):
        old, new = before.reach(subject, catalogue), after.reach(subject, catalogue)
        gains += _missing(subject, new, old)
        losses += _missing(subject, old, new)
    return Delta(tuple(sorted(gains)), tuple(sorted(losses)))


def _affected(before: AccessState, after: AccessState) -> list[str]:
    changed = {
        role
        for role in before.allows.keys() | after.allows.keys()
        if before.allows.get(role) != after.allows.get(role)
    }
    subjects = before.holds.keys() | after.holds.keys()
    return [
        subject
        for subject in subjects
        if before.holds.get(subject) != after.holds.get(subject)
        or any(role in changed for role, _ in after.holds.get(subject, ()))
    ]


def _missing(
    subject: str, cells: Mapping[tuple[str, str], str], other: Mapping[tuple[str, str], str]
) -> list[Access]:
    """Cells that `other` does not cover; `*` covers every division."""
    return [
        Access(subject, permission, division, role)
        for (permission, division), role in cells.items()
        if (permission, division) not in other and (permission, EVERYWHERE) not in other
    ]
