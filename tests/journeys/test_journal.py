"""Runs are on record before they write; a journal that is of no use stops them in time; nothing is lost."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reconciler.reports import schema
from reconciler.secrets.file import FileSink
from tests.journeys.test_faults import _converges
from tests.journeys.world import APPLY, World


@pytest.fixture
def store() -> str:
    """These stories are about the journal."""
    return "kept"


def runs(world: World) -> list[dict[str, Any]]:
    """What the history says, newest first; it keeps its schema."""
    ran = world.run("history", "--all", "-o", "json")
    assert ran.code == 0, ran
    Draft202012Validator(schema("history")).validate(ran.json)
    return list(ran.json["runs"])


def newest(world: World) -> dict[str, Any]:
    """The newest run with all it sent; it keeps its schema."""
    ran = world.run("history", runs(world)[0]["runId"], "-o", "json")
    assert ran.code == 0, ran
    Draft202012Validator(schema("run")).validate(ran.json)
    return dict(ran.json)


def sent(world: World) -> list[str]:
    """Every write that reached the organisation, tokens left out."""
    writes = (f"{each.method} {each.path}" for each in world.sim.writes())
    return sorted(each for each in writes if each != "DELETE /api/v2/tokens/me")


def announced(run: dict[str, Any]) -> list[str]:
    return sorted(f"{each['method']} {each['path']}" for each in run["operations"])


def test_every_write_that_arrived_is_on_record_once_and_nothing_else(world: World) -> None:
    world.settle()
    run = newest(world)
    assert announced(run) == sent(world) != []
    assert {each["outcome"] for each in run["operations"]} == {"done"}
    assert (run["command"], run["exitCode"], run["summary"]["created"]) == ("apply", 0, 18)
    assert run["org"]["name"] == "northwind" and len(run["digest"]) == 64
    assert run["startedAt"] < run["operations"][0]["intendedAt"] < run["endedAt"]


def test_the_record_of_a_birth_has_the_nonce_that_finds_it_again(world: World) -> None:
    world.sim.faults([{"kind": "timeout-after", "method": "POST", "path": "/api/v2/oauth/clients", "nth": 2}])
    world.apply()
    births = [each for each in newest(world)["operations"] if each["path"] == "/api/v2/oauth/clients"]
    (lost,) = [each for each in births if each["outcome"] == "unresolved"]
    assert any(f"#{lost['nonce']}" in row["description"] for row in world.live_clients())


def test_what_writes_nothing_leaves_no_trace(settled: World) -> None:
    for command in (("plan",), ("drift",), ("prove",), ("validate",), APPLY, ("history",)):
        settled.run(*command)
    assert len(runs(settled)) == 1
    settled.history.unlink()
    for command in (("plan",), APPLY, ("history",)):
        assert settled.run(*command).code == 0
    assert not settled.history.exists()


def test_a_run_that_nobody_approves_is_not_on_record(world: World) -> None:
    assert world.run("apply").code == 1
    assert runs(world) == [] and world.sim.writes() == []


def test_a_suspension_is_on_record(settled: World) -> None:
    settled.run("suspend", "globex-bank", "--auto-approve")
    assert [each["command"] for each in runs(settled)] == ["suspend globex-bank", "apply"]
    assert newest(settled)["summary"]["revoked"] > 0


def test_a_record_that_makes_no_sense_is_told_and_stops_nobody(settled: World) -> None:
    with sqlite3.connect(settled.history) as database:
        database.execute("UPDATE reconciler_operations SET intended = 'tomorrow'")
    settled.change("tenants/acme-retail.yaml", "divisions: [us]}", "divisions: [us, ca]}")
    ran = settled.apply()
    assert ran.code == 0 and "is not known: the history" in ran.err, ran
    ran = settled.run("history", runs(settled)[-1]["runId"])
    assert ran.code == 1 and "holds a record that cannot be read" in ran.err and "bug" not in ran.err, ran


def test_what_failed_is_on_record_with_its_reason(world: World) -> None:
    world.sim.faults([{"kind": "status", "status": 400, "method": "PUT", "times": None}])
    ran = world.apply()
    run = newest(world)
    assert (ran.code, run["exitCode"]) == (5, 5) and run["error"] is None
    failed = [each for each in run["operations"] if each["outcome"] == "failed"]
    assert failed and all("400" in each["error"] for each in failed)


def test_a_bug_is_on_record(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*anything: Any) -> Any:
        raise RuntimeError("the disk speaks in tongues")

    with monkeypatch.context() as bug:
        bug.setattr(FileSink, "deliver", broken)
        assert world.apply().code == 5
    run = newest(world)
    assert run["exitCode"] == 5 and "a bug (RuntimeError)" in run["error"] and run["endedAt"]


def _in_the_way(world: World) -> None:
    world.history.parent.write_text("a file where the directory should be")


def _newer(world: World) -> None:
    world.settle("--only", "org")
    with sqlite3.connect(world.history) as database:
        database.execute("UPDATE reconciler_schema SET version = 99")
    database.close()


def _no_server(world: World) -> None:
    world.patch.setenv("RECONCILER_STATE", "postgresql://dana:CANARY@127.0.0.1:1/x")


def _nonsense(world: World) -> None:
    world.patch.setenv("RECONCILER_STATE", "mysql://dana:CANARY@127.0.0.1:1/x")


def _no_file(world: World) -> None:
    world.patch.delenv("RECONCILER_STATE")
    world.patch.setenv("RECONCILER_STATE_FILE", "is-not-there")


def _unwritable_home(world: World) -> None:
    world.patch.delenv("RECONCILER_STATE")
    world.patch.delenv("XDG_STATE_HOME")
    (world.place / "home").write_text("no directory")
    world.patch.setenv("HOME", str(world.place / "home"))


@pytest.mark.parametrize("spoil", [_unwritable_home, _in_the_way, _newer, _no_server, _nonsense, _no_file])
def test_without_its_journal_a_run_sends_nothing_and_says_how_to_go_on(
    world: World, spoil: Callable[[World], None]
) -> None:
    spoil(world)
    ran, writes = world.wrote("-vv", *APPLY)
    assert (ran.code, writes) == (1, []), ran
    assert "RECONCILER_STATE" in ran.err and "Traceback" not in ran.err and "CANARY" not in ran.err + ran.out
    world.patch.setenv("RECONCILER_STATE", "off")
    world.patch.delenv("RECONCILER_STATE_FILE", raising=False)
    ran = world.apply()
    assert ran.code == 0 and "no journal: RECONCILER_STATE is off" in ran.err


def test_a_journal_that_cannot_be_opened_is_told_before_anybody_is_asked(world: World) -> None:
    _in_the_way(world)
    ran = world.run("apply")
    assert ran.code == 1 and "cannot be written" in ran.err and "approve" not in ran.err


def test_without_a_setting_the_history_is_in_the_users_state_directory(world: World) -> None:
    world.patch.delenv("RECONCILER_STATE")
    world.patch.setenv("XDG_STATE_HOME", str(world.place / "mine"))
    assert "no run of northwind is on record" in world.run("history").out
    world.settle("--only", "org/division")
    assert (world.place / "mine/reconciler/history.sqlite").stat().st_mode & 0o777 == 0o600
    assert "mine/reconciler/history.sqlite" in world.run("history").out


def test_where_the_file_names_it_the_url_may_come_from_a_file(world: World) -> None:
    (world.place / "state-url").write_text(f"{world.place}/elsewhere.sqlite\n")
    world.patch.delenv("RECONCILER_STATE")
    world.patch.setenv("RECONCILER_STATE_FILE", "state-url")
    world.settle()
    assert (world.place / "elsewhere.sqlite").exists() and len(runs(world)) == 1


REFUSING = """
CREATE TRIGGER refusing BEFORE {event} ON reconciler_operations
WHEN (SELECT count(*) FROM reconciler_operations WHERE {counted}) >= {after}
BEGIN SELECT RAISE(ABORT, 'the disk has had enough'); END
"""


@pytest.mark.parametrize("after", [0, 1, 7, 18, 25, 31])
@pytest.mark.parametrize(("event", "counted"), [("INSERT", "1"), ("UPDATE", "concluded <> ''")])
def test_a_journal_that_fails_halts_the_run_and_the_next_one_goes_on(
    world: World, event: str, counted: str, after: int
) -> None:
    """No request leaves that is not on record, whatever was born has its secret, nothing is done twice."""
    world.settle("--only", "org/division")
    before = Counter(sent(world))
    with sqlite3.connect(world.history) as database:
        kept = len(database.execute("SELECT * FROM reconciler_operations").fetchall())
        database.execute(REFUSING.format(event=event, counted=counted, after=after + kept))
    database.close()
    ran = world.apply("--record", "records")
    assert ran.code == (1 if (event, after) == ("INSERT", 0) else 5), ran
    assert "the disk has had enough" in ran.err and "RECONCILER_STATE" in ran.err
    assert "bug" not in ran.err and "Traceback" not in ran.err
    if event == "INSERT":
        assert len(newest(world)["operations"]) == len(record(world)["operations"]) == after
        assert Counter(sent(world)) - before <= Counter(announced(newest(world)))
    for row in world.live_clients():
        if row["state"] == "active" and row["authorizedGrantType"] == "CLIENT-CREDENTIALS":
            assert row["id"] in {each["clientId"] for each in world.delivered().values()}
    with sqlite3.connect(world.history) as database:
        database.execute("DROP TRIGGER refusing")
    database.close()
    _converges(world)
    assert runs(world)[-2]["exitCode"] == ran.code


def test_the_end_that_cannot_be_written_down_is_told_and_changes_no_code(world: World) -> None:
    world.settle("--only", "org/division")
    with sqlite3.connect(world.history) as database:
        database.execute(
            "CREATE TRIGGER t BEFORE UPDATE ON reconciler_runs BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    database.close()
    ran = world.apply()
    assert ran.code == 0 and "the end of this run is not on record" in ran.err
    assert newest(world)["endedAt"] is None


def test_a_journal_that_is_lost_loses_nothing(settled: World) -> None:
    settled.history.unlink()
    settled.change("tenants/acme-retail.yaml", "divisions: [us]}", "divisions: [us, ca]}")
    _converges(settled)
    assert len(runs(settled)) == 1


def test_a_damaged_journal_is_set_aside_and_told_and_the_run_goes_on(settled: World) -> None:
    settled.history.write_bytes(b"no database at all" * 500)
    assert settled.run("history").code == 1
    settled.change("tenants/acme-retail.yaml", "divisions: [us]}", "divisions: [us, ca]}")
    ran = settled.apply()
    assert ran.code == 0 and "was damaged: it is now" in ran.err
    assert len(list(settled.history.parent.glob("*.damaged-*"))) == 1
    _converges(settled)


def record(world: World, directory: str = "records") -> dict[str, Any]:
    """The one record there; it keeps its schema."""
    (path,) = (world.place / directory).iterdir()
    document = json.loads(path.read_text("utf-8"))
    Draft202012Validator(schema("run")).validate(document)
    assert ":" not in path.name and path.stem == document["runId"].replace(":", "")
    return dict(document)


@pytest.mark.parametrize("setting", ["kept", "off"])
def test_the_record_says_what_the_journal_says_also_without_one(
    make_world: Callable[..., World], setting: str
) -> None:
    world = make_world(store=setting)
    ran = world.apply("--record", "records")
    assert ran.code == 0 and "record of this run written to records" in ran.err
    assert announced(record(world)) == sent(world)
    if setting == "kept":
        assert _stripped(record(world)) == _stripped(newest(world))


def _stripped(run: dict[str, Any]) -> dict[str, Any]:
    """Two clocks are asked one after the other."""
    operations = [{**each, "intendedAt": "", "concludedAt": ""} for each in run["operations"]]
    return {**run, "operations": operations}


def test_a_run_with_nothing_to_do_has_a_record_for_whoever_collects_them(settled: World) -> None:
    assert settled.apply("--record", "records").code == 0
    found = record(settled)
    assert (found["exitCode"], found["operations"], found["summary"]["unchanged"]) == (0, [], 18)


def test_a_run_that_failed_before_its_plan_has_a_record(world: World) -> None:
    world.sim.faults([{"kind": "refuse", "times": None}])
    ran = world.apply("--record", "records")
    found = record(world)
    assert ran.code == found["exitCode"] == 7 and found["digest"] is None and found["error"] in ran.err


def test_a_run_that_broke_off_has_a_record_of_what_it_sent(world: World) -> None:
    world.sim.faults([{"kind": "timeout-after", "method": "PUT", "times": None}])
    assert world.apply("--record", "records").code == 5
    found = record(world)
    assert found["exitCode"] == 5 and announced(found) == announced(newest(world))


def test_a_record_is_never_written_over(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reconciler.wiring.run_id", lambda: "2026-11-20T14:00:00Z-3f9c1a")
    path = world.place / "records" / "2026-11-20T140000Z-3f9c1a.json"
    path.parent.mkdir()
    path.write_text("somebody's")
    ran, writes = world.wrote(*APPLY, "--record", "records")
    assert (ran.code, writes, path.read_text()) == (1, [], "somebody's")
    assert str(Path("records", path.name)) in ran.err and "--record" in ran.err


@pytest.mark.parametrize(("command", "code"), [(APPLY, 5), (("apply", "--approved", "0" * 64), 6)])
def test_a_record_that_is_gone_at_the_end_is_told_and_no_success(
    world: World, command: tuple[str, ...], code: int
) -> None:
    respond = world.sim.respond

    def sweeping(request: Any) -> Any:
        shutil.rmtree(world.place / "records", ignore_errors=True)
        return respond(request)

    world.patch.setattr(world.sim, "respond", sweeping)
    ran = world.run(*command, "--record", "records")
    assert ran.code == code and "the record records" in ran.err and "cannot be written" in ran.err
    assert ("applied: 18 created" in ran.out) == (code == 5)


def test_a_run_that_is_killed_leaves_a_record_without_an_end(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[dict[str, Any]] = []
    respond = world.sim.respond

    def looking(request: Any) -> Any:
        seen.append(record(world))
        return respond(request)

    monkeypatch.setattr(world.sim, "respond", looking)
    world.apply("--record", "records")
    assert seen and all(each["endedAt"] is None and each["operations"] == [] for each in seen)


def test_a_place_for_records_that_cannot_be_made_ends_the_run_before_it_begins(world: World) -> None:
    (world.place / "file").write_text("in the way")
    ran, _ = world.counted(*APPLY, "--record", "file/records")
    assert ran.code == 1 and "--record" in ran.err and world.sim.requests == []
