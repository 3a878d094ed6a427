"""One run writes at a time: the other is told who does, and nobody acts on what it read before its turn."""

from __future__ import annotations

import asyncio
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from reconciler.cli import apply as applying
from reconciler.model.lease import Claim, Taken
from reconciler.simulator import Settings, Simulator, serve
from reconciler.simulator.exchange import Request
from reconciler.simulator.faults import Outcome
from reconciler.store.lease_file import FileLease
from reconciler.store.place import File
from tests.journeys.test_interrupt import COMMAND, Organisation
from tests.journeys.test_journal import runs
from tests.journeys.world import APPLY, NORTHWIND, StoryClock, World

ORG_ID = "6f1f2b7e-3c59-4d7c-9a55-0c5c6b0e8a01"
CANADA = ("tenants/acme-retail.yaml", "divisions: [us]}", "divisions: [us, ca]}")
MARIA = Claim(ORG_ID, "northwind", "2026-11-20T13:55:00Z-7f3a21", "maria@desk", "desk")


@pytest.fixture
def store() -> str:
    """These stories are about the lease."""
    return "kept"


@pytest.fixture
def maria(world: World) -> Iterator[FileLease]:
    """Another run of this machine, which holds the lease."""
    lease = FileLease(File(world.history), StoryClock(world.time).now)
    assert isinstance(lease.take(MARIA, 0.0), Taken)
    yield lease
    lease.close()


@pytest.mark.parametrize(
    "command",
    [
        APPLY,
        (*APPLY, "--revoke-only"),
        ("suspend", "globex-bank", "--auto-approve"),
        ("secrets", "rotate", "--only", "acme-retail", "--auto-approve"),
    ],
)
def test_a_run_that_finds_another_one_names_it_and_writes_nothing(
    settled: World, command: tuple[str, ...]
) -> None:
    """Whatever it was about to do: something undeclared is there, so that even narrowing has work."""
    client, role = settled.row("clients", "globex-archive"), settled.row("roles", "Tenant Adherence")
    grant = {"grants": [{"roleId": role["id"], "divisionId": settled.row("divisions", "GLOBEX")["id"]}]}
    path = f"authorization/subjects/{client['id']}/bulkadd?subjectType=PC_OAUTH_CLIENT"
    settled.drift("POST", path, grant)
    lease = FileLease(File(settled.history), StoryClock(settled.time).now)
    lease.take(MARIA, 0.0)
    ran, writes = settled.wrote(*command)
    assert (ran.code, writes) == (9, []), ran
    assert f"held by run {MARIA.run} of maria@desk on desk, since 2026-11-20T14:0" in ran.err
    assert "epoch 2" in ran.err and "--wait" in ran.err and "Traceback" not in ran.err
    lease.release()
    lease.close()
    ran, writes = settled.wrote(*command)
    assert ran.code == 0 and writes, ran


def test_reading_needs_no_lease_and_neither_does_an_apply_with_nothing_to_do(
    world: World, maria: FileLease
) -> None:
    assert [world.run(command).code for command in ("plan", "drift")] == [0, 0]
    maria.release()
    world.settle()
    assert isinstance(maria.take(MARIA, 0.0), Taken)
    again = world.apply()
    assert again.code == 0 and again.last.startswith("nothing to do · northwind · 11 requests"), again


def test_a_run_that_was_turned_away_is_on_record_as_such(world: World, maria: FileLease) -> None:
    assert world.apply().code == 9
    (run,) = runs(world)
    assert run["exitCode"] == 9 and "maria@desk" in run["error"]


def test_who_waits_says_for_whom_and_goes_on_when_it_is_given_back(
    world: World, maria: FileLease, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = 0
    take = FileLease.take

    def taking(lease: FileLease, *arguments: Any) -> Any:
        nonlocal asked
        asked += 1
        if asked == 4:
            maria.release()
        return take(lease, *arguments)

    monkeypatch.setattr(FileLease, "take", taking)
    ran = world.apply("--wait", "60")
    assert ran.code == 0, ran
    assert f"waiting: the lease of northwind is held by run {MARIA.run}" in ran.err
    assert ran.err.count("waiting: the lease") == 1 and asked == 4


def test_who_waited_in_vain_ends_as_if_it_had_not(world: World, maria: FileLease) -> None:
    before = world.time.reached
    ran, writes = world.wrote(*APPLY, "--wait", "60")
    assert (ran.code, writes) == (9, []) and 60 <= world.time.reached - before < 75


def test_a_plan_from_before_another_run_wrote_is_made_again(
    settled: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one had put it right before it died: nothing is left to do, and nothing is done twice."""
    row = settled.row("divisions", "GLOBEX")
    path = f"authorization/divisions/{row['id']}"
    settled.drift("PUT", path, {"name": "GLOBEX", "description": f"mine now {row['description']}"})

    def others() -> None:
        settled.drift("PUT", path, {"name": "GLOBEX", "description": row["description"]})
        _die_holding_it(settled)

    meanwhile(settled, monkeypatch, others)
    ran, writes = settled.wrote(*APPLY)
    assert ran.code == 0 and "planning again" in ran.err and ran.last.startswith("nothing to do"), ran
    assert writes == []


@pytest.mark.parametrize("how", ["digest", "person"])
def test_what_was_approved_is_not_stretched_to_what_is_planned_again(
    settled: World, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    settled.change(*CANADA)
    digest = settled.run("plan").digest
    monkeypatch.setattr(applying, "agreed", lambda plan, instead: True)
    client = settled.row("clients", "globex-archive")

    def others() -> None:
        settled.drift("PUT", f"oauth/clients/{client['id']}", {**client, "accessTokenValiditySeconds": 700})
        _die_holding_it(settled)

    meanwhile(settled, monkeypatch, others)
    ran, writes = settled.wrote("apply", *(("--approved", digest) if how == "digest" else ()))
    assert ran.code == 6 and digest in ran.err
    assert writes == []


def _die_holding_it(world: World) -> None:
    """When it wrote last, nobody knows."""
    lease = FileLease(File(world.history), StoryClock(world.time).now)
    lease.take(MARIA, 0.0)
    lease.close()


def meanwhile(world: World, monkeypatch: pytest.MonkeyPatch, deed: Callable[[], Any]) -> None:
    """Between the plan and the lease of the next run, once."""
    take, pending = FileLease.take, [deed]

    def taking(lease: FileLease, *arguments: Any) -> Any:
        if pending:
            pending.pop()()
        return take(lease, *arguments)

    monkeypatch.setattr(FileLease, "take", taking)


def test_what_follows_another_run_asks_no_more_than_if_it_had_been_alone(settled: World) -> None:
    """A lease that was given back before the reading began says that the reading stands.

    Only it is one of this machine: what gives access is looked at again ten seconds later.
    """
    settled.change(*CANADA)
    settled.wait(60)
    _, asked = settled.counted("plan")
    ran, more = settled.counted(*APPLY)
    change = 1 + 1  # one PUT and its read-back
    lending = 1 + 1 + 2 + 1  # taken, a fresh token, two pairs returned, read back
    assert ran.code == 0 and "planning again" not in ran.err
    assert ran.err.count("waiting 10 s: a run of another machine may have ended just now") == 1
    assert len(more) == 2 * len(asked) - 1 + change + lending, "the token does for both looks"


def test_a_run_that_loses_its_lease_with_a_secret_in_hand_delivers_nothing(
    settled: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else may have delivered a newer one; the nonce stands, and the next run makes it good."""
    own = "acme-retail/client/adherence"
    before, respond = settled.delivered()[own], settled.sim.respond

    def losing(request: Request) -> Outcome:
        if request.path.endswith("/secret"):
            (lease,) = settled.history.parent.glob("*.lease")
            lease.unlink()
        return respond(request)

    monkeypatch.setattr(settled.sim, "respond", losing)
    ran = settled.run("secrets", "rotate", "--only", own, "--auto-approve")
    assert ran.code == 5 and "was removed while this run held it" in ran.err, ran
    assert settled.delivered()[own] == before
    assert settled.run("secrets", "status").code == 2
    monkeypatch.setattr(settled.sim, "respond", respond)
    assert settled.run("secrets", "recover", "--auto-approve").code == 0
    after = settled.delivered()[own]
    assert after != before and settled.signs_in(after["clientId"], after["clientSecret"])


def test_without_a_place_for_it_a_run_that_writes_says_that_nobody_keeps_others_off(
    make_world: Callable[..., World],
) -> None:
    world = make_world(store="off")
    ran = world.apply()
    assert ran.code == 0 and ran.err.count("single writer not enforced") == 1
    assert "single writer" not in world.apply().err


@pytest.mark.full
async def test_a_process_that_is_paused_while_it_writes_keeps_another_off(tmp_path: Path) -> None:
    await play_two_processes(tmp_path, str(tmp_path / "history.sqlite"))


async def play_two_processes(place: Path, setting: str) -> None:
    """One is paused at its first write, the other is told so and writes nothing, the first one finishes."""
    shutil.copytree(NORTHWIND, place / "manifests")
    simulator = Simulator(settings=Settings(rate_limit="6000/60"))
    async with serve(simulator) as url:
        organisation = Organisation(place, url, simulator, "kept")
        organisation.state = setting
        first = await _started(organisation, "org/division")
        paused = _pause_at_its_first_write(simulator, first)
        await asyncio.wait_for(paused.wait(), 40)
        second = await _started(organisation, "globex-bank/division")
        out, _ = await second.communicate()
        assert second.returncode == 9 and b"is held by run" in out and b"epoch 1" in out, out
        first.send_signal(signal.SIGCONT)
        out, _ = await first.communicate()
        assert first.returncode == 0, out
        paths = [each.path for each in simulator.writes() if each.path != "/api/v2/tokens/me"]
        assert paths == ["/api/v2/authorization/divisions"]


async def _started(organisation: Organisation, only: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *COMMAND,
        "--only",
        only,
        cwd=organisation.place,
        env=organisation._environment(),
        stdout=-1,
        stderr=-2,
    )


def _pause_at_its_first_write(simulator: Simulator, process: asyncio.subprocess.Process) -> asyncio.Event:
    """Set once the process has sent its first write and hears no answer yet."""
    paused, respond = asyncio.Event(), simulator.respond

    def watching(request: Request) -> Outcome:
        if request.method == "POST" and request.path.endswith("/divisions") and not paused.is_set():
            process.send_signal(signal.SIGSTOP)
            paused.set()
        return respond(request)

    simulator.respond = watching  # type: ignore[method-assign]
    return paused
