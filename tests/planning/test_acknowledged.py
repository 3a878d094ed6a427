"""Acknowledged drift: what somebody answers for stays and is not counted, until its day; a leak never is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reconciler.errors import StalePlan
from reconciler.kinds import REGISTRY
from reconciler.model.access import Share
from reconciler.model.address import Selector
from reconciler.model.drift import DriftReport, Pending
from reconciler.model.drift_policy import Acknowledged, Correct, DriftPolicy
from reconciler.model.manifest import Manifests
from reconciler.model.origin import Origin
from reconciler.model.plan import Plan
from reconciler.model.state import LiveState
from reconciler.planning.drift import find_drift
from reconciler.planning.drift_policy import correction, require_foreseen
from reconciler.planning.plan import make
from tests.planning import test_subjects as subjects
from tests.planning.test_drift import ACME, FOREIGN, GLOBEX, MAIN, MINE, READER, ROLES, US, WIDER, by_hand
from tests.planning.test_subjects import group
from tests.support.build import HOME_BODY, client, live, manifests, marked, options, role, with_elsewhere

MINE_AT = "acme/client/metrics"
SLOWER = by_hand(MINE, client(3, "acme-metrics", (11, 1), accessTokenValiditySeconds=600))
SLOWER_AND_RENAMED = by_hand(MINE, client(3, "renamed", (11, 1), accessTokenValiditySeconds=600))
STRIPPED = by_hand(MINE, client(3, "acme-metrics"))
MORE = by_hand(MINE, client(3, "acme-metrics", (11, 1), (12, 1)))
TWIN = role(12, "Twin", "wfm:schedule:view")


def entry(drift: str, *fields: str, expires: str = "2026-11-20", number: int = 0) -> Acknowledged:
    place = Origin("org.yaml", 0, ("spec", "drift", "acknowledged", number))
    share = Share("load test", "sec@northwind.example", expires)
    return Acknowledged(Selector.parse(drift), frozenset(fields), share, place)


def said(*entries: Acknowledged, correct: Correct = "detect", **acme: Any) -> Manifests:
    policy = {"drift": DriftPolicy(correct, entries)}
    return manifests(ROLES, policy=policy, acme={**ACME, **acme}, globex=GLOBEX)


def state(mine: Any = MINE, reader: Any = READER, theirs: Any = None) -> LiveState:
    theirs = theirs or marked(client(4, "globex-metrics", (11, 2)), "globex/client/metrics")
    return live(divisions=[US, MAIN, HOME_BODY], roles=[reader, TWIN], clients=[mine, theirs])


def drift(reading: LiveState, wanted: Manifests, **given: Any) -> DriftReport:
    return find_drift(wanted, reading, options(**given), REGISTRY)


def plan(reading: LiveState, wanted: Manifests, **given: Any) -> Plan:
    return make(wanted, reading, options(deep=True, **given), REGISTRY)


def addresses(report: DriftReport) -> tuple[list[str], list[str]]:
    """What counts, and what is acknowledged."""
    return [str(each.address) for each in report.objects], [str(each.address) for each in report.acknowledged]


@pytest.mark.parametrize("selector", ["acme", "acme/client", MINE_AT])
def test_what_is_acknowledged_is_shown_apart_and_no_plan_touches_it(selector: str) -> None:
    wanted = said(entry(selector, "tokenSeconds"))
    report = drift(state(SLOWER), wanted)
    assert addresses(report) == ([], [MINE_AT])
    assert (report.access.gains, report.unchanged, report.pending, report.notices) == ((), 4, (), ())
    made = plan(state(SLOWER), wanted)
    assert made.changes == ()
    assert [each.rule for each in made.findings if each.address == MINE_AT] == ["drift/acknowledged"]
    assert plan(state(SLOWER), said()).changes != ()


def test_after_its_last_day_it_counts_and_is_put_right_as_any_other() -> None:
    ended = said(entry("acme", expires="2026-11-19"))
    report = drift(state(SLOWER), ended)
    assert addresses(report) == ([MINE_AT], [])
    assert [each.rule for each in report.notices] == ["drift/idle-acknowledgement"]
    assert plan(state(SLOWER), ended).digest == plan(state(SLOWER), said()).digest


@pytest.mark.parametrize(
    ("mine", "entries"),
    [
        (SLOWER_AND_RENAMED, [entry("acme", "tokenSeconds")]),
        (SLOWER, [entry("acme", "name")]),
        (SLOWER, [entry("globex")]),
        (SLOWER, [entry("acme/role")]),
    ],
    ids=["more than that", "another field", "another owner", "another kind"],
)
def test_what_is_not_covered_whole_counts_whole(mine: Any, entries: list[Acknowledged]) -> None:
    wanted = said(*entries)
    assert addresses(drift(state(mine), wanted)) == ([MINE_AT], [])
    assert [str(each.address) for each in plan(state(mine), wanted).changes] == [MINE_AT]


def test_two_entries_may_cover_one_object_together() -> None:
    both = said(entry("acme", "tokenSeconds"), entry(MINE_AT, "name", number=1, expires="2026-12-24"))
    report = drift(state(SLOWER_AND_RENAMED), both)
    assert addresses(report) == ([], [MINE_AT])
    assert {each.share.expires for each in report.acknowledged[0].acknowledged} == {
        "2026-11-20",
        "2026-12-24",
    }


def test_a_leak_is_never_acknowledged_nor_put_off() -> None:
    wanted = said(entry("acme"), entry("globex", number=1), entry("org", number=2))
    report = drift(state(SLOWER, theirs=FOREIGN), wanted)
    assert addresses(report) == (["globex/client/metrics"], [MINE_AT])
    assert report.leaks == 1
    assert [str(each.address) for each in plan(state(theirs=FOREIGN), wanted).changes] == [
        "globex/client/metrics"
    ]


def test_what_only_leaks_together_is_not_acknowledged_apart() -> None:
    """A role that grew gives more behind the foreign wall; neither hand alone says so."""
    report = drift(state(reader=WIDER, theirs=FOREIGN), said(entry("org")))
    assert addresses(report) == (["globex/client/metrics", "org/role/reader"], [])


def test_who_must_have_no_access_gets_none_acknowledged() -> None:
    """A tenant that was suspended, and what nobody declares any more."""
    suspended = said(entry("acme"), state="suspended")
    stripped = marked(client(3, "acme-metrics"), MINE_AT)
    given_back = by_hand(stripped, client(3, "acme-metrics", (11, 1)))
    assert addresses(drift(state(given_back), suspended)) == ([MINE_AT], [])
    by_command = marked(client(3, "acme-metrics"), MINE_AT, suspended=True)
    again = by_hand(by_command, client(3, "acme-metrics", (12, 1)))
    assert MINE_AT in addresses(drift(state(again), said(entry("acme"))))[0]
    orphaned = said(entry("acme"), clients=[])
    assert MINE_AT in addresses(drift(state(given_back), orphaned))[0]


def test_where_the_manifests_changed_too_what_was_reviewed_goes_on() -> None:
    named = [{**ACME["clients"][0], "name": "acme-puller"}]
    report = drift(state(SLOWER), said(entry("acme"), clients=named))
    assert addresses(report) == ([MINE_AT], [])
    assert report.objects[0].cause == "unknown"


def test_an_entry_that_covers_nothing_is_told_unless_only_a_part_was_looked_at() -> None:
    wanted = said(entry("acme"), entry("globex", number=1))
    found = drift(state(SLOWER), wanted)
    assert [each.location.path[-1] for each in found.notices if each.location] == [1]
    assert drift(state(SLOWER), wanted, only=(Selector("acme"),)).notices == ()


@pytest.mark.parametrize(
    ("given", "rule", "message"),
    [
        (entry("acme/client/metrix"), "drift/idle-acknowledgement", "nothing there is declared"),
        (entry("acme", "tokenSecond"), "drift/idle-acknowledgement", "has a field `tokenSecond`"),
        (entry("acme", expires="2026-11-19"), "drift/idle-acknowledgement", "ended after 2026-11-19"),
        (entry("acme", expires="2026-12-20"), "drift/acknowledgement-ends", "in 30 days"),
    ],
)
def test_the_manifests_alone_tell_of_entries_that_mean_nothing_or_end(
    given: Acknowledged, rule: str, message: str
) -> None:
    (found,) = [each for each in plan(state(), said(given)).findings if each.rule.startswith("drift/")]
    assert found.rule == rule and message in found.message
    assert found.location and found.location.path[:4] == given.origin.path
    assert not [
        each
        for each in plan(state(), said(entry("acme", expires="2026-12-21"))).findings
        if each.rule.startswith("drift/")
    ]


@pytest.mark.parametrize(
    ("correct", "now", "approval", "left"),
    [
        ("detect", [], [], ["both", "gain", "loss"]),
        ("downwards", ["both", "gain"], [], ["both", "loss"]),
        ("upwards", ["both", "gain"], ["both", "loss"], []),
    ],
)
def test_only_what_narrows_is_corrected_unasked_and_the_rest_waits(
    correct: Correct, now: list[str], approval: list[str], left: list[str]
) -> None:
    """`both` lost its pair and was given another, `gain` is a role that grew, `loss` a description."""
    swapped = by_hand(MINE, client(3, "acme-metrics", (12, 1)))
    theirs = marked(client(4, "globex-metrics", (11, 2)), "globex/client/metrics")
    renamed = by_hand(theirs, client(4, "renamed", (11, 2)))
    report = drift(state(swapped, WIDER, renamed), said(correct=correct))
    names = {MINE_AT: "both", "org/role/reader": "gain", "globex/client/metrics": "loss"}
    found = report.correction
    told = [sorted(names[str(each)] for each in part) for part in (found.now, found.approval, found.left)]
    assert told == [now, approval, left]
    assert found.does == ("downwards" if now else "none")


def test_what_is_acknowledged_is_not_corrected_either() -> None:
    wanted = said(entry("acme"), correct="downwards")
    report = drift(state(MORE), wanted)
    assert addresses(report) == ([], [MINE_AT]) and report.acknowledged[0].access.gains
    assert (report.correction.now, report.access.gains) == ((), ())
    assert plan(state(MORE), wanted, revoke_only=True).changes == ()
    assert plan(state(MORE), said(correct="downwards"), revoke_only=True).changes != ()


@pytest.mark.parametrize("mine", [STRIPPED, SLOWER], ids=["stripped", "slower"])
def test_what_gives_nobody_anything_is_never_narrowed(mine: Any) -> None:
    assert drift(state(mine), said(correct="downwards")).correction.now == ()


UNSURE = {**ACME, "clients": [{**ACME["clients"][0], "name": "acme-puller"}]}
"""The manifests changed as well: nothing tells the two apart."""


def test_what_the_manifests_may_have_removed_is_not_taken_back_unasked() -> None:
    report = drift(state(MORE), said(correct="downwards", clients=UNSURE["clients"]))
    assert [(each.cause, each.narrows) for each in report.objects] == [("unknown", True)]
    assert list(map(str, report.correction.left)) == [MINE_AT] and report.correction.does == "none"
    asked = drift(state(MORE), said(correct="upwards", clients=UNSURE["clients"])).correction
    assert (asked.now, list(map(str, asked.approval))) == ((), [MINE_AT])


def test_what_only_the_second_view_shows_is_taken_back_whatever_the_manifests_changed() -> None:
    wanted = said(correct="downwards", clients=UNSURE["clients"])
    report = drift(with_elsewhere(state(), 3, (12, 1)), wanted)
    assert [each.cause for each in report.objects] == ["unknown"]
    assert list(map(str, report.correction.now)) == [MINE_AT]
    both = drift(with_elsewhere(state(MORE), 3, (11, 2)), wanted)
    assert both.correction.now == (), "with it would go what nobody can tell from a change of the manifests"


def test_what_a_group_holds_is_never_taken_back_unasked() -> None:
    """It has no marker: a pair that newer manifests gave looks as one that a hand gave."""
    held = group(21, "Planners", (subjects.READER, subjects.ACME))
    told = subjects.wanted(acme=[])
    org = replace(told.org, drift=DriftPolicy("downwards"))
    report = drift(subjects.people(held), replace(told, org=org))
    assert [(each.address.kind, each.narrows) for each in report.objects] == [("grant", True)]
    assert report.correction.now == () and report.correction.left == (report.objects[0].address,)


def test_two_objects_of_one_entry_are_one_selector_and_none_where_one_of_them_is_in_doubt() -> None:
    (seen,) = drift(state(MORE), said(correct="downwards")).objects
    twin = replace(seen, address=seen.address.beside("~next"))
    assert correction("downwards", (seen, twin)).now == (seen.address,)
    assert correction("downwards", (twin,)).now == (seen.address,)
    doubtful = replace(twin, by_hand=False)
    assert correction("downwards", (seen, doubtful))[1:] == ((), (), (seen.address,))
    waiting = Pending(twin.address, "update")
    assert correction("downwards", (seen,), (waiting,))[1:] == ((), (), (seen.address,))


def test_a_correction_takes_nothing_but_the_drift_that_was_seen() -> None:
    wanted = said(correct="downwards")
    seen = drift(state(MORE), wanted)
    require_foreseen(plan(state(MORE), wanted, revoke_only=True), seen)
    newer = marked(client(3, "acme-metrics", (11, 1), (12, 1)), MINE_AT)  # written by newer manifests since
    for mine in (newer, by_hand(newer, client(3, "acme-metrics", (11, 1), (12, 1), (12, 2)))):
        with pytest.raises(StalePlan, match="written since it was looked at"):
            require_foreseen(plan(state(mine), wanted, revoke_only=True), seen)
    with pytest.raises(StalePlan):
        require_foreseen(plan(state(MORE), wanted, revoke_only=True), drift(state(), wanted))


def test_a_successor_that_drifted_is_chosen_by_a_selector_that_people_can_type() -> None:
    successor = marked(client(5, "acme-metrics (next)", (11, 1)), f"{MINE_AT}~next")
    wider = by_hand(successor, client(5, "acme-metrics (next)", (11, 1), (12, 1)))
    theirs = marked(client(4, "globex-metrics", (11, 2)), "globex/client/metrics")
    reading = live(divisions=[US, MAIN, HOME_BODY], roles=[READER, TWIN], clients=[MINE, theirs, wider])
    wanted = said(correct="downwards")
    seen = drift(reading, wanted)
    assert addresses(seen)[0] == [f"{MINE_AT}~next"]
    chosen = tuple(Selector.parse(str(each)) for each in seen.correction.now)
    made = plan(reading, wanted, only=chosen, revoke_only=True)
    assert [str(each.address) for each in made.running] == [f"{MINE_AT}~next"]
    require_foreseen(made, seen)
