"""A proof as a value: what each tenant's subjects reach, who reaches the tenant, and what is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from reconciler.model.access import Share
from reconciler.model.finding import Finding
from reconciler.model.kind import Holding
from reconciler.model.stock import Stock


class Verdict(StrEnum):
    """What was found, the word people act on. There is no green without a date and a scope."""

    LEAK = "LEAK"
    UNKNOWN = "UNKNOWN"
    VACUOUS = "VACUOUS"
    EXCEPTED = "EXCEPTED"
    PROVED = "PROVED"


class Excepted(NamedTuple):
    """Access across a wall that somebody answers for: who uses what where, through which role.

    Of an app that acts for whoever signs in, only the app: what its people may do is theirs.
    """

    subject: str
    permissions: tuple[str, ...]
    place: str
    via: str
    share: Share


class Confined(NamedTuple):
    """A client that may not leave these divisions (ids, by name), whatever it is granted."""

    subject: str
    walls: tuple[str, ...]


class App(NamedTuple):
    """A program without access of its own: it reaches what whoever signs in to it reaches.

    `people` counts who can sign in, `further` those of them who reach further than its tenant, and
    `witness` shows the furthest of them; `places` is where they reach together (division ids, `*`,
    `org-wide`). `scopes` are told and never counted on.
    """

    subject: str
    verdict: Verdict
    people: int
    further: int
    places: tuple[str, ...]
    scopes: tuple[str, ...] = ()
    witness: tuple[str, ...] = ()


class Standing(StrEnum):
    """Why somebody who is not the tenant's reaches it."""

    OPERATOR = "operator"
    DECLARED = "declared"
    ORGANISATION = "organisation"
    OWN_PEOPLE = "own people"
    STAFF = "staff"
    EXCEPTED = "excepted"
    FOREIGN = "foreign"
    UNOWNED = "unowned"


class Reacher(NamedTuple):
    """One subject that reaches a tenant: with which roles and where (division ids, `*`, `org-wide`).

    `shares` are those that declare it, `permissions` is the number of them there.
    """

    subject: str
    standing: Standing
    roles: tuple[str, ...]
    places: tuple[str, ...]
    permissions: int
    shares: tuple[Share, ...] = ()


@dataclass(frozen=True, slots=True)
class TenantProof:
    """Both verdicts on one tenant.

    `walls` and `subjects` are its own, by id; `leaks` is what its subjects reach and should not, the
    shortest witness each; `excepted` what they reach beyond their walls by declaration; `reachers`
    everybody else who reaches it by a grant behind its walls, `intruders` those of them who should not.
    `reasons` say in words why a verdict is no better; `confined` which of its subjects have a ceiling,
    `apps` which act for whoever signs in; `objects` counts what lives behind the walls, by the vendor's type.
    """

    tenant: str
    walls: tuple[str, ...]
    subjects: tuple[str, ...]
    cells: int
    reaches: Verdict
    reached_by: Verdict
    leaks: tuple[Finding, ...] = ()
    excepted: tuple[Excepted, ...] = ()
    reachers: tuple[Reacher, ...] = ()
    intruders: tuple[Finding, ...] = ()
    reasons: tuple[str, ...] = ()
    confined: tuple[Confined, ...] = ()
    apps: tuple[App, ...] = ()
    objects: Mapping[str, int] = field(default_factory=dict)

    @property
    def verdict(self) -> Verdict:
        """The worse of both."""
        order = list(Verdict)
        return min(self.reaches, self.reached_by, key=order.index)

    @property
    def exceptions(self) -> int:
        """How many declared ways across its walls somebody answers for, out and in."""
        return len(self.excepted) + sum(bool(each.shares) for each in self.reachers)


@dataclass(frozen=True, slots=True)
class Survey:
    """What only a proof asks for, beside the live state.

    `holders` are the rows of each role's view by role id; `members` those of groups by group id (None:
    they may not be read); `began` and `ended` are ISO 8601, UTC; `gaps` says what was not seen; `stock` is
    everybody, and what lies where, if that was looked at.
    """

    holders: Mapping[str, tuple[Holding, ...]]
    members: Mapping[str, frozenset[str] | None]
    began: str
    ended: str
    gaps: tuple[str, ...] = ()
    stock: Stock = field(default_factory=Stock)


@dataclass(frozen=True, slots=True)
class Proof:
    """The verdicts on all tenants of one organisation, with what they rest on.

    `everywhere` are those who reach every tenant alike, `intruders` those of them who should not;
    `warnings` are of exceptions that except nobody;
    `outside` says what no grant confines and nothing here proves; `grants`, `roles` and `walls` count
    what was read, `snapshot` and `catalogue` are SHA-256 of it; `subjects` maps ids to addresses or
    titles, `names` to what people call them. `findings` are about the organisation as it is, beside who
    crosses a wall, the worst first: they change no verdict. `stock` is what those of them looked at that
    are about where objects lie.
    """

    tool: str
    org_name: str
    organization_id: str
    began: str
    ended: str
    snapshot: str
    catalogue: str
    tenants: tuple[TenantProof, ...]
    everywhere: tuple[Reacher, ...]
    intruders: tuple[Finding, ...]
    outside: tuple[str, ...]
    gaps: tuple[str, ...]
    warnings: tuple[Finding, ...]
    grants: int
    roles: int
    walls: int
    subjects: Mapping[str, str]
    names: Mapping[str, str]
    findings: tuple[Finding, ...] = ()
    stock: Stock = field(default_factory=Stock)

    @property
    def leaks(self) -> int:
        """How many tenants leak or are reached by somebody who should not."""
        return sum(each.verdict is Verdict.LEAK for each in self.tenants)

    @property
    def unknown(self) -> bool:
        """Whether anything was not seen that a verdict would need."""
        return bool(self.gaps) or any(each.verdict is Verdict.UNKNOWN for each in self.tenants)
