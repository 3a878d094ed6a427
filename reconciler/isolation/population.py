"""The population: everybody who may reach something, what they hold, and what a proof could not see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from reconciler.isolation.matrix import AccessState, Catalogue
from reconciler.model.access import Nature, Share
from reconciler.model.origin import Origin


class Subject(NamedTuple):
    """Somebody who can hold access.

    `sort` is what people call it; `owner` a tenant, `org` or "" for nobody's; `wall` the division that
    a person lies in, "" for whatever lies in none; `acts_for_users` says that it has no access of its
    own and acts with that of whoever signs in, `scopes` what may bound that; `idle` that it cannot sign in
    now, which may change.
    """

    id: str
    name: str
    sort: str
    nature: Nature
    owner: str = ""
    wall: str = ""
    acts_for_users: bool = False
    idle: bool = False
    scopes: frozenset[str] = frozenset()


class Grant(NamedTuple):
    """A role held in a division (an id, or `*`); `group` is the id of the group it comes through, or ""."""

    role: str
    division: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Population:
    """An organisation as a proof sees it.

    `groups` are those that a person belongs to, by the person's id; of those in `unread` nobody knows
    the members, so everybody counts as one. `walls` are the divisions' owners by id ("" for nobody's),
    `counts` how many objects lie behind each; `declared` are the (subject, role, division) that
    manifests declare, with their place; `names` what people call an id; `gaps` what was not seen;
    `tolerated` the roles, by subject, through which somebody whom nobody declares may reach tenants.
    """

    access: AccessState
    subjects: Mapping[str, Subject]
    groups: Mapping[str, tuple[str, ...]]
    unread: frozenset[str]
    walls: Mapping[str, str]
    counts: Mapping[str, int]
    declared: Mapping[tuple[str, str, str], Origin]
    names: Mapping[str, str]
    catalogue: Catalogue
    operator: str
    gaps: tuple[str, ...] = ()
    tolerated: Mapping[str, Mapping[str, Share]] = field(default_factory=dict)

    def grants(self, subject: str) -> Iterator[Grant]:
        """What a subject holds: its own first, then through its groups."""
        for role, division in sorted(self.access.holds.get(subject, ())):
            yield Grant(role, division)
        for group in self.groups_of(subject):
            for role, division in sorted(self.access.holds.get(group, ())):
                yield Grant(role, division, group)

    def roles(self, subject: str) -> Iterator[str]:
        """The roles of these grants, in any order and as often as they are held."""
        for holder in (subject, *self.groups_of(subject)):
            for role, _ in self.access.holds.get(holder, ()):
                yield role

    def groups_of(self, subject: str) -> tuple[str, ...]:
        """The groups that a subject belongs to, or may belong to. Only people do."""
        if self.subjects[subject].nature is not Nature.PERSON:
            return ()
        return tuple(sorted({*self.groups.get(subject, ()), *self.unread}))

    def owner(self, subject: str) -> str:
        """Whose a subject is: of a person, whose division he lies in; "" for nobody's."""
        found = self.subjects[subject]
        return found.owner or self.walls.get(found.wall, "")

    def name(self, identity: str) -> str:
        """What people call an id; the id where nobody knows."""
        return self.names.get(identity, identity)
