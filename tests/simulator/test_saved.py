"""`--state`: an organisation survives a restart, however it came about, or says why it cannot."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from reconciler.cli.main import run as command
from reconciler.simulator import Settings, Simulator, run
from reconciler.simulator.seed import parse_seed
from tests.simulator.guest import Guest, VirtualTime
from tests.simulator.own import OWN
from tests.simulator.test_simulate import simulating

DIVISIONS = "authorization/divisions"
DAY = "2026-01-01T00:00:00Z/2026-01-02T00:00:00Z"


def made(path: Path, time: VirtualTime, **settings: Any) -> Simulator:
    return Simulator(None, Settings(**settings), time, time.sleep, path)


async def restarted(guest: Guest, path: Path) -> Guest:
    """A guest of the organisation as it goes on from the file."""
    guest.sim.save()
    return await Guest(made(path, guest.time, lag=guest.sim.settings.lag), guest.time).log_in()


async def lived_in(path: Path, lag: float = 0.0) -> Guest:
    time = VirtualTime()
    return await Guest(made(path, time, lag=lag), time).log_in()


async def test_a_saved_organisation_goes_on_where_it_stopped(tmp_path: Path) -> None:
    guest = await lived_in(tmp_path / "state.json")
    guest.time.now = 10
    client = await guest.client("c", (await guest.role("r"), await guest.division("d")))
    again = await restarted(guest, tmp_path / "state.json")
    assert (tmp_path / "state.json").stat().st_mode & 0o777 == 0o600
    assert again.sim.snapshot() == guest.sim.snapshot()
    await again.as_client(client)
    assert await again.division("e") not in json.dumps(guest.sim.state())


async def test_what_happened_is_kept_too(tmp_path: Path) -> None:
    guest = await lived_in(tmp_path / "state.json")
    await guest.grant("operator", (await guest.role("auditor", "audits:audit:view"), "*"))
    await guest.division("d")
    asked = {
        "audit": (await guest.make("audits/query", {"interval": DAY}))["id"],
        "usage": (await guest.make("oauth/clients/operator/usage/query", {"interval": DAY}))["executionId"],
        "summary": (await guest.get("oauth/clients/operator/usage/summary?days=1"))["executionId"],
    }
    before = guest.sim.state()
    assert [row["action"] for row in before["audits"]] == ["Create", "MemberAdd"]
    again = await restarted(guest, tmp_path / "state.json")
    assert again.sim.state() == before
    assert (await again.get(f"audits/query/{asked['audit']}"))["state"] == "Succeeded"
    for key in (asked["usage"], asked["summary"]):
        rows = (await again.get(f"oauth/clients/operator/usage/query/results/{key}"))["results"]
        assert [row["requests"] for row in rows if row["templateUri"].endswith("/divisions")] == [1]


async def test_what_was_deleted_can_still_be_restored(tmp_path: Path) -> None:
    guest = await lived_in(tmp_path / "state.json")
    key = await guest.division("d")
    await guest.call("DELETE", f"{DIVISIONS}/{key}")
    again = await restarted(guest, tmp_path / "state.json")
    assert (await again.make(f"{DIVISIONS}/{key}/restore", {"name": "d"}))["id"] == key


async def test_what_readers_had_not_seen_they_see_when_its_time_comes(tmp_path: Path) -> None:
    guest = await lived_in(tmp_path / "state.json", lag=5)
    role, here = await guest.role("r", "routing:queue:view"), await guest.division("d")
    guest.time.now = 6
    await guest.grant("operator", (role, here))
    guest.time.now = 8
    await guest.division("e")
    again = await restarted(guest, tmp_path / "state.json")
    assert (await again.get(DIVISIONS))["total"] == 2
    assert (role, here) not in await again.subject_pairs("operator")
    again.time.now = 11
    assert (await again.get(DIVISIONS))["total"] == 2
    assert (role, here) in await again.subject_pairs("operator")
    again.time.now = 13
    assert again.sim.state()["late"] == []
    assert (await again.get(DIVISIONS))["total"] == 3


async def test_an_advanced_clock_does_not_go_back(tmp_path: Path) -> None:
    guest = await lived_in(tmp_path / "state.json")
    guest.sim.clock.advance(86_400)
    again = await restarted(guest, tmp_path / "state.json")
    assert again.sim.clock.stamp() == "2026-01-02T00:00:00.000Z"
    later = Settings(start=datetime(2026, 5, 1, tzinfo=UTC))
    there = Simulator(None, later, guest.time, guest.time.sleep, tmp_path / "state.json")
    assert there.clock.stamp() == "2026-05-01T00:00:00.000Z"


async def test_tokens_end_with_the_process(tmp_path: Path) -> None:
    guest = await lived_in(tmp_path / "state.json")
    again = await restarted(guest, tmp_path / "state.json")
    again.http.headers["authorization"] = guest.http.headers["authorization"]
    status, body = await again.call("GET", "organizations/me")
    assert (status, body["code"]) == (401, "bad.credentials")


def test_everything_a_seed_can_say_is_saved(tmp_path: Path) -> None:
    first = Simulator(parse_seed(OWN), clock=lambda: 0.0, state_file=tmp_path / "state.json")
    again = Simulator(clock=lambda: 0.0, state_file=tmp_path / "state.json")
    assert again.state() == first.state()


async def test_it_is_saved_when_something_happened_and_only_then(tmp_path: Path) -> None:
    guest, path = await lived_in(tmp_path / "state.json"), tmp_path / "state.json"
    happenings = (
        lambda: guest.sim.clock.advance(1),
        lambda: guest.sim.edit("POST", f"/api/v2/{DIVISIONS}", {"name": "d", "description": ""}),
    )
    guest.sim.save()
    for happening in happenings:
        path.unlink()
        guest.sim.save_changes()
        assert not path.exists()
        happening()
        guest.sim.save_changes()
        assert path.exists()
    path.unlink()
    await guest.get("users")
    guest.sim.save_changes()
    assert path.exists()


async def test_reset_forgets_the_saved_state_too(tmp_path: Path) -> None:
    guest, path = await lived_in(tmp_path / "state.json"), tmp_path / "state.json"
    before = guest.sim.state()
    await guest.division("a")
    guest.sim.reset()
    assert made(path, guest.time).state() == guest.sim.state() == before | {"usage": []}


async def test_a_save_that_ends_half_way_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    guest, path = await lived_in(tmp_path / "state.json"), tmp_path / "state.json"
    await guest.division("kept")
    guest.sim.save()

    def torn(data: Any, file: Any) -> None:
        file.write(json.dumps(data)[:5000])
        raise OSError(28, "No space left on device")

    await guest.division("lost")
    with monkeypatch.context() as patch, pytest.raises(ValueError, match="cannot be saved there: No space"):
        patch.setattr(json, "dump", torn)
        guest.sim.save()
    assert [row["name"] for row in made(path, guest.time).snapshot()["divisions"]] == ["Home", "kept"]


SAVING = """
import sys
from pathlib import Path
from reconciler.simulator import Simulator
sim = Simulator(clock=lambda: 0.0, state_file=Path(sys.argv[1]))
for number in range(10_000):
    sim.edit("POST", "/api/v2/authorization/divisions", {"name": f"d{number}", "description": ""})
    sim.save()
    print(number, flush=True)
"""


def test_a_kill_while_saving_loses_nothing_that_was_saved(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    with subprocess.Popen([sys.executable, "-c", SAVING, path], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        for _ in range(20):
            told = int(process.stdout.readline())
        process.kill()
        told = max([told, *map(int, process.stdout.read().split())])
    divisions = Simulator(state_file=path).snapshot()["divisions"]
    assert told + 2 <= len(divisions) <= told + 3


def test_a_killed_simulator_has_kept_what_is_older_than_a_moment(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    edit = {"method": "POST", "path": f"/api/v2/{DIVISIONS}", "body": {"name": "kept", "description": ""}}
    options = "--org", "tinydesk", "--state", str(path)
    with simulating(*options, end=signal.SIGKILL) as (line, _):
        base = line.split("answers at ")[1].split(";")[0]
        httpx.post(f"{base}/_simulator/edit", json=edit)
        while '"kept"' not in path.read_text():
            httpx.get(f"{base}/_simulator/health")
    with simulating(*options) as (_, state):
        assert [row["name"] for row in state["divisions"]] == ["Home", "TINY", "PETITE", "kept"]


NO_STATE = {
    "": "is damaged, or no state of a simulator: Expecting value",
    "\xff": "is damaged, or no state of a simulator: 'utf-8'",
    "[]": "no state that this version of the simulator wrote",
    '{"formatVersion": 1, "tables": {}}': r"format 1, not 2\); move it away to start anew, or use",
    '{"formatVersion": 2}': "is damaged: KeyError: 'tables'; move it away to start anew",
}


@pytest.mark.parametrize("content", NO_STATE)
def test_another_file_is_no_state(tmp_path: Path, content: str) -> None:
    path = tmp_path / "state.json"
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(ValueError, match=NO_STATE[content]):
        Simulator(state_file=path)
    assert path.read_bytes() == content.encode("latin-1")


@pytest.mark.parametrize(
    "part", ["formatVersion", "date", "count", "secrets", "tables", "late", "usage", "jobs"]
)
def test_a_state_from_which_something_is_missing_is_damaged(tmp_path: Path, part: str) -> None:
    path = tmp_path / "state.json"
    Simulator(state_file=path)
    data = json.loads(path.read_text())
    path.write_text(json.dumps({name: value for name, value in data.items() if name != part}))
    with pytest.raises(ValueError, match="move it away to start anew"):
        Simulator(state_file=path)


@pytest.mark.parametrize("table", ["divisions", "facts", "audits"])
def test_a_state_that_has_lost_a_table_or_its_rows_is_damaged(tmp_path: Path, table: str) -> None:
    path = tmp_path / "state.json"
    Simulator(state_file=path)
    whole = json.loads(path.read_text())
    emptied = whole["tables"] | ({table: {}} if table != "audits" else {})
    if table == "audits":
        del emptied[table]
    path.write_text(json.dumps(whole | {"tables": emptied}))
    with pytest.raises(ValueError, match="is damaged: "):
        Simulator(state_file=path)


def test_a_file_that_cannot_be_written_is_told_before_anything_is_served(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(["simulate", "--port", "0", "--state", str(tmp_path / "absent" / "state.json")]) == 1
    told = capsys.readouterr()
    assert told.out == "" and "the state cannot be saved there: No such file" in told.err.replace("\n", " ")


def test_a_simulator_that_can_no_longer_save_says_so_and_ends(tmp_path: Path) -> None:
    path = tmp_path / "here" / "state.json"
    path.parent.mkdir()
    sim = Simulator(state_file=path)

    def ready(_: str) -> None:
        shutil.rmtree(path.parent)
        sim.clock.advance(1)

    with pytest.raises(ValueError, match="cannot be saved there"):
        run(sim, 0, ready)
    assert not os.path.lexists(path)
