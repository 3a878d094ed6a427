"""Access in values: declared grants, facts taken from objects, and what was gained or lost."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from reconciler.model.origin import Origin

EVERYWHERE = "*"
"""The division id that means every division, present and future."""

OWN = "own"
"""In a manifest: every division its tenant declares."""

ROLE_FIELD = "role"
"""The field of a grant that names what is granted."""

ORG_WIDE = "org-wide"
"""Where a permission reaches that no division confines."""


def title(sort: str, name: str) -> str:
    """What a subject is called that has no address: `group:NW WFM Team`."""
    return f"{sort}:{name}"


def untitled(text: str) -> tuple[str, str]:
    """The sort and the name of a title; ("", text) for anything else."""
    sort, colon, name = text.partition(":")
    return (sort, name) if colon else ("", text)


class Nature(StrEnum):
    """What a subject is: only people belong to groups, and strangers belong to another organisation."""

    PROGRAM = "program"
    PERSON = "person"
    GROUP = "group"
    STRANGER = "stranger"


@dataclass(frozen=True, slots=True)
class Share:
    """Why a pair may leave its owner's divisions. `expires`: YYYY-MM-DD, UTC, through that day."""

    reason: str
    owner: str
    expires: str


@dataclass(frozen=True, slots=True)
class Tolerated:
    """Somebody who is not ours to declare and may reach tenants for a while.

    `subject` and `roles` are exact names or ids, `nature` says who is looked for. Nothing but these
    roles is tolerated.
    """

    nature: Nature
    subject: str
    roles: frozenset[str]
    share: Share
    origin: Origin


@dataclass(frozen=True, slots=True)
class DeclaredGrant:
    """One line of `grants`: a role in divisions, as written.

    `role` and `divisions` hold references as text (`key` or `owner/key`); `divisions` may instead be
    one of the words `own` and `*`, as a plain str. `steps` leads from the entry to this grant.
    """

    role: str
    divisions: tuple[str, ...] | str
    share: Share | None
    steps: tuple[str | int, ...]


class DeclaredCeiling(NamedTuple):
    """Divisions that a subject may not leave whatever it is granted, as references.

    `steps` leads from the entry to the list.
    """

    divisions: tuple[str, ...]
    steps: tuple[str | int, ...]


class Holds(NamedTuple):
    """Subject `subject` holds role `role` in `division` (an id, `*`, or `{ADDRESS}`)."""

    subject: str
    role: str
    division: str


class Allows(NamedTuple):
    """Role `role` allows `permission` (`domain:entity:action`). `conditional` never narrows a proof."""

    role: str
    permission: str
    conditional: bool = False


class ActsFor(NamedTuple):
    """Subject `subject` has no access of its own: it acts with that of whoever signs in to it."""

    subject: str


class Wall(NamedTuple):
    """Division `division` exists. `home` is the organisation's default division."""

    division: str
    home: bool = False


Fact: TypeAlias = Holds | Allows | ActsFor | Wall


class Access(NamedTuple):
    """Subject can use permission in division; `division` may be `*` or `org-wide`; `via` names the role."""

    subject: str
    permission: str
    division: str
    via: str


@dataclass(frozen=True, slots=True)
class Delta:
    """Access that one state has and the other has not, sorted."""

    gains: tuple[Access, ...] = ()
    losses: tuple[Access, ...] = ()


@dataclass(frozen=True, slots=True)
class OrgWideException:
    """A permission that acts org-wide and may be held by tenants all the same."""

    permission: str
    reason: str
    owner: str
    expires: str
    origin: Origin
