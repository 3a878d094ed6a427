"""What the roles of a matrix allow: each once, in words and in codes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from reconciler.model.access import ORG_WIDE
from reconciler.reports.access_holders import Row
from reconciler.reports.words import clauses


class Allowed(NamedTuple):
    """What a role allows, in words and in codes, and how many permissions its wildcards stand for."""

    words: str
    codes: tuple[str, ...]
    matched: int


class Role(NamedTuple):
    """What is confined to the division of a grant, and what no division confines."""

    name: str
    confined: Allowed
    unconfined: Allowed


class Roles:
    """Collects roles from rows that pass by; `rows` is how many have passed."""

    def __init__(self) -> None:
        self.rows = 0
        self._said: dict[tuple[str, bool], set[str]] = defaultdict(set)
        self._matched: dict[tuple[str, bool], set[str]] = defaultdict(set)

    def heard(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows, listened to."""
        for row in rows:
            self.rows += 1
            known = self._said if row["said"] == row["permission"] else self._matched
            known[row["role"], row["placeId"] == ORG_WIDE].add(row["permission"])
            yield row

    def told(self) -> tuple[Role, ...]:
        """Every role, by name."""
        names = sorted({name for name, _ in (*self._said, *self._matched)})
        return tuple(Role(name, self._allowed(name, False), self._allowed(name, True)) for name in names)

    def _allowed(self, name: str, unconfined: bool) -> Allowed:
        codes = tuple(sorted(self._said.get((name, unconfined), ())))
        matched = self._matched.get((name, unconfined), set()).difference(codes)
        return Allowed(", ".join(clauses(codes)), codes, len(matched))
