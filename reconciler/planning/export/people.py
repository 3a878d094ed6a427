"""People: groups and users that hold what is exported, so far as that becomes ours by exporting it.

Once a role is ours, so are all pairs that groups and users hold on it; once a role is referred to, those in
divisions of ours. What is not declared would be revoked. So either all of it is said, or the role is
left alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import replace
from typing import NamedTuple

from reconciler.model.access import EVERYWHERE, ROLE_FIELD
from reconciler.model.address import ORG
from reconciler.model.kind import SUBJECT_FIELD, AnyKind, Registry
from reconciler.model.rule import Rule
from reconciler.model.state import Live
from reconciler.planning.export.entries import Known, entry
from reconciler.planning.export.obstacles import UNUSED, Scene
from reconciler.planning.export.values import Obstacle, Proposal, shown
from reconciler.planning.handing import Pair
from reconciler.planning.subjects import pairs_of

HELD_BY_PEOPLE = Rule(
    "export/held-by-people",
    "People hold this role as no manifest can say; taken over, a deep plan would revoke what they hold.",
    "Leave the role alone, or grant it in a tenant's divisions instead.",
)

LEAVE_IT = "leave it unmanaged: what they hold stays as it is"


class People(NamedTuple):
    """Who holds each role, and where; `mute` says of some why no entry can mean them."""

    holders: Mapping[str, list[tuple[Live, str]]]
    mute: Mapping[str, str]

    def in_the_way(self, role: str, known: Known) -> Obstacle | None:
        """Why a role cannot be taken over: somebody holds it as no entry can say."""
        for person, wall in self.holders.get(role, ()):
            who = f"{person.fields[SUBJECT_FIELD]} {shown(person.name or person.id)}"
            if person.id in self.mute:
                return Obstacle(HELD_BY_PEOPLE, f"{who} holds it, and {self.mute[person.id]}", LEAVE_IT)
            if wall != EVERYWHERE and wall not in known.walls:
                where = f"holds it in {known.name(wall)}, which no manifest can name"
                return Obstacle(HELD_BY_PEOPLE, f"{who} {where}", LEAVE_IT)
        return None

    def at_risk(self, pairs: Set[Pair], taken: Set[str], known: Known) -> Obstacle | None:
        """Why roles of these pairs cannot even be referred to: whose pairs would count as undeclared."""
        for role, _ in sorted(pairs):
            for person, wall in self.holders.get(role, ()) if role not in taken else ():
                if person.id in self.mute and wall in known.walls:
                    reason = f"{known.name(role)} is held in {known.name(wall)} by somebody, "
                    return Obstacle(HELD_BY_PEOPLE, reason + self.mute[person.id], LEAVE_IT)
        return None


def unlisted(registry: Registry) -> tuple[AnyKind, ...]:
    """The kinds whose subjects are found by what they hold."""
    return tuple(kind for kind in registry if kind.collection.subjects is not None)


def people(scene: Scene) -> People:
    """Everybody in the reading who is found by what he holds."""
    holders: dict[str, list[tuple[Live, str]]] = defaultdict(list)
    mute: dict[str, str] = {}
    for kind in unlisted(scene.registry):
        for person in sorted(scene.live.of(kind.name), key=lambda person: person.id):
            for role, wall in sorted(person.fields[pairs_of(kind)]):
                holders[role].append((person, wall))
            if why := _unsayable(kind, person, scene):
                mute[person.id] = why
    return People(holders, mute)


def _unsayable(kind: AnyKind, person: Live, scene: Scene) -> str:
    """Why no entry can mean this subject, whatever it holds; "" where one can."""
    if not person.name:
        return "its name is hidden from our client"
    some = replace(person, fields={**person.fields, pairs_of(kind): frozenset({("x", "x")})})
    found = entry(kind, some, ORG, [{ROLE_FIELD: "x", "divisions": ["x"]}], scene.org)
    return found.reason if isinstance(found, Obstacle) else ""


def guests(
    kind: AnyKind, taken: Set[str], referred: Set[str], known: Known, found: People, scene: Scene
) -> Iterator[Live]:
    """The subjects of a kind with just those of their pairs that have to be declared."""
    field = pairs_of(kind)
    for person in scene.live.of(kind.name):
        if person.id in found.mute:
            continue
        pairs = frozenset(
            (role, wall)
            for role, wall in person.fields[field]
            if (role in taken and (wall == EVERYWHERE or wall in known.walls))
            or (role in referred and wall in known.walls)
        )
        if pairs:
            yield replace(person, fields={**person.fields, field: pairs})


class Wanted(NamedTuple):
    """Ids of roles that may be taken, of roles that are referred to, and of divisions that go in."""

    taken: frozenset[str]
    referred: frozenset[str]
    walls: frozenset[str]

    @property
    def roles(self) -> list[str]:
        """Whose holders have to be known, sorted."""
        return sorted(self.taken | self.referred)

    def concerns(self, pairs: Set[Pair]) -> bool:
        """Whether any of these pairs would be ours."""
        return any(
            role in self.taken or (role in self.referred and wall in self.walls) for role, wall in pairs
        )


def wanted(proposal: Proposal, registry: Registry) -> Wanted:
    """What has to be asked about people, by a proposal that knows of none."""
    role, wall = registry.pair
    items = [item for each in proposal.documents for item in each.sections.get(role, ())]
    referred = frozenset(item.live.id for item in items if vars(item.spec).get("existing"))
    unused = {each.live.id for each in proposal.left if each.obstacle == UNUSED}
    walls = (item.live.id for each in proposal.documents for item in each.sections.get(wall, ()))
    return Wanted(frozenset({item.live.id for item in items} | unused) - referred, referred, frozenset(walls))
