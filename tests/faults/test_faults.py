"""The harness itself, on a few cases: what it counts, what it sees, and that a line replays what it says."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from reconciler.engine import readback
from reconciler.engine.context import DONE
from reconciler.genesys import retrying
from reconciler.simulator.exchange import Request
from tests.faults import campaign, kinds, matrix
from tests.faults.campaign import judge, quietly
from tests.faults.case import STORES, Case, Fault, Store, Weather
from tests.faults.monitors.ends import end_state, unsaid
from tests.faults.organisation import DOMAINS
from tests.faults.place import UNHEARD
from tests.faults.processes import points
from tests.faults.rehearsal import new_place, rehearse
from tests.faults.runs import run_case, run_once
from tests.faults.scenarios import ALL
from tests.faults.story import NAMES, History, histories
from tests.support.canary import drawn

REGRESSIONS = Path(__file__).with_name("regressions.jsonl").read_text("utf-8").splitlines()
"""What the harness found, each a violation before it was mended: a secret made anew for a client that works,
a twin that stayed, a role that grew before its loss had settled, a client switched on while its role was
still drifted, a group that reached two tenants, a role that grew by the word of a journal of older runs."""

WINDING = "role-changes"
"""In haze who finds no earlier run on record waits, and reads once more: the stores' ways differ."""


@pytest.fixture(autouse=True)
def _quiet() -> None:
    quietly()


@pytest.mark.parametrize("line", REGRESSIONS)
def test_what_was_found_stays_mended(line: str) -> None:
    _, outcome = judge(line)
    assert outcome.violations == () and outcome.reached == 1, outcome


@pytest.mark.parametrize(
    ("weather", "store"),
    [
        ("calm", "kept"),
        pytest.param("calm", "off", marks=pytest.mark.full),
        *(pytest.param("hazy", store, marks=pytest.mark.full) for store in STORES["hazy"]),
    ],
)
def test_without_faults_every_scenario_ends_where_it_should(weather: Weather, store: Store) -> None:
    for name in ALL:
        outcome = run_case(new_place(Case(name, weather=weather, store=store)))
        assert outcome.violations == (), (name, outcome)


def test_some_faults_of_every_kind_are_survived() -> None:
    alike: dict[str, list[Case]] = defaultdict(list)
    for case in matrix.singles("half-born", "calm"):
        alike[case.faults[0].kind].append(case)
    assert alike.keys() == {kind for sort in kinds.SORTS.values() for kind in sort}
    for case in (cases[len(cases) // 2] for cases in alike.values()):
        _, outcome = judge(str(case))
        assert outcome.violations == () and outcome.reached == 1, (str(case), outcome)


@pytest.mark.full
def test_every_kind_of_fault_has_an_effect() -> None:
    def way(case: Case) -> tuple[object, ...]:
        place = new_place(case)
        return (run_case(place).runs, tuple(place.log), place.disk.files)

    undisturbed, cases = way(Case("half-born")), list(matrix.singles("half-born", "calm"))
    for kind in {case.faults[0].kind for case in cases}:
        alike = [case for case in reversed(cases) if case.faults[0].kind == kind]
        assert any(way(case) != undisturbed for case in alike), kind


def test_the_matrix_says_where_it_has_a_hole() -> None:
    cases = matrix.all_singles([WINDING])
    assert matrix.holes(cases, [WINDING]) == []
    for where in ("request", "disk", "pause", "turn"):
        struck = [case for case in cases if case.weather == "hazy" and _struck(case) == where]
        gone = struck[len(struck) // 2]
        assert matrix.holes([case for case in cases if case != gone], [WINDING]), gone
    same = [replace(case, store="lost") for case in cases]
    assert f"('{WINDING}', 'hazy', 'kept', 'request', 'stale')" in matrix.holes(same, [WINDING])


def test_a_place_is_known_by_what_happens_there_and_not_by_its_number() -> None:
    """Stores that take turns by number leave places that another way numbers otherwise without a kind."""
    ways = {store: rehearse(WINDING, "hazy", store).ways["request"] for store in STORES["hazy"]}
    by_number = [
        Case(WINDING, (Fault("request", at, kind),), "hazy", store=[*ways][number % len(ways)])
        for at in range(1, max(map(len, ways.values())) + 1)
        for number, kind in enumerate(kinds.SORTS["request"], start=at)
    ]
    cases = matrix.all_singles([WINDING])
    others = [case for case in cases if case.weather == "calm" or _struck(case) != "request"]
    assert len(matrix.holes([*others, *by_number], [WINDING])) > len(kinds.SORTS["request"])


def _struck(case: Case) -> str:
    return case.faults[0].where if case.faults else ""


def test_faults_are_drawn_where_they_can_do_anything() -> None:
    """A list shifts, a read is stale where something was written before, an administrator finds something."""
    ways = rehearse("birth", "calm").ways["request"]
    able = {kind: [spot.what for spot in ways if kind in spot.kinds] for kind in kinds.SORTS["request"]}
    assert len(able["refuse"]) == len(ways)
    assert "stale" not in ways[1].kinds and all(str(what).startswith("GET ") for what in able["stale"])
    assert 0 < len(able["stale"]) < len(ways) / 2 and len(able["page-shift"]) == 4
    assert 0 < len(able["administrator"]) < len(ways)


@pytest.mark.full
def test_the_whole_matrix_has_no_holes() -> None:
    cases = matrix.all_singles()
    assert len(cases) >= 20_000 and matrix.holes(cases) == []
    assert len(matrix.quick(least=3_000)) >= 3_000


def test_kinds_are_as_many_as_the_guarantees_say() -> None:
    assert (len({*kinds.REQUEST}), len({*kinds.DISK})) == (17, 6)


def test_who_goes_on_behind_what_was_done_leaves_nothing_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Cases are told in their order, so that of two halves the second begins where the first one ended."""
    monkeypatch.setattr(campaign, "_EVERY", 0.0)
    cases, tried = [*islice(matrix.singles("no-op", "calm"), 12)], list[str]()

    def noting(line: str) -> campaign.Judged:
        tried.append(line)
        return judge(line)

    monkeypatch.setattr(campaign, "judge", noting)
    campaign.campaign(cases[:5], workers=1, skip=0, before=100)
    told = capsys.readouterr().err.splitlines()[-1]
    figures = campaign.campaign(cases, workers=1, skip=int(told.rpartition(" ")[2]) - 100)
    assert tried == [str(case) for case in cases]
    assert figures.told().startswith("behind the first 5: 7 cases, 0 violations")


def test_runs_of_scenarios_read_the_permissions_that_they_name() -> None:
    """Their organisation's catalogue is short; what it lacked would count as confined by no division."""
    for scenario in ALL.values():
        for manifests in filter(None, (scenario.before, scenario.after)):
            roles = [each.spec for owner in manifests.owners for each in owner.sections.get("role", ())]
            named = {str(getattr(each, "permission", each)) for role in roles for each in role.permissions}
            assert {each.partition(":")[0] for each in named} <= DOMAINS, scenario.name


def test_a_single_fault_that_never_strikes_is_a_violation() -> None:
    line = str(Case("no-op", (Fault("request", 10_000, "refuse"),)))
    assert [each.words for each in judge(line)[1].violations] == ["the fault was never reached"]
    assert judge(str(Case("no-op")))[1].violations == ()


def test_half_a_file_of_a_sink_is_nothing_that_it_holds() -> None:
    torn = [case for case in matrix.singles("rotation-in-place", "calm") if case.faults[0].kind == "torn"]
    left: set[str] = set()
    for case in torn:
        place = new_place(case)
        before = dict(place.disk.credentials)
        assert run_once(place).how == "killed"
        unfinished = {name for name in place.disk.files if "/.new." in name}
        assert not unfinished or place.disk.credentials == before
        left |= unfinished
    assert left == {"sink:acme/.new.metrics.json"}


@pytest.mark.parametrize("kind", ["timeout-after", "truncate", "crash-after", "proxy-page", "cancel-after"])
def test_an_answer_that_never_reached_the_run_was_not_heard(kind: str) -> None:
    """Whether lost, cut, of a proxy or come too late; one that came late was."""
    for struck, heard in ((kind, UNHEARD), ("drip", 200)):
        place = new_place(Case("no-op", (Fault("request", 6, struck),)))
        run_once(place)
        assert place.log[5] == ("GET", "/api/v2/authorization/roles", heard), struck


def test_who_calls_done_what_was_read_back_to_nobody_is_noticed() -> None:
    """A run that asks once after each write, and takes a lost answer for a good one."""

    async def glance(address: Any, look: Any, context: Any) -> Any:
        await look()
        return DONE

    cases = [case for case in matrix.singles("orphans-deleted", "calm") if _reads_back(case)]
    with patch.object(readback, "_looked", glance), patch.object(retrying, "attempts", lambda *_: 1):
        for kind in ("timeout-after", "truncate", "proxy-page"):
            found = [judge(str(case))[1].violations for case in cases if case.faults[0].kind == kind]
            assert "S seen" in {each.monitor for violations in found for each in violations}, kind


def _reads_back(case: Case) -> bool:
    where, at, _ = case.faults[0]
    line = rehearse(case.scenario, case.weather, case.store).trace[at - 1] if where == "request" else ""
    return line.startswith("GET /api/v2/oauth/clients/")


def test_a_line_says_all_there_is_to_a_case() -> None:
    case = Case(
        "birth", (Fault("request", 12, "timeout-after"), Fault("disk", 3, "torn")), "hazy", 7.0, "lost"
    )
    assert Case.parse(str(case)) == case
    assert judge(str(case)) == judge(str(case))


def test_faults_go_on_being_counted_after_a_restart() -> None:
    number = len(rehearse("birth", "calm").trace)
    faults = (Fault("request", 10, "crash-after"), Fault("request", number, "unavailable"))
    place = new_place(Case("birth", faults))
    outcome = run_case(place)
    assert place.struck == list(faults) and outcome.runs[0] == "killed", outcome


def test_histories_run_the_same_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    traces: list[tuple[str, ...]] = []
    leave = History.teardown

    def noting(history: History) -> None:
        leave(history)
        traces.append(tuple(history.place.trace))

    monkeypatch.setattr(History, "teardown", noting)
    histories(2)
    first = [*traces]
    traces.clear()
    histories(2)
    assert traces == first and any(first)


@pytest.mark.parametrize(("at", "judged"), [(8, True), (9, True), (12, True), (14, True), (11, False)])
def test_the_end_is_judged_after_deeds_that_a_run_takes_back(at: int, judged: bool) -> None:
    """In that order: a client renamed, switched off, stripped of grants, a role emptied; a marker taken."""
    place = new_place(Case("no-op"))
    place.administrate(at)
    assert bool([*end_state(place)]) is judged
    assert run_case(place).violations == () and [*end_state(place)] == []


def test_a_part_of_a_secret_in_a_url_is_noticed() -> None:
    place = new_place(Case("no-op"))
    place.secrets.add(drawn(1))
    assert [*unsaid(place)] == []
    place.sim.respond(Request("GET", "/api/v2/oauth/clients", f"name={drawn(1)[9:26]}", {}, b""))
    assert "a secret was said, spelt as plain" in [*unsaid(place)]


def test_a_role_waits_for_a_loss_that_a_limit_holds_back() -> None:
    """A history found it: a tenant left the manifests, so nobody lost anything, and its role grew."""
    history = History()
    history.begin(sort=("calm", "kept"))
    for version in ("tenants-come", "role-changes"):
        history.edit(number=NAMES.index(version))
        history.apply()
    assert {each.guard for each in history.place.withheld} == {"removals", "waiting"}
    history.nothing_is_violated()
    history.teardown()


def test_points_of_death_lie_all_over_a_run() -> None:
    chosen = points(10)
    assert [point.at for point in chosen] == sorted({point.at for point in chosen})
    assert {point.committed for point in chosen} == {True, False} and chosen[-1].at > 45
