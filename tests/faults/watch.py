"""What the monitors need to know of one case, and where they leave what they saw."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import httpx

from reconciler.model.address import NEXT, Address
from reconciler.model.marker import Marker, split
from reconciler.simulator.exchange import Request
from reconciler.simulator.org import Written
from tests.faults.case import Violation
from tests.faults.edits import Edits
from tests.faults.organisation import LAG
from tests.faults.scenario import ORG
from tests.faults.versions import NOTHING, Access, Versions

if TYPE_CHECKING:
    from tests.faults.stage import Stage

OPERATOR = "operator"


def marker_of(row: Mapping[str, Any] | None) -> Marker | None:
    """Our marker on a row, if there is one of this installation."""
    marker = split((row or {}).get("description") or "")[1]
    return marker if marker and marker.org == ORG.name else None


def is_finished(client: Mapping[str, Any]) -> bool:
    """Whether a client of ours works, and nothing of it is under way."""
    marker = marker_of(client)
    return client["state"] == "active" and marker is not None and not marker.nonce


class Known(NamedTuple):
    """What a scenario's way is without faults: access by name before and after, and what rests where.

    `walls` are the tenants' divisions by name, `external` the addresses whose secret is not ours.
    """

    before: Mapping[str, Access]
    after: Mapping[str, Access]
    end: Mapping[str, Any]
    walls: Mapping[str, str]
    external: frozenset[str]


class Moment(NamedTuple):
    """One commit: the request (None for an administrator's hand), and the rows that it wrote."""

    place: Stage
    request: Request | None
    written: list[Written]
    at: float


@dataclass
class Watch:
    """`known` is None while a scenario is rehearsed: then nothing is judged but what is always wrong."""

    versions: Versions
    known: Known | None = None
    administrator: str = ""
    edits: Edits = field(default_factory=Edits)
    deeds: set[str] = field(default_factory=set)
    """All that administrators ever did here, by name."""
    violations: list[Violation] = field(default_factory=list)
    allowed: dict[str, Access] = field(default_factory=lambda: defaultdict(lambda: NOTHING))
    stripped: dict[str, float] = field(default_factory=dict)
    finished: set[str] = field(default_factory=set)
    widowed: set[Address] = field(default_factory=set)
    """Clients whose successor an administrator took away or touched."""
    bore: dict[str, set[Address]] = field(default_factory=lambda: defaultdict(set))
    """The addresses, by client, that markers gave it before what is written now."""
    born: dict[str, int] = field(default_factory=dict)
    handed_over: list[tuple[Address, float]] = field(default_factory=list)
    """The successors that the present run switched on, and the age of their secrets then, in seconds."""
    quiet_until: dict[str, float] = field(default_factory=dict)
    generation_began: float = 0.0
    told_before: frozenset[tuple[str, str]] = frozenset()
    """What the journal held when the present run began: each step's name and when it was announced."""

    def __post_init__(self) -> None:
        if self.known:
            for side in (self.known.before, self.known.after):
                for name, access in side.items():
                    self.allowed[name] |= access

    def begin(self, place: Stage) -> None:
        """Another run begins."""
        self.generation_began = place.time
        self.handed_over.clear()
        self.told_before = frozenset((name, step.intended) for name, step in place.disk.steps.items())

    def asked(self, request: httpx.Request, at: float) -> None:
        """A request leaves."""
        from tests.faults.monitors.commits import retry_after

        for words in retry_after(self, request, at):
            self.violations.append(Violation("I26 Retry-After", words))

    def committed(self, place: Stage, request: Request | None, written: list[Written]) -> None:
        """The organisation changed: learn it, then judge it."""
        from tests.faults.monitors import COMMITS

        moment = Moment(place, request, written, place.time)
        self.versions.learn(written, moment.at)
        for each in written:
            if (marker := marker_of(each.before)) and each.table == "clients":
                self.bore[each.key].add(marker.address.entry)
        if request is None:
            self._by_hand(moment)
        for name, monitor in COMMITS.items():
            for words in monitor(self, moment):
                self.violations.append(Violation(name, f"{words}; at {moment.at:.1f} s, {asked(request)}"))
        self._remember(moment)

    def _by_hand(self, moment: Moment) -> None:
        """What an administrator gives is none of our widening, nor is what caches make of what one takes:

        nobody can wait for a revocation that happens just before a request leaves.
        """
        for each in moment.written:
            for past in (self.versions.pairs, self.versions.can, self.versions.active):
                if each.key in past:
                    past.restart(each.key)
        for subject in self.versions.subjects():
            for name in self.versions.called.get(subject, ()):
                self.allowed[name] |= self.versions.access(subject, moment.at, LAG)
        self.edits.by_hand(moment)
        for each in moment.written:
            before = marker_of(each.before)
            if before and not marker_of(each.after):
                self.stripped[each.key] = moment.at
            if before and before.address.part == NEXT:
                self.widowed.add(before.address.entry)

    def _remember(self, moment: Moment) -> None:
        self.edits.forget(moment)
        for each in moment.written:
            marker = marker_of(each.after)
            if each.table == "clients" and each.after is not None and is_finished(each.after):
                self.finished.add(each.key)
            if marker and marker.address.part == NEXT and _woken(each):
                self.handed_over.append((marker.address, moment.place.disk.age(each.key, moment.at)))
            if marker and each.before is None and each.after:
                self.born[str(marker.address)] = moment.place.generation


def _woken(each: Written) -> bool:
    return (each.before or {}).get("state") == "inactive" and (each.after or {}).get("state") == "active"


def asked(request: Request | None) -> str:
    """The request of a commit in words."""
    return f"{request.method} {request.path}" if request else "by an administrator"


def access_by_name(versions: Versions, now: float) -> dict[str, Access]:
    """Who may do what where, without any doubt of caches; our own client left out."""
    found: dict[str, Access] = defaultdict(lambda: NOTHING)
    for subject in versions.subjects():
        if subject != OPERATOR:
            for name in versions.called.get(subject, ()):
                found[name] |= versions.access(subject, now, 0.0)
    return {name: access for name, access in found.items() if access}
