"""Each scenario once without faults: what stands before, how long the way is, and where it ends."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple

from reconciler.kinds.client_spec import EXTERNAL
from reconciler.model.manifest import Manifests
from reconciler.planning.rotation.choose import Asked
from tests.faults.case import Case, Fault, Store, Weather
from tests.faults.disk import Disk
from tests.faults.edits import Standing
from tests.faults.organisation import Prepared, Replica, settings
from tests.faults.place import Place
from tests.faults.rest import at_rest
from tests.faults.runs import SETTLED, run_once
from tests.faults.scenario import Scenario
from tests.faults.scenarios import ALL
from tests.faults.spots import Ways, spots
from tests.faults.survey import Survey
from tests.faults.versions import Versions
from tests.faults.watch import Known, Watch, access_by_name, is_finished

BEGIN = 10_000.0
"""Virtual seconds at which cases begin; what was prepared is older than any cache."""


class Rehearsed(NamedTuple):
    """A scenario ready to be copied, and what happens in its first run: all places, and its requests."""

    prepared: Prepared
    disk: Disk
    edits: Standing
    known: Known
    ways: Ways
    trace: tuple[str, ...]


def new_place(case: Case) -> Place:
    """The place of a case, at its beginning."""
    return set_up(case, ALL[case.scenario], rehearse(case.scenario, case.weather, case.store))


def set_up(case: Case, scenario: Scenario, rehearsed: Rehearsed) -> Place:
    """A copy of what was prepared."""
    place = _place(case, scenario, rehearsed.prepared, rehearsed.disk, rehearsed.known)
    place.watch.edits.standing |= rehearsed.edits
    return place


def _place(
    case: Case,
    scenario: Scenario,
    prepared: Prepared | None,
    disk: Disk,
    known: Known | None,
    at: float = BEGIN,
) -> Place:
    times = [at]
    sim = Replica(
        prepared, settings(case.weather == "hazy", scenario.switches), lambda: times[0], scenario.seed
    )
    if not scenario.licensed:
        sim.licensed_little()
    watch = Watch(Versions(sim.org.live, at - 1_000.0), known)
    watch.finished.update(key for key, row in sim.org.live.clients.rows.items() if is_finished(row))
    place = Place(case, scenario, sim, disk.copy(), watch, at)
    sim.clock._source = lambda: place.time
    return place


def rehearse(name: str, weather: Weather, store: Store = "kept") -> Rehearsed:
    """Prepare the scenario, go its way once without faults, and remember both."""
    return _rehearsed(name, weather, store)


@cache
def _rehearsed(name: str, weather: Weather, store: Store) -> Rehearsed:
    scenario = ALL[name]
    prepared, disk, edits = _prepared(name)
    case = Case(name, weather=weather, store=store)
    place = _place(case, scenario, prepared, disk, None)
    before = access_by_name(place.watch.versions, place.now)
    place.survey = survey = Survey(place.sim)
    _insist(run_once(place).how, scenario)
    place.survey, ways, trace = None, spots(place.trails, survey.idle), tuple(place.trace)
    for _ in range(4):
        place.now += SETTLED
        run_once(place)
    after = access_by_name(place.watch.versions, place.now + SETTLED)
    known = Known(before, after, at_rest(place), _walls(scenario.after), _external(scenario.after))
    return Rehearsed(prepared, disk, edits, known, ways, trace)


def known_of(scenario: Scenario) -> Known:
    """What a scenario's first run changes where no fault strikes; not where it rests, which is not asked."""
    place = _place(Case(scenario.name), scenario, None, Disk(), None)
    before = access_by_name(place.watch.versions, place.now)
    _insist(run_once(place).how, scenario)
    after = access_by_name(place.watch.versions, place.now + SETTLED)
    return Known(before, after, {}, _walls(scenario.after), _external(scenario.after))


def _insist(how: str, scenario: Scenario) -> None:
    assert how in ("done", "nothing"), f"{scenario.name} does not work without faults: {how}"


@cache
def _prepared(name: str) -> tuple[Prepared, Disk, Standing]:
    """The organisation at rest before the case begins, and what hands have changed of it by then."""
    scenario, case = ALL[name], Case(name)
    place = _place(case, scenario, None, Disk(), None, at=0.0)
    if scenario.before is not None:
        _apply(place, replace(scenario, after=scenario.before, rotates=None))
    if scenario.hands is not None:
        place.attend()
        scenario.hands(lambda method, path, body=None: _edited(place.sim, method, path, body))
    if scenario.dies_at:
        _apply(place, scenario, Fault("request", scenario.dies_at, "crash-after"))
    if scenario.rotated:
        place.disk.grow_old()
        _apply(place, replace(scenario, rotates=Asked(due=True)))
    if scenario.rotates:
        place.disk.grow_old()
    return place.sim.at_rest(), place.disk, place.watch.edits.standing


def _apply(place: Place, scenario: Scenario, *faults: Fault) -> None:
    step = replace_case(place, scenario, faults)
    how = run_once(step).how
    place.now = step.now + SETTLED
    if not faults:
        _insist(how, scenario)


def replace_case(place: Place, scenario: Scenario, faults: tuple[Fault, ...]) -> Place:
    """The same organisation and disk under another scenario's manifests."""
    case = Case(scenario.name, faults)
    step = Place(case, scenario, place.sim, place.disk, Watch(Versions(place.sim.org.live, 0.0)), place.now)
    place.sim.clock._source = lambda: step.time
    return step


def _edited(sim: Replica, method: str, path: str, body: Any) -> Any:
    status, answer = sim.edit(method, f"/api/v2/{path}", body)
    assert status < 300, answer
    return answer


def _walls(manifests: Manifests) -> dict[str, str]:
    """Tenants by the names of their divisions."""
    return {
        entry.spec.name: owner.name
        for owner in manifests.tenants
        for entry in owner.sections.get("division", ())
    }


def _external(manifests: Manifests) -> frozenset[str]:
    return frozenset(
        f"{owner.name}/client/{entry.spec.key}"
        for owner in manifests.owners
        for entry in owner.sections.get("client", ())
        if entry.spec.secret is None or entry.spec.secret.sink == EXTERNAL
    )
