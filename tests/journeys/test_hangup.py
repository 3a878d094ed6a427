"""A terminal that closes ends a run as Ctrl-C does; and Ctrl-C at its question ends it there."""

from __future__ import annotations

import io
import os
import signal
from collections.abc import Iterator

import pytest

from tests.journeys.test_unheard import BIRTH, on_first, undelivered
from tests.journeys.world import World


@pytest.fixture
def killed() -> Iterator[list[int]]:
    """One entry for each hang-up that nobody handled: the process would have died of it."""
    dead: list[int] = []
    before = signal.signal(signal.SIGHUP, lambda number, _: dead.append(number))
    yield dead
    signal.signal(signal.SIGHUP, before)


def send(*numbers: int) -> None:
    for number in numbers:
        os.kill(os.getpid(), number)


@pytest.mark.parametrize(
    "numbers",
    [
        pytest.param((signal.SIGHUP, signal.SIGHUP), id="by the shell and by the kernel"),
        pytest.param((signal.SIGTERM, signal.SIGHUP), id="after SIGTERM", marks=pytest.mark.full),
    ],
)
def test_a_terminal_that_closes_costs_no_secret_and_leaves_no_lease(
    world: World, killed: list[int], numbers: tuple[int, ...]
) -> None:
    on_first(world.sim, BIRTH, lambda: send(*numbers))
    ran = world.apply()
    assert (ran.code, killed) == (130, []), ran
    assert "Stopped by you" in ran.out and undelivered(world.sim, world.secrets) == []
    assert world.apply().code == 0  # at once: nobody else's lease is in the way


@pytest.mark.full
def test_who_was_told_to_ignore_hang_ups_goes_on(world: World, killed: list[int]) -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # nohup
    on_first(world.sim, BIRTH, lambda: send(signal.SIGHUP))
    assert world.apply().code == 0
    assert undelivered(world.sim, world.secrets) == []


def test_ctrl_c_at_the_question_is_no_answer_that_a_late_yes_could_follow(world: World) -> None:
    class Hesitant(io.StringIO):
        def isatty(self) -> bool:
            return True

        def readline(self, size: int = -1, /) -> str:  # type: ignore[override]
            send(signal.SIGINT)
            return "y\n"

    world.patch.setattr("sys.stdin", Hesitant())
    ran = world.run("apply")
    assert (ran.code, world.sim.writes()) == (130, []), ran
    assert ran.err.endswith("interrupted\n")
