"""`access population` has a row for everybody, with what an auditor asks of each."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.journeys.test_baseline import listed
from tests.journeys.test_drift_command import QUEUES, grant
from tests.journeys.test_seeds_over_http import look
from tests.journeys.world import World

SHARE = "share: {reason: helps out, owner: ops@northwind.example, expires: 2027-06-30}"


def everybody(world: World, code: int = 0) -> dict[str, dict[str, Any]]:
    """The rows of the document by id."""
    ran = world.run("access", "population", "-o", "json")
    assert ran.code == code, ran.err
    Draft202012Validator(json.loads(world.run("schema", "population").out)).validate(ran.json)
    found = {each["id"]: each for each in ran.json["population"]}
    assert len(found) == len(ran.json["population"])
    return found


def table(world: World) -> list[dict[str, str]]:
    ran = world.run("access", "population", "-o", "csv")
    assert ran.code == 0, ran.err
    return list(csv.DictReader(io.StringIO(ran.out)))


def by_hand(world: World, name: str, role: str, division: str) -> str:
    """A client that somebody made in the console; its id."""
    pair = {"roleId": role, "divisionId": world.row("divisions", division)["id"]}
    body = {"name": name, "authorizedGrantType": "CLIENT-CREDENTIALS", "roleDivisions": [pair]}
    return str(world.drift("POST", "oauth/clients", body)["id"])


@pytest.mark.parametrize("seed", ["northwind-broken", "meridian", "harbor-health"])
def test_everybody_has_one_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: str) -> None:
    world, _ = look(seed, tmp_path, monkeypatch)
    state = world.sim.snapshot()
    there = {row["id"]: row for part in ("clients", "users", "groups", "trustees") for row in state[part]}
    found = everybody(world)
    assert found.keys() == {each for each, row in there.items() if row.get("state") != "deleted"}
    held = {(grant["subjectId"], grant["roleId"]) for grant in state["grants"]}
    direct = {
        each: {one["role"] for one in row["grants"] if not one["through"]} for each, row in found.items()
    }
    names = {row["id"]: row["name"] for row in state["roles"]}
    assert direct == {each: {names[role] for who, role in held if who == each} for each in found}
    for row in state["clients"]:
        one = found[row["id"]]
        assert (one["created"], one["modified"]) == (row["dateCreated"], row["dateModified"])
        assert one["state"] == row["state"]
    for row in state["users"]:
        assert found[row["id"]]["state"] == row["state"]
    assert [each["id"] for each in table(world)] == list(found)


def test_a_row_says_whose_it_is_what_declares_it_and_who_answers(settled: World) -> None:
    settled.change("tenants/globex-bank.yaml", "divisions: own}", f"divisions: [acme-retail/us], {SHARE}}}")
    settled.settle("--allow", "gains=3")
    found = {row["subject"]: row for row in everybody(settled).values()}
    (held,) = found["globex-bank/client/archive"]["grants"]
    assert (held["role"], held["division"], held["through"]) == ("Tenant Recordings", "ACME-US", "")
    assert held["declared"].startswith("manifests/tenants/globex-bank.yaml:")
    assert held["exception"]["owner"] == "ops@northwind.example"
    assert found["globex-bank/client/archive"]["standing"] == {"acme-retail": "declared"}
    assert found["org/client/auditor"]["grants"][0]["exception"]["expires"]
    assert found["initech-saas/client/desk"]["accepted"]["owner"] == "ops@northwind.example"
    (through,) = found["user:Jonas Weber"]["grants"]
    assert (through["through"], through["division"]) == ("NW WFM Team", "INITECH")
    assert found["user:Jonas Weber"]["division"] == "Home"
    assert found["group:NW Engineers"]["grants"] == []


def test_a_row_says_why_it_reaches_whom(settled: World) -> None:
    grant(settled, "globex-bank-metrics", QUEUES, "ACME-US")
    by_hand(settled, "legacy", settled.row("roles", QUEUES)["id"], "INITECH")
    told = {row["subject"]: row["standing"] for row in everybody(settled).values()}
    assert told["globex-bank/client/metrics"] == {"acme-retail": "foreign"}
    assert told["client:legacy"] == {"initech-saas": "unowned"}
    assert told["client:nw-reconciler"] == {"*": "operator"}
    assert told["org/client/auditor"] == {"*": "organisation"}
    assert told["user:Dana Keller"] == {"*": "staff"} and told["acme-retail/client/metrics"] == {}
    assert told["group:NW WFM Team"] == {"initech-saas": "declared"}
    listed(settled, QUEUES)
    found = {row["subject"]: row for row in everybody(settled).values()}["client:legacy"]
    assert (
        found["standing"] == {"initech-saas": "excepted"}
        and found["grants"][0]["exception"]["owner"] == "sec"
    )


def test_it_says_of_everybody_what_prove_says_of_who_reaches_a_tenant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, _ = look("northwind-broken", tmp_path, monkeypatch)
    reachers = world.run("prove", "-o", "json").json["everywhere"]
    told = {row["subject"]: row["standing"].get("*") for row in everybody(world).values()}
    assert len(reachers) > 10
    assert {each["subject"]: each["standing"] for each in reachers}.items() <= told.items()


def test_the_table_is_the_document_and_runs_nothing(settled: World) -> None:
    role = settled.drift("POST", "authorization/roles", {"name": "=cmd", "permissionPolicies": []})["id"]
    made = by_hand(settled, "=HYPERLINK(1)", role, "INITECH")
    rows = {row["id"]: row for row in table(settled)}
    assert rows[made]["name"] == "'=HYPERLINK(1)" and rows[made]["grants"].startswith("'=cmd in INITECH")
    assert not [cell for row in rows.values() for cell in row.values() if cell.startswith(("=", "+", "@"))]
    for identity, one in everybody(settled).items():
        row = rows[identity]
        assert row["grants"].count(" in ") >= len(one["grants"])
        assert int(row["undeclared"]) == sum(not each["declared"] for each in one["grants"])
        assert row["organizationId"] == "6f1f2b7e-3c59-4d7c-9a55-0c5c6b0e8a01" and row["readAt"].endswith("Z")


def test_groups_that_may_not_be_listed_are_a_gap(settled: World) -> None:
    settled.sim.faults([{"kind": "status", "status": 403, "path": "/api/v2/groups", "times": 9}])
    ran, writes = settled.wrote("access", "population")
    assert (ran.code, writes) == (7, []) and "groups: may not be read" in ran.err and "Dana Keller" in ran.out
