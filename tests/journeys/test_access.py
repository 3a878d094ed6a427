"""`access` answers who can, why, and why not, and points to the line of the manifests that did it."""

from __future__ import annotations

import csv
import io
import json

import pytest
from jsonschema import Draft202012Validator

from tests.journeys.test_drift_command import QUEUES, grant
from tests.journeys.world import World

VIEW = "routing:queue:view"
METRICS = "globex-bank/client/metrics"


def test_why_points_to_the_line_that_granted_it(settled: World) -> None:
    ran, writes = settled.wrote("access", "why", METRICS, VIEW, "GLOBEX")
    assert (ran.code, writes) == (0, [])
    assert ran.out.startswith(f"yes. {METRICS} can use {VIEW} in GLOBEX:")
    assert f"{QUEUES} in GLOBEX (" in ran.out and "profiles.yaml:" in ran.out


def test_why_not_names_where_it_is_held_instead(settled: World) -> None:
    ran = settled.run("access", "why", METRICS, VIEW, "ACME-CA")
    assert ran.code == 0 and ran.out.startswith("no. ")
    assert f"It holds {QUEUES} in GLOBEX (" in " ".join(ran.out.split())
    ran = settled.run("access", "why", METRICS, "recording:recording:view", "GLOBEX")
    assert f"There it holds {QUEUES}, without that permission." in " ".join(ran.out.split())
    ran = settled.run("access", "why", METRICS, "recording:recording:view", "ACME-CA")
    assert "It holds that permission nowhere, and nothing there." in ran.out


def test_who_can_tells_hands_from_manifests_and_groups_from_people(settled: World) -> None:
    grant(settled, "globex-bank-metrics", QUEUES, "ACME-US")
    ran = settled.run("access", "who-can", VIEW, "ACME-US", "-o", "json")
    answer = json.loads(ran.out)
    Draft202012Validator(json.loads(settled.run("schema", "access").out)).validate(answer)
    rows = {row["subject"]: row for row in answer["access"]}
    assert rows[METRICS]["declared"] == "" and rows["acme-retail/client/metrics"]["declared"]
    assert rows["user:Dana Keller"]["said"] == "routing:*:*"
    assert rows["user:Dana Keller"]["grantedIn"] == "*"
    ran = settled.run("access", "who-can", "wfm:schedule:view", "INITECH", "-o", "json")
    group = {row["through"] for row in json.loads(ran.out)["access"] if row["role"] == "WFM Planner"}
    assert group == {"", "NW WFM Team"}


def test_the_matrix_is_a_table_with_a_row_for_each_grant_that_gives_a_cell(settled: World) -> None:
    ran = settled.run("access", "matrix", "-o", "csv")
    rows = list(csv.DictReader(io.StringIO(ran.out)))
    mine = {(row["permission"], row["place"]) for row in rows if row["subject"] == METRICS}
    assert (VIEW, "GLOBEX") in mine and {place for _, place in mine} == {"GLOBEX"}
    ran = settled.run("access", "matrix")
    assert "acme-retail/client/adherence\n  can view real-time adherence" in ran.out
    assert "do anything with all of telephony" in " ".join(ran.out.split())


def test_a_name_that_a_spreadsheet_would_run_is_inert_in_the_table(settled: World) -> None:
    row = settled.row("roles", QUEUES)
    body = {"name": '=HYPERLINK("x")', "permissionPolicies": row["permissionPolicies"]}
    settled.drift("PUT", f"authorization/roles/{row['id']}", body)
    ran = settled.run("access", "matrix", "-o", "csv")
    names = {each["role"] for each in csv.DictReader(io.StringIO(ran.out))}
    assert '\'=HYPERLINK("x")' in names and not any(name.startswith("=") for name in names)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("why", "globex-bank/client/metric", VIEW, "GLOBEX"), f"did you mean `{METRICS}`?"),
        (("why", METRICS, VIEW, "GLOBX"), "did you mean `GLOBEX`?"),
        (("who-can", VIEW, "nowhere"), "there is no division `nowhere`"),
    ],
)
def test_nobody_of_that_name_is_a_usage_error(settled: World, arguments: tuple[str, ...], said: str) -> None:
    ran = settled.run("access", *arguments)
    assert (ran.code, ran.out) == (1, "") and said in ran.err
