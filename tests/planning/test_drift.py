"""Drift: who changed it is told by the marker, what it means by the access it gives."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reconciler.errors import UsageError
from reconciler.kinds import REGISTRY
from reconciler.model.access import EVERYWHERE
from reconciler.model.address import Selector
from reconciler.model.drift import Drifted, DriftReport
from reconciler.model.manifest import Manifests
from reconciler.model.state import LiveState
from reconciler.planning.drift import find_drift
from tests.support.build import (
    HOME_BODY,
    by_id,
    client,
    division,
    live,
    manifests,
    marked,
    metrics,
    options,
    role,
    uid,
    with_elsewhere,
)

VIEW, EDIT = "routing:queue:view", "routing:queue:edit"
ROLES = {"roles": [{"key": "reader", "name": "Reader", "permissions": [VIEW]}]}
OWN = {"role": "reader", "divisions": "own"}
ACME = {"divisions": [{"key": "us", "name": "ACME"}], "clients": [metrics(OWN)]}
GLOBEX = {
    "divisions": [{"key": "main", "name": "GLOBEX"}],
    "clients": [metrics(OWN, name="globex-metrics")],
}
WANTED = manifests(ROLES, acme=ACME, globex=GLOBEX)
DANA = {"modifiedBy": {"id": uid(77), "name": "Dana"}, "dateModified": "2026-11-19T17:40:00Z"}

US, MAIN = (
    marked(division(1, "ACME"), "acme/division/us"),
    marked(division(2, "GLOBEX"), "globex/division/main"),
)
READER = marked(role(11, "Reader", VIEW), "org/role/reader")
MINE = marked(client(3, "acme-metrics", (11, 1)), "acme/client/metrics")
THEIRS = marked(client(4, "globex-metrics", (11, 2)), "globex/client/metrics")


def by_hand(body: dict[str, Any], changed: dict[str, Any]) -> dict[str, Any]:
    """`changed` with the marker that stands on `body`: its hash is that of what we wrote."""
    return {**changed, "description": body["description"]}


def state(*replaced: dict[str, Any], without: int = 0, **more: Any) -> LiveState:
    """The organisation as declared, but for these bodies."""
    new = {body["id"]: body for body in replaced}
    sections = {"divisions": [US, MAIN], "roles": [READER], "clients": [MINE, THEIRS]}
    bodies = {
        name: [new.pop(body["id"], body) for body in found if body["id"] != uid(without)]
        for name, found in sections.items()
    }
    bodies["divisions"].append(HOME_BODY)
    bodies["roles"] += new.values()
    return live(**bodies, **more)


def drift(reading: LiveState, wanted: Manifests = WANTED, **given: Any) -> DriftReport:
    return find_drift(wanted, reading, options(**given), REGISTRY)


def only(report: DriftReport) -> Drifted:
    (item,) = report.objects
    return item


def cells(item: Drifted) -> set[tuple[str, str, str]]:
    return {(gain.subject, gain.permission, gain.division) for gain in item.access.gains}


WIDER = by_hand(READER, role(11, "Reader", VIEW, EDIT))
FOREIGN = by_hand(THEIRS, client(4, "globex-metrics", (11, 2), (11, 1), **DANA))


def test_as_declared_is_no_drift() -> None:
    report = drift(state())
    assert (report.objects, report.pending, report.unchanged) == ((), (), 5)


def test_a_foreign_pair_is_a_leak_with_the_wall_it_crosses() -> None:
    item = only(drift(state(FOREIGN)))
    assert (str(item.address), item.cause, item.severity) == ("globex/client/metrics", "drift", "critical")
    assert cells(item) == {("globex/client/metrics", VIEW, uid(1))}
    (leak,) = item.leaks
    assert (leak.finding.rule, leak.finding.address) == (
        "isolation/foreign-division",
        "globex/client/metrics",
    )
    assert leak.access in item.access.gains and leak.access.via == "org/role/reader"
    assert (item.modified_by, item.modified_at) == ("Dana", "2026-11-19T17:40:00Z")


def test_a_widened_role_fans_out_to_everybody_who_holds_it() -> None:
    item = only(drift(state(WIDER)))
    assert (item.severity, item.leaks) == ("high", ())
    assert cells(item) == {
        ("acme/client/metrics", EDIT, uid(1)),
        ("globex/client/metrics", EDIT, uid(2)),
    }
    assert (item.modified_by, item.modified_at) == ("", "")


def test_access_that_needs_both_hands_is_laid_to_both() -> None:
    report = drift(state(WIDER, FOREIGN))
    pair, permission = report.objects
    who = "globex/client/metrics"
    assert cells(pair) == {(who, VIEW, uid(1)), (who, EDIT, uid(1))}
    assert cells(permission) == {
        (who, EDIT, uid(1)),
        (who, EDIT, uid(2)),
        ("acme/client/metrics", EDIT, uid(1)),
    }
    assert [item.severity for item in report.objects] == ["critical", "critical"]
    assert len(report.access.gains) == len(cells(pair) | cells(permission))


def test_two_roles_that_give_the_same_are_both_to_blame() -> None:
    twin = {"key": "twin", "name": "Twin", "permissions": ["wfm:schedule:view"]}
    wanted = manifests(
        {"roles": [*ROLES["roles"], twin]},
        acme={**ACME, "clients": [metrics(OWN, {"role": "twin", "divisions": "own"})]},
        globex=GLOBEX,
    )
    second = marked(role(12, "Twin", "wfm:schedule:view"), "org/role/twin")
    mine = marked(client(3, "acme-metrics", (11, 1), (12, 1)), "acme/client/metrics")
    wider = by_hand(second, role(12, "Twin", "wfm:schedule:view", EDIT))
    report = drift(state(WIDER, wider, mine), wanted)
    assert all(("acme/client/metrics", EDIT, uid(1)) in cells(item) for item in report.objects)
    assert len(report.objects) == 2


@pytest.mark.parametrize(
    ("body", "changed", "severity", "lost"),
    [
        (MINE, client(3, "acme-metrics"), "medium", 1),
        (MINE, client(3, "acme-metrics", (11, 1), accessTokenValiditySeconds=600), "medium", 0),
        (MINE, client(3, "acme-metrics", (11, 1), state="inactive"), "medium", 0),
        (MINE, client(3, "renamed", (11, 1)), "low", 0),
        (READER, role(11, "Reader"), "medium", 2),
        (MINE, client(3, "acme-metrics", (11, 1), (11, EVERYWHERE)), "critical", 0),
    ],
    ids=["stripped", "tokens", "inactive", "renamed", "narrowed", "everywhere"],
)
def test_how_bad_it_is(body: dict[str, Any], changed: dict[str, Any], severity: str, lost: int) -> None:
    item = only(drift(state(by_hand(body, changed))))
    assert (item.severity, len(item.access.losses)) == (severity, lost)


def test_a_role_widened_that_nobody_holds_is_grave_all_the_same() -> None:
    wanted = manifests(ROLES, acme={"divisions": ACME["divisions"]})
    reading = live(divisions=[US, HOME_BODY], roles=[WIDER])
    item = only(drift(reading, wanted))
    assert (item.severity, item.access.gains) == ("high", ())


def test_what_the_manifests_changed_is_pending_and_no_drift() -> None:
    wanted = manifests({"roles": [{**ROLES["roles"][0], "permissions": [EDIT]}]}, acme=ACME, globex=GLOBEX)
    report = drift(state(), wanted)
    assert report.objects == ()
    assert [(str(item.address), item.action) for item in report.pending] == [("org/role/reader", "update")]
    assert report.unchanged == 4


def test_what_both_changed_is_drift_of_unknown_cause() -> None:
    wanted = manifests({"roles": [{**ROLES["roles"][0], "name": "Readers"}]}, acme=ACME, globex=GLOBEX)
    renamed = {**WIDER, "name": "Reader"}
    item = only(drift(state(renamed), wanted))
    assert (item.cause, item.severity) == ("unknown", "high")


def test_a_marker_of_a_scheme_we_cannot_judge_is_no_drift() -> None:
    body = marked(role(11, "Reader", VIEW, EDIT), "org/role/reader", hash8="90000000")
    report = drift(state(body))
    assert report.objects == () and len(report.pending) == 1


def test_a_pair_that_only_the_second_view_shows_is_drift_whoever_wrote_the_marker() -> None:
    reading = with_elsewhere(state(), 4, (11, 1))
    assert only(drift(reading)).severity == "critical"
    judged = marked(client(4, "globex-metrics", (11, 2)), "globex/client/metrics", hash8="90000000")
    assert str(only(drift(with_elsewhere(state(judged), 4, (11, 1)))).address) == "globex/client/metrics"


def test_the_time_of_a_grant_is_told_and_our_own_client_is_no_culprit() -> None:
    ours = {"modifiedBy": {"id": uid(999), "name": "nw-reconciler"}, "dateModified": "2026-11-18T09:00:00Z"}
    reading = state(by_hand(THEIRS, client(4, "globex-metrics", (11, 2), (11, 1), **ours)))
    item = by_id(reading, uid(4))
    seen = replace(item, granted={(uid(11), uid(1)): "2026-11-19T17:40:00Z", (uid(11), uid(2)): "2026"})
    readings = {
        name: replace(found, objects=tuple(seen if each is item else each for each in found.objects))
        for name, found in reading.readings.items()
    }
    found = only(drift(replace(reading, readings=readings)))
    assert [tuple(pair) for pair in found.granted] == [(uid(11), uid(1), "2026-11-19T17:40:00Z")]
    assert (found.modified_by, found.modified_at) == ("", "")


@pytest.mark.parametrize(
    ("by", "who"),
    [
        ({"id": uid(3)}, "acme-metrics"),
        ({"id": uid(78)}, uid(78)),
        ({"name": "nobody"}, ""),
        ("somebody", ""),
        (None, ""),
    ],
)
def test_who_is_a_name_where_one_was_read_and_else_an_id(by: Any, who: str) -> None:
    body = by_hand(THEIRS, client(4, "other", (11, 2), modifiedBy=by))
    item = only(drift(state(body)))
    assert (item.modified_by, item.modified_at) == (who, "")


def test_what_was_deleted_by_hand_cannot_be_told_from_what_is_new() -> None:
    report = drift(state(without=4))
    assert report.objects == ()
    assert [(str(item.address), item.action) for item in report.pending] == [
        ("globex/client/metrics", "create")
    ]


def test_only_narrows_what_is_looked_at_but_not_what_it_is_compared_with() -> None:
    reading = state(WIDER, FOREIGN)
    report = drift(reading, only=(Selector("globex"),))
    assert [str(item.address) for item in report.objects] == ["globex/client/metrics"]
    assert (report.only, report.unchanged) == (("globex",), 1)
    with pytest.raises(UsageError, match="selects nothing"):
        drift(reading, only=(Selector("nobody"),))


def test_a_grant_given_to_an_orphan_after_it_was_stripped_is_drift() -> None:
    wanted = manifests(ROLES, acme=ACME, globex={"divisions": GLOBEX["divisions"]})
    stripped = marked(client(4, "globex-metrics"), "globex/client/metrics")
    assert drift(state(stripped), wanted).objects == ()
    item = only(drift(state(by_hand(stripped, client(4, "globex-metrics", (11, 2)))), wanted))
    assert (item.cause, item.severity) == ("drift", "high")
    assert drift(state(), wanted).objects == ()  # as we left it: what left the manifests is pending


def test_what_a_guard_would_hold_back_is_drift_all_the_same() -> None:
    """A renamed wall may carry a copied marker: apply waits for an author, drift tells."""
    renamed = by_hand(US, {**division(1, "ELSEWHERE"), "description": ""})
    item = only(drift(state(renamed)))
    assert (str(item.address), item.name, item.severity) == ("acme/division/us", "ELSEWHERE", "low")


def test_a_doubtful_role_shows_what_it_gives_although_nothing_would_run() -> None:
    item = only(drift(state({**WIDER, "name": "Readers"})))
    assert (item.name, len(item.access.gains)) == ("Readers", 2)


def test_a_pair_that_adds_nothing_to_what_is_declared_gives_no_access() -> None:
    same = role(12, "Same", VIEW)
    body = by_hand(THEIRS, client(4, "globex-metrics", (11, 2), (12, 2)))
    item = only(drift(state(body, same)))
    assert (item.severity, item.access.gains, len(item.granted)) == ("high", (), 1)
