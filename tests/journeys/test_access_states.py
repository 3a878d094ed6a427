"""`access --of`: the same questions of the manifests alone, and of what the plan would lead to."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.journeys.test_drift_command import QUEUES, grant
from tests.journeys.test_meridian import meridian_seed
from tests.journeys.world import MERIDIAN, World

VIEW = "routing:queue:view"
METRICS = "globex-bank/client/metrics"
TOLD = ("subject", "sort", "owner", "permission", "place", "role", "grantedIn", "through", "declared")
"""What stays the same once ids are there. `placeOwner` is left out: see its own test."""


def document(world: World, *arguments: str) -> dict[str, Any]:
    ran = world.run("access", "matrix", "-o", "json", *arguments)
    assert ran.code == 0, ran.err
    found: dict[str, Any] = ran.json
    Draft202012Validator(json.loads(world.run("schema", "access").out)).validate(found)
    return found


def rows(world: World, *arguments: str) -> set[tuple[str, ...]]:
    return {tuple(row[name] for name in TOLD) for row in document(world, *arguments)["access"]}


WORLDS: dict[str, dict[str, Any]] = {
    "northwind": {},
    "meridian": {"manifests": MERIDIAN, "seed": meridian_seed(), "org": "meridian"},
}


@pytest.mark.parametrize("name", ["northwind", pytest.param("meridian", marks=pytest.mark.full)])
def test_what_is_planned_is_what_is_live_after_the_apply(make_world: Callable[..., World], name: str) -> None:
    world = make_world(**WORLDS[name])
    if name == "meridian":
        world.change("org.yaml", "vault: {type: vault, mount: kv, ", "vault: {type: file, ")
    before, foreseen = rows(world), rows(world, "--of", "planned")
    world.settle()
    after = rows(world)
    assert len(after - before) > 15
    assert sorted(after ^ foreseen) == [] == sorted(after ^ rows(world, "--of", "planned"))


def test_what_a_hand_granted_is_live_and_not_planned(settled: World) -> None:
    clean = rows(settled)
    grant(settled, "globex-bank-metrics", QUEUES, "ACME-US")
    live, planned = rows(settled), rows(settled, "--of", "planned")
    crossing = {(row[0], row[4]) for row in live - clean}
    assert crossing == {(METRICS, "ACME-US")} and sorted(planned ^ clean) == []
    settled.settle()
    assert sorted(rows(settled) ^ planned) == []


def test_what_a_guard_withholds_stays_as_it_is(settled: World) -> None:
    settled.change("org.yaml", "  protect:\n", "  protect:\n    - globex-bank/client/archive\n")
    settled.change("tenants/globex-bank.yaml", "spec:\n", "spec:\n  state: suspended\n")
    planned = {row[0] for row in rows(settled, "--of", "planned")}
    assert METRICS not in planned and "globex-bank/client/archive" in planned


def test_of_the_manifests_alone_nobody_is_asked(world: World) -> None:
    ran, asked = world.counted("access", "why", METRICS, VIEW, "GLOBEX", "--of", "desired")
    assert (ran.code, asked) == (0, []) and ran.out.startswith("yes. ") and "profiles.yaml:" in ran.out
    ran = world.run("access", "who-can", VIEW, "GLOBEX", "--of", "desired", "-o", "json")
    assert [row["subject"] for row in ran.json["access"]] == [METRICS]
    assert world.run("access", "why", METRICS, VIEW, "ACME-CA", "--of", "desired").out.startswith("no. ")
    assert "the live catalogue alone says whether a division confines these" in ran.err


def test_the_manifests_say_what_is_live_of_what_they_declare(settled: World) -> None:
    found = document(settled, "--of", "desired")
    (gap,) = found["gaps"]
    sure = {row for row in rows(settled, "--of", "desired") if row[3] not in gap}
    declared = {row for row in rows(settled) if row[8] and row[1] != "user" and row[3] not in gap}
    assert sorted(sure ^ declared) == [] and len(sure) > 10
    assert {row["placeOwner"] for row in found["access"]} >= {"acme-retail", "globex-bank"}


def test_a_role_that_is_only_referred_to_is_open_by_the_manifests_alone(world: World) -> None:
    world.change("shared.yaml", "  roles:\n", "  roles:\n    - {key: lead, existing: {name: Supervisor}}\n")
    world.change("tenants/globex-bank.yaml", "  clients:\n", GRANT)
    ran = world.run("access", "why", "user:dana@northwind.example", VIEW, "GLOBEX", "--of", "desired")
    assert ran.out.startswith("no. ") and "org/role/lead is only referred to" in ran.err


GRANT = """  grants:
    - key: lead
      subject: {user: dana@northwind.example}
      pairs: [{role: lead, divisions: [main]}]
  clients:
"""


def test_why_of_a_planned_grant_points_at_the_line_that_will_cause_it(world: World) -> None:
    ran, writes = world.wrote("access", "why", METRICS, VIEW, "GLOBEX", "--of", "planned")
    assert (ran.code, writes) == (0, []) and "(manifests/profiles.yaml:" in ran.out
    ran = world.run("access", "why", METRICS, VIEW, "GLOBEX")
    assert ran.code == 1 and "there is no subject" in ran.err
    ran = world.run("access", "why", "group:NW WFM Team", "wfm:schedule:view", "INITECH", "--of", "planned")
    assert ran.out.startswith("yes. ") and ".yaml:" in ran.out


def test_a_document_says_of_which_state_and_when_it_was_read(settled: World) -> None:
    for state in ("live", "desired", "planned"):
        found = document(settled, "--of", state)
        assert (found["state"], found["formatVersion"]) == (state, "1")
        assert found["org"]["id"] == "6f1f2b7e-3c59-4d7c-9a55-0c5c6b0e8a01"
        assert found["read"]["from"].startswith("2026-") and found["read"]["until"].endswith("Z")
        assert bool(found["home"]) == (state != "desired")


def test_of_what_is_planned_nothing_is_said_where_no_plan_could_be_made(settled: World) -> None:
    settled.sim.faults([{"kind": "status", "status": 403, "path": "/api/v2/oauth/clients", "times": 9}])
    ran = settled.run("access", "matrix", "--of", "planned")
    assert (ran.code, ran.out) == (7, "") and "could be read only in part" in ran.err
