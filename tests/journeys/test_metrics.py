"""`--metrics FILE`: what a run came to, for a textfile collector."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from reconciler.telemetry.metrics import BY_NAME
from tests.journeys.test_drift_command import QUEUES, grant, widen
from tests.journeys.world import Ran, World
from tests.support.clock import START

FILE = "northwind.prom"
Values = dict[tuple[str, ...], float]


def measured(world: World, *arguments: str) -> tuple[Ran, dict[str, Values]]:
    """Run a command with `--metrics`; what the file says, by metric and label values."""
    ran = world.run(*arguments, "--metrics", FILE)
    return ran, read(world.place / FILE)


def read(path: Path) -> dict[str, Values]:
    found: dict[str, Values] = {}
    for family in text_string_to_metric_families(path.read_text("utf-8")):
        for sample in family.samples:
            labels = tuple(sample.labels[name] for name in BY_NAME[sample.name].labels)
            found.setdefault(sample.name, {})[labels] = sample.value
    return found


def test_an_apply_counts_what_it_did_and_asked(world: World) -> None:
    before = len(world.sim.requests)
    ran, values = measured(world, "apply", "--auto-approve")
    run, sent = ("northwind", "apply"), world.sim.requests[before:]
    assert ran.code == 0 and values["reconciler_run_exit_code"] == {run: 0}
    asked = values["reconciler_run_requests"]
    assert asked[*run, "read"] + asked[*run, "write"] == len(sent)
    reads = ("/oauth/token", "/api/v2/groups/search", "/api/v2/users/search")
    assert asked[*run, "write"] == sum(each.method != "GET" and each.path not in reads for each in sent)
    assert values["reconciler_apply_outcomes"][*run, "done"] == 18
    assert values["reconciler_plan_changes"][*run, "create"] == 18
    assert values["reconciler_run_limited_requests"] == {run: 0}
    assert values["reconciler_run_duration_seconds"][run] > 5


def test_drift_is_told_per_tenant_with_the_moment_since_which_it_is_known(settled: World) -> None:
    ran, quiet = measured(settled, "drift")
    owners = {("northwind", each) for each in ("org", "acme-retail", "globex-bank", "initech-saas")}
    assert ran.code == 0 and quiet["reconciler_drift_objects"] == dict.fromkeys(owners, 0)
    assert "reconciler_drift_since_timestamp_seconds" not in quiet
    widen(settled, QUEUES, "routing:queue:edit")
    settled.wait(100)
    _, first = measured(settled, "drift")
    settled.wait(900)
    _, second = measured(settled, "drift")
    assert first["reconciler_drift_objects"]["northwind", "org"] == 1
    since = first["reconciler_drift_since_timestamp_seconds"]
    assert (
        set(since) == {("northwind", "org")} and since == second["reconciler_drift_since_timestamp_seconds"]
    )
    end = "reconciler_run_end_timestamp_seconds"
    assert second[end]["northwind", "drift"] - since["northwind", "org"] >= 900
    assert first["reconciler_drift_access_gains"]["northwind",] > 0


@pytest.mark.full
def test_a_grant_tells_itself_since_when_it_is_there(make_world: Callable[..., World]) -> None:
    settled = make_world(start=START)
    settled.settle()
    grant(settled, "acme-retail-metrics", QUEUES, "GLOBEX")
    granted = settled.sim.clock.date().timestamp()
    settled.wait(5_000)
    ran, values = measured(settled, "drift")
    since = values["reconciler_drift_since_timestamp_seconds"]["northwind", "acme-retail"]
    assert ran.code == 8 and abs(since - granted) < 2
    assert values["reconciler_drift_leaks"]["northwind", "acme-retail"] == 1
    assert values["reconciler_drift_access_gains"]["northwind",] > 0


def test_the_last_success_outlives_a_run_that_failed(settled: World) -> None:
    _, well = measured(settled, "drift")
    settled.sign_in("operator", "wrong")
    settled.wait(60)
    ran, refused = measured(settled, "drift")
    success = "reconciler_run_last_success_timestamp_seconds"
    assert ran.code == 7 and refused[success] == well[success] != {}
    assert refused["reconciler_run_exit_code"] == {("northwind", "drift"): 7}
    assert refused["reconciler_drift_objects"] == well["reconciler_drift_objects"]
    settled.change("org.yaml", "kind: Org", "kind: Ogr")
    ran, invalid = measured(settled, "drift")
    assert ran.code == 3 and invalid["reconciler_run_exit_code"] == {("northwind", "drift"): 3}
    assert invalid[success] == well[success]


@pytest.mark.full
def test_secrets_tell_when_they_were_made_and_which_need_a_hand(settled: World) -> None:
    made = json.loads(next(settled.secrets.rglob("*.json")).read_text("utf-8"))["issuedAt"]
    next(settled.secrets.rglob("*metrics*.json")).unlink()
    ran, values = measured(settled, "secrets", "status")
    needs, issued = (
        values["reconciler_secret_needs_hand"],
        values["reconciler_secret_issued_timestamp_seconds"],
    )
    assert ran.code == 2 and made and sum(needs.values()) == 1
    assert {labels[0] for labels in issued} == {"northwind"} and len(issued) >= 5
    assert all(labels[2].startswith(f"{labels[1]}/client/") for labels in needs)


@pytest.mark.full
def test_verdicts_are_counted(settled: World) -> None:
    _, values = measured(settled, "prove")
    tenants = values["reconciler_prove_tenants"]
    assert tenants["northwind", "LEAK"] == 0 and sum(tenants.values()) == 3


@pytest.mark.full
def test_what_a_guard_withholds_is_counted(world: World) -> None:
    world.sim.edit("POST", "/api/v2/authorization/divisions", {"name": "ACME-US"})
    ran, values = measured(world, "plan")
    assert ran.code == 4 and values["reconciler_plan_withheld_changes"]["northwind", "plan"] > 0
    assert values["reconciler_plan_access_gains"]["northwind", "plan"] > 0


@pytest.mark.full
def test_a_file_that_is_not_ours_is_replaced_and_nothing_is_left_beside(settled: World) -> None:
    (settled.place / FILE).write_bytes(b"\xff{{{ not metrics")
    before = {path.name for path in settled.place.iterdir()}
    assert measured(settled, "drift")[0].code == 0
    assert {path.name for path in settled.place.iterdir()} == before
    assert (settled.place / FILE).stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("file", ["nowhere/x.prom", "."])
def test_where_no_file_can_be_nothing_is_asked(world: World, file: str) -> None:
    before = len(world.sim.requests)
    ran = world.run("apply", "--auto-approve", "--metrics", file)
    assert ran.code == 1 and "no metrics can be written" in ran.err and len(world.sim.requests) == before


@pytest.mark.full
def test_a_file_that_cannot_be_written_after_all_is_said_and_changes_no_code(
    settled: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "rename", full)
    ran = settled.run("drift", "--metrics", FILE)
    assert ran.code == 0 and "metrics are not written to northwind.prom: No space left" in ran.err
    assert not (settled.place / FILE).exists()
