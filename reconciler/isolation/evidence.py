"""Evidence: what the rules about a whole organisation look at, beside everybody's access."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from reconciler.isolation.judge import place_name
from reconciler.isolation.naming import Naming
from reconciler.isolation.population import Population, Subject
from reconciler.model.access import Nature
from reconciler.model.address import ORG
from reconciler.model.finding import Finding
from reconciler.model.patch import Edit
from reconciler.model.rule import GradedRule
from reconciler.model.stock import Stock
from reconciler.model.tokens import Tokens


class Thing(NamedTuple):
    """Something with a name. `sort` is what people call such things; `builtin` that the vendor made it."""

    id: str
    name: str
    sort: str
    builtin: bool = False

    @property
    def made(self) -> bool:
        """Whether it is there; the id of what is only declared is `{ADDRESS}`."""
        return not self.id.startswith("{")


@dataclass(frozen=True)
class Evidence:
    """An organisation as those rules see it.

    `things` is everything that is listed; `tokens` how each program gets its tokens, by its id; `home` the
    id of the division where everything new lies, `stock` what lies there by the vendor's type;
    `wall_limit` how many divisions there may be (None: not said); `backfill` whether the vendor adds
    permissions to roles by itself. `objects` is everybody, and what lies where, as far as anybody looked;
    `tenants` whose each division is by its id, those of the organisation left out: by its marker, or where
    it bears none yet, because a manifest declares one of that name; `naming` what owners are called; `idle`
    what the organisation calls unused, by the role's id.
    """

    population: Population
    things: tuple[Thing, ...]
    tokens: Mapping[str, Tokens]
    home: str
    stock: Mapping[str, int]
    wall_limit: int | None
    backfill: bool
    objects: Stock = field(default_factory=Stock)
    tenants: Mapping[str, str] = field(default_factory=dict)
    naming: Naming = field(default_factory=Naming)
    idle: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @cached_property
    def programs(self) -> tuple[Subject, ...]:
        """Every program but the operator and the organisation's own, by name."""
        several = (each for each in self.population.subjects.values() if self._counts(each))
        return tuple(sorted(several, key=lambda each: (each.name, each.id)))

    def _counts(self, subject: Subject) -> bool:
        program = subject.nature is Nature.PROGRAM and subject.id != self.population.operator
        return program and subject.owner != ORG

    @cached_property
    def builtin(self) -> frozenset[str]:
        """What the vendor made, by id."""
        return frozenset(thing.id for thing in self.things if thing.builtin)

    @cached_property
    def holders(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """The roles that programs hold, with (program, division) of each; all in order."""
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for program in self.programs:
            for role, division in self.held(program.id):
                found[role].append((program.id, division))
        return {role: tuple(several) for role, several in sorted(found.items())}

    @cached_property
    def saying(self) -> Mapping[str, frozenset[str]]:
        """What roles that programs hold say, with the roles that say it; without the vendor's own."""
        found: dict[str, set[str]] = defaultdict(set)
        for role in self.holders.keys() - self.builtin:
            for said in self.population.access.allows.get(role, ()):
                found[said].add(role)
        return {said: frozenset(roles) for said, roles in found.items()}

    def held(self, subject: str) -> list[tuple[str, str]]:
        """The pairs that a subject holds itself, sorted."""
        return sorted(self.population.access.holds.get(subject, ()))

    def tenant(self, wall: str) -> str:
        """The tenant whose division this is; "" for Home, every division, and whatever is no tenant's."""
        return self.tenants.get(wall, "")

    def in_home(self, wall: str) -> bool:
        """Whether this division is Home."""
        return bool(wall) and wall == self.home

    def called_after(self, name: str) -> str:
        """The tenant that something is called after, "" for none."""
        owner = self.naming.owner(name)
        return "" if owner == ORG else owner

    def place(self, wall: str) -> str:
        """A division in words."""
        return place_name(wall, self.population.name)

    def pair(self, role: str, division: str) -> str:
        """A pair in words: `Reader in ACME-US`."""
        return f"{self.population.name(role)} in {self.place(division)}"


class Check(NamedTuple):
    """A rule, and the function that finds what breaks it."""

    rule: GradedRule
    find: Callable[[Evidence], Iterator[Finding]]


def found(
    rule: GradedRule, about: str, message: str, remedy: str, *witness: str, edits: Iterable[Edit] = ()
) -> Finding:
    """A finding of `rule` about the id `about`; `edits` are of the entry of that id."""
    return Finding(rule, rule.severity, message, remedy, about, witness, edits=tuple(edits))
