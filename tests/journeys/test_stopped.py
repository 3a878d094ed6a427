"""A run that is told to end while it holds the lease gives it back, whatever it is doing just then."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from typing import Any

import pytest

from reconciler.model.lease import Claim, Held, Lease, Taken
from reconciler.store.lease_file import FileLease
from reconciler.store.place import File
from tests.journeys.test_journal import runs
from tests.journeys.world import APPLY, Ran, StoryClock, World

CANADA = ("tenants/acme-retail.yaml", "divisions: [us]}", "divisions: [us, ca]}")
OTHER = Claim("6f1f2b7e-3c59-4d7c-9a55-0c5c6b0e8a01", "northwind", "run-x", "maria@desk", "desk")
ENDS = pytest.mark.parametrize(
    "number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.full)]
)


@pytest.fixture
def store() -> str:
    """These stories are about the lease."""
    return "kept"


@pytest.fixture
def changed(settled: World) -> World:
    """There is something to write."""
    settled.change(*CANADA)
    settled.wait(60)
    return settled


def end(number: int) -> None:
    os.kill(os.getpid(), number)


def after(world: World, name: str, deed: Callable[[Any], Any]) -> None:
    """What the lease's store answers to its call of this name, that is after it."""
    true = getattr(FileLease, name)
    world.patch.setattr(FileLease, name, lambda lease, *given: deed(true(lease, *given)))


def is_free(world: World) -> bool:
    world.patch.undo()
    lease = FileLease(File(world.history), StoryClock(world.time).now)
    try:
        return isinstance(lease.take(OTHER, 0.0), Taken)
    finally:
        lease.release()
        lease.close()


def ended(world: World, *command: str) -> tuple[Ran, int]:
    ran, writes = world.wrote(*command)
    assert "Traceback" not in ran.out + ran.err
    return ran, len(writes)


@ENDS
def test_who_is_ended_while_it_plans_again_has_written_nothing_and_gives_it_back(
    changed: World, number: int
) -> None:
    def taken(answer: Taken) -> Taken:
        end(number)
        return answer._replace(quiet=0.0)

    after(changed, "take", taken)
    ran, writes = ended(changed, *APPLY)
    assert (ran.code, writes) == (130, 0) and "planning again" in ran.err, ran
    assert runs(changed)[0]["exitCode"] == 130
    assert is_free(changed)


@ENDS
def test_who_is_ended_while_it_waits_for_another_one_waits_no_longer(changed: World, number: int) -> None:
    maria = Lease(7, "run-1", "maria@desk", "desk", since=0.0, expires=240.0, token_until=300.0)
    began = changed.time()

    def held(answer: Taken) -> Held:
        asyncio.get_running_loop().call_later(25, end, number)
        return Held(maria, alive=True)

    after(changed, "take", held)
    ran, writes = ended(changed, *APPLY, "--wait", "900")
    assert (ran.code, writes) == (130, 0) and changed.time() - began < 60, ran


@ENDS
def test_who_is_ended_while_it_gives_it_back_has_ended_well(changed: World, number: int) -> None:
    true = FileLease.release

    def releasing(lease: FileLease) -> None:
        end(number)
        true(lease)

    changed.patch.setattr(FileLease, "release", releasing)
    ran, writes = ended(changed, *APPLY)
    assert ran.code == 0 and writes and "1 updated" in ran.out, ran
    assert is_free(changed)
