"""Of two objects with one marker the one that nobody can use goes; whatever works, or is pinned, stays."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reconciler.model.manifest import Limits
from reconciler.model.plan import Plan
from reconciler.planning.approve import reviewed_in
from tests.support.build import (
    ORG_ID,
    client,
    division,
    guards,
    live,
    manifests,
    marked,
    metrics,
    operation_ids,
    org,
    plan,
    role,
)

US, READER, METRICS = "acme/division/us", "org/role/reader", "acme/client/metrics"
WALL = marked(division(1, "ACME-US"), US)
ROLE = marked(role(11, "Reader", "routing:queue:view"), READER)


def wanted(**entry: Any) -> Any:
    shared = {"roles": [{"key": "reader", "name": "Reader", "permissions": ["routing:queue:view"]}]}
    grants = {"role": "reader", "divisions": ["us"]}
    acme = {"divisions": [{"key": "us", "name": "ACME-US"}], "clients": [metrics(grants, **entry)]}
    return manifests(shared, acme=acme)


def working(number: int) -> dict[str, Any]:
    return marked(client(number, "acme-metrics", (11, 1)), METRICS)


def half(number: int, born: str = "", **more: Any) -> dict[str, Any]:
    body = client(number, "acme-metrics", state=more.pop("state", "inactive"), dateCreated=born, **more)
    return marked(body, METRICS, nonce="0000abcd")


def made(*clients: dict[str, Any], **entry: Any) -> Plan:
    return plan(wanted(**entry), live(divisions=[WALL], roles=[ROLE], clients=list(clients)))


def requests(found: Plan) -> list[tuple[str, str]]:
    return [
        (item.method, item.path.rpartition("/")[2]) for item in found.operations if item.does == "request"
    ]


@pytest.mark.parametrize("order", [1, -1])
def test_beside_one_that_works_the_half_finished_one_is_deleted(order: int) -> None:
    found = made(*[working(21), half(22)][::order])
    assert requests(found) == [("DELETE", "00000016-0000-4000-8000-000000000000")] and not found.withheld


def test_of_two_halves_the_older_is_finished_and_the_other_goes_in_the_next_run() -> None:
    found = made(half(22, "2026-11-20T10:00:00.000Z"), half(21, "2026-11-20T11:00:00.000Z"))
    assert {change.id for change in found.running} == {"00000016-0000-4000-8000-000000000000"}
    assert f"{METRICS}:renew" in operation_ids(found)


def test_a_half_that_was_born_active_is_switched_off_first() -> None:
    found = made(working(21), half(22, state="active"))
    assert [(item.action, item.fields[0].path) for item in found.running] == [("revoke", "state")]
    assert requests(found) == [("PUT", "00000016-0000-4000-8000-000000000000")]


def test_two_that_work_are_left_to_people() -> None:
    assert guards(made(working(21), working(22))) == {METRICS: "duplicate"}


def test_a_rotation_under_way_is_no_half() -> None:
    rotating = marked(client(22, "acme-metrics", (11, 1)), METRICS, nonce="0000abcd")
    assert guards(made(working(21), rotating)) == {METRICS: "duplicate"}


def test_what_the_manifest_pins_stays() -> None:
    found = made(working(21), half(22), id="00000016-0000-4000-8000-000000000000")
    assert not any(item.method == "DELETE" for item in found.operations)


def test_it_goes_without_a_review_and_counts_as_a_removal() -> None:
    state = live(divisions=[WALL], roles=[ROLE], clients=[working(21), half(22)])
    reviewed = reviewed_in([made(working(21))], ORG_ID)
    found = plan(wanted(), state, reviewed=reviewed)
    assert [change.action for change in found.running] == ["delete"]
    assert guards(plan(wanted(), state, allow={"removals": 2})) == {METRICS: "removals"}


def test_who_is_switched_on_waits_for_its_role_as_who_gains_it_does() -> None:
    grown = marked(role(11, "Reader", "routing:queue:edit"), READER)
    off = {**working(21), "state": "inactive"}
    generous = replace(wanted(), org=org(limits=Limits(change_percent=100)))
    found = plan(generous, live(divisions=[WALL], roles=[grown], clients=[off]))
    (put,) = [item for item in found.operations if item.id == f"{METRICS}:update"]
    assert any("must have settled" in edge.reason for edge in put.after), put.after
