"""The command line with its journal on a PostgreSQL server."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.test_journal import announced, newest, runs, sent
from tests.journeys.world import World


@pytest.mark.full
def test_runs_are_on_record_on_a_server_and_its_password_is_in_no_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str
) -> None:
    world = World(tmp_path, monkeypatch)
    monkeypatch.setenv("RECONCILER_STATE", database.replace("postgres:@", "postgres:CANARY@"))
    said = [world.run("-vv", "apply", "--auto-approve", "--record", "records"), world.run("-vv", "history")]
    assert [ran.code for ran in said] == [0, 0], said
    assert "· postgresql:///" in " ".join(said[1].out.split())
    assert len(runs(world)) == 1 and announced(newest(world)) == sent(world)
    monkeypatch.setenv("RECONCILER_STATE", database.replace("postgres:@/postgres", "postgres:CANARY@/gone"))
    said += [world.run("-vv", "history"), world.run("-vv", "suspend", "globex-bank", "--auto-approve")]
    assert [ran.code for ran in said[2:]] == [1, 1] and 'database "gone" does not exist' in said[3].err
    assert not any("CANARY" in ran.out + ran.err for ran in said)
    (record,) = (world.place / "records").iterdir()
    assert "CANARY" not in record.read_text("utf-8")
