"""A bug of ours is told as one: no traceback unasked, and what it may have left behind."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.secrets.file import FileSink
from tests.journeys.world import APPLY, STORES, World


def _broken(*anything: Any, **more: Any) -> Any:
    raise RuntimeError("the disk speaks in tongues")


@STORES
def test_a_bug_after_a_write_is_exit_5_and_the_next_run_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as bug:
        bug.setattr(FileSink, "deliver", _broken)
        ran = world.run(*APPLY)
    assert ran.code == 5
    assert "RuntimeError" in ran.err
    assert "Traceback" not in ran.err + ran.out
    assert world.sim.writes()

    world.settle()
    assert world.grants("acme-adherence") == {("Tenant Adherence", "ACME-US")}


def test_whoever_asks_is_shown_where_the_bug_is(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FileSink, "deliver", _broken)
    assert "tongues" in world.run("-vv", *APPLY).err


def test_a_bug_before_any_write_is_exit_1(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reconciler.engine.cycle.make", _broken)
    ran = world.run(*APPLY)
    assert (ran.code, world.sim.writes()) == (1, [])
    assert "Traceback" not in ran.err + ran.out
