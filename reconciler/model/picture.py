"""The picture of a proof: who reaches what behind each tenant's walls, cell by cell, with the grants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from reconciler.model.proof import Standing

ORDER = (Standing.OPERATOR, Standing.FOREIGN, Standing.UNOWNED, Standing.EXCEPTED, Standing.DECLARED,
         Standing.ORGANISATION, Standing.OWN_PEOPLE, Standing.STAFF)  # fmt: skip
"""In which order those who reach a tenant are shown: the operator always, then the gravest."""


class Level(IntEnum):
    """How much somebody can do; the words that people are shown are the names in lower case."""

    NONE = 0
    READ = 1
    WRITE = 2
    ADMIN = 3


class Way(NamedTuple):
    """A grant by which somebody reaches a place: `role` held in `division` (an id, or `*`).

    `group` is the id of the group it comes through, or ""; `permissions` what it gives there, sorted.
    """

    role: str
    division: str
    group: str
    permissions: tuple[str, ...]


class Square(NamedTuple):
    """One cell of the matrix.

    `foreign` says that it lies beyond the tenant's own: somebody else's access to the tenant, or its own
    access to something else; `leak` that nobody answers for it.
    """

    level: Level
    foreign: bool
    leak: bool
    ways: tuple[Way, ...]


class Row(NamedTuple):
    """Who reaches what: squares by place (a division's id, `*`, or `org-wide`).

    Several subjects share a row where their squares are the same and their number says more than their
    names do; `standing` is None for the tenant's own; `acts_for_users` says that whatever it does, it does
    with the access of whoever signs in, beside what the squares say.
    """

    subjects: tuple[str, ...]
    standing: Standing | None
    squares: Mapping[str, Square]
    acts_for_users: bool = False


@dataclass(frozen=True, slots=True)
class Matrix:
    """Subjects × places. `places` are its columns: `walls` of the tenant first, Home, `*`, `org-wide` last.

    A place that no row has a square for is a column all the same where it belongs to the tenant or to all.
    """

    walls: tuple[str, ...]
    places: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A matrix for each tenant, by name, and one of those who reach every tenant alike.

    The latter are in a tenant's matrix only where they reach it by a grant behind its walls too, and the
    operator always; otherwise the picture would grow with the square of an organisation.
    """

    home: str
    tenants: Mapping[str, Matrix]
    everywhere: Matrix
