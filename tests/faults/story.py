"""Histories: manifests, runs, faults, administrators and time in any order, judged at every commit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from reconciler.model.manifest import Manifests, Owner
from reconciler.planning.contested import MOST_REPAIRS
from tests.faults import kinds
from tests.faults.case import STORES, Case, Fault, Store, Violation, Weather
from tests.faults.monitors import ends
from tests.faults.organisation import LAG
from tests.faults.place import Place
from tests.faults.rehearsal import rehearse, set_up
from tests.faults.rivals.arena import play_on
from tests.faults.rivals.schedule import ACCIDENTS, Schedule
from tests.faults.runs import MOST_RUNS, SETTLED, Ran, come_to_rest, look, run_once, seeded
from tests.faults.scenarios import ALL
from tests.faults.versions import NOTHING, Access
from tests.faults.watch import Known, access_by_name, marker_of
from tests.support.database import empty_schema, running_server

FIRST = "no-op"
NAMES = ("no-op", "grants-move", "role-changes", "tenant-suspended", "orphans-deleted", "tenants-come")
VERSIONS: tuple[Manifests, ...] = tuple(ALL[name].after for name in NAMES)
"""What the manifests say from one edit to the next."""

_SORTS = [(weather, store) for weather, stores in STORES.items() for store in stores]
_KINDS = st.sampled_from((*kinds.REQUEST, *kinds.CANCEL))
_SCHEDULES = st.builds(
    Schedule, st.just(FIRST), st.sampled_from(ACCIDENTS), st.integers(1, 4),
    st.sampled_from((1_500.0, 600.0, 20.0)), delay=st.sampled_from((0.01, 0.3, 5.0, 20.0)),
    wait=st.sampled_from((2_000.0, None)), token_seconds=st.sampled_from((300, 900)),
)  # fmt: skip


def declared(manifests: Manifests) -> dict[str, Access]:
    """The access that manifests give to clients, by name, read from their entries alone."""
    found: dict[str, Access] = defaultdict(lambda: NOTHING)
    for owner in manifests.owners:
        for entry in owner.sections.get("client", ()) if owner.state == "active" else ():
            for grant in entry.spec.grants:
                found[entry.spec.name] |= _given(manifests, owner, grant)
    return found


def _given(manifests: Manifests, owner: Owner, grant: Any) -> Access:
    roles = {
        entry.spec.key: entry.spec for each in manifests.owners for entry in each.sections.get("role", ())
    }
    walls = {entry.spec.key: entry.spec.name for entry in owner.sections.get("division", ())}
    places = [walls[key] for key in grant.divisions]
    return frozenset((_name(each), where) for each in roles[grant.role].permissions for where in places)


def _name(permission: Any) -> str:
    return permission if isinstance(permission, str) else str(permission.permission)


def release(place: Place) -> None:
    """Somebody lets through what the limits hold back, as the plan asks for it, until nothing is."""
    for _ in range(MOST_RUNS):
        asked = [each.release for each in place.withheld if each.guard == "removals"]
        if not asked:
            return
        place.scenario = replace(place.scenario, allow={"removals": int(asked[0].rpartition("=")[2])})
        come_to_rest(place, [])
    place.watch.violations.append(Violation("E end state", f"still held back: {place.withheld[:2]}"))


def at_the_end(place: Place, by_hand: bool) -> list[Violation]:
    """What is wrong at the end of a history; after an administrator's hand it may end elsewhere."""
    monitors = [("E borrowed returned", ends.returned), ("I14 secrets unsaid", ends.unsaid)]
    if not by_hand:
        monitors += [("I5 no twin stays", ends.no_twins), ("E end state", _as_declared)]
    return [Violation(name, words) for name, monitor in monitors for words in monitor(place)]


def _as_declared(place: Place) -> Iterator[str]:
    """The clients that are ours, or are to be, reach what is declared and nothing else."""
    wanted = declared(place.scenario.after)
    found = access_by_name(place.watch.versions, place.now)
    ours = {row["name"] for row in place.sim.org.live.clients.rows.values() if marker_of(row)}
    for name in sorted(wanted.keys() | ours):
        if wanted.get(name, NOTHING) != found.get(name, NOTHING):
            yield f"{name} reaches {sorted(found.get(name, ()))}, declared is {sorted(wanted.get(name, ()))}"


class History(RuleBasedStateMachine):
    """One organisation, whoever runs on it, and what anybody does in between.

    Two that run at once share the PostgreSQL server at `server`, which knows of nobody who ran without it:
    they begin when caches agree.
    """

    server = ""

    @initialize(sort=st.sampled_from(_SORTS))
    def begin(self, sort: tuple[Weather, Store]) -> None:
        """An organisation at rest."""
        weather, store = sort
        case = Case(FIRST, weather=weather, store=store)
        self.place = set_up(case, ALL[FIRST], rehearse(FIRST, weather, store))
        self.by_hand = False

    @rule(number=st.integers(0, len(VERSIONS) - 1))
    def edit(self, number: int) -> None:
        """Somebody merges other manifests: from now on old is what is there, and new what they say."""
        place = self.place
        place.scenario = replace(place.scenario, after=VERSIONS[number])
        watch, known = place.watch, declared(VERSIONS[number])
        before = access_by_name(watch.versions, place.now)
        assert watch.known is not None
        watch.known = watch.known._replace(before=before, after=known)
        watch.administrator = ""
        watch.allowed.clear()
        for subject in watch.versions.subjects():
            for name in watch.versions.called.get(subject, ()):
                watch.allowed[name] |= watch.versions.access(subject, place.now, LAG)
        for side in (before, known):
            for name, access in side.items():
                watch.allowed[name] |= access

    @rule()
    def apply(self) -> None:
        """A run that nothing disturbs."""
        self._run()

    @rule(kind=_KINDS, after=st.integers(1, 40))
    def apply_disturbed(self, kind: str, after: int) -> None:
        """A run that a fault strikes at one of its requests."""
        self.by_hand |= kind == "administrator"
        self.place.due(Fault("request", self.place.counts["request"] + after, kind))
        self._run()

    @rule(kind=st.sampled_from(kinds.DISK), after=st.integers(1, 20))
    def apply_on_a_bad_disk(self, kind: str, after: int) -> None:
        """A run of which one local write goes wrong."""
        self.place.due(Fault("disk", self.place.counts["disk"] + after, kind))
        self._run()

    @rule(number=st.integers(0, len(VERSIONS) - 1), seconds=st.sampled_from((0.5, LAG + 1)))
    def apply_what_was_reviewed(self, number: int, seconds: float) -> None:
        """A person reviews a plan, others merge and time passes; where it went stale, nothing is written."""
        approved = look(self.place)
        self.edit(number)
        self.place.now += seconds
        self.place.approved = approved
        self._run()

    @rule(number=st.integers(0, len(VERSIONS) - 1), schedule=_SCHEDULES)
    def apply_twice_at_once(self, number: int, schedule: Schedule) -> None:
        """Others merge, and two runs begin at once, of which something befalls the first."""
        self.place.now += SETTLED
        self.edit(number)
        play_on(self.place, schedule._replace(weather=self.place.case.weather), empty_schema(self.server))
        self.place.now += 0.5

    @rule(number=st.integers(0, 63))
    def administrate(self, number: int) -> None:
        """An administrator edits."""
        self.by_hand = True
        self.place.administrate(number)

    @rule(number=st.integers(0, 63))
    def insist(self, number: int) -> None:
        """An administrator edits, and whenever a run has put it right edits again."""
        for _ in range(MOST_REPAIRS + 1):
            self.administrate(number)
            self._run()

    @rule(seconds=st.sampled_from((LAG - 1, LAG + 1, 3600.0)))
    def wait(self, seconds: float) -> None:
        """Time passes."""
        self.place.now += seconds

    def _run(self) -> Ran:
        with seeded():
            ran = run_once(self.place)
        self.place.give_up()
        self.place.approved = ""
        self.place.now += 0.5
        return ran

    @invariant()
    def nothing_is_violated(self) -> None:
        """What the monitors saw so far."""
        if hasattr(self, "place"):
            assert not self.place.watch.violations, self.place.watch.violations[:2]

    def teardown(self) -> None:
        """Faults have stopped: it comes to rest."""
        if not hasattr(self, "place") or self.place.watch.violations:
            return
        with seeded():
            come_to_rest(self.place, [])
            release(self.place)
        self.place.watch.violations += at_the_end(self.place, self.by_hand)
        assert not self.place.watch.violations, self.place.watch.violations[:2]


def histories(number: int, machine: type[History] = History) -> None:
    """Run so many, the same each time. Raises what violates something, in its shortest form, with notes."""
    chosen = settings(
        max_examples=number, stateful_step_count=12, derandomize=True, database=None, deadline=None,
        suppress_health_check=list(HealthCheck), print_blob=True, phases=[*{*Phase} - {Phase.explain}],
    )  # fmt: skip
    with running_server() as server:
        machine.server = server
        run_state_machine_as_test(machine, settings=chosen)


__all__ = ["History", "Known", "Place", "declared", "histories"]
