"""A predecessor retires when its successor's secret is where consumers read, and there is always a way on."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.journeys.test_secrets_rotate import (
    ARCHIVE,
    ROTATE,
    Overlap,
    garble_place,
    lose_place,
    said,
    settled,
    told,
    works,
)
from tests.journeys.world import World

Spoil = Callable[[Overlap], None]


def put(overlap: Overlap, credential: dict[str, Any]) -> None:
    """Somebody writes this into the file, or puts an old one back."""
    (overlap.world.secrets / "globex-bank" / "archive.json").write_text(json.dumps(credential))


SPOILT: dict[str, tuple[Spoil, str]] = {
    "the first one's": (lambda overlap: put(overlap, overlap.first), "other-client"),
    "lost": (lambda overlap: lose_place(overlap.world), "missing"),
    "a stranger's": (
        lambda overlap: put(overlap, {**overlap.second, "clientId": "somebody-else"}),
        "other-client",
    ),
    "garbled": (lambda overlap: garble_place(overlap.world), "unknown"),
}
HOW = pytest.mark.parametrize(
    "how", [pytest.param(how, marks=() if how == "the first one's" else pytest.mark.full) for how in SPOILT]
)


@HOW
def test_where_its_successors_secret_is_not_there_nobody_retires_until_it_is(
    make_world: Callable[..., World], how: str
) -> None:
    world = settled(make_world)
    overlap, (spoil, state) = Overlap(world), SPOILT[how]
    spoil(overlap)
    assert told(world)[ARCHIVE]["state"] == state
    held, writes = world.wrote(*ROTATE, "--retire")
    assert (held.code, writes) == (4, []) and overlap.both_work() == [True, True], held
    assert f"reconciler secrets rotate --only {ARCHIVE}" in said(held)
    assert world.run(*ROTATE, "--only", ARCHIVE).code == 0
    assert world.delivered()[ARCHIVE]["clientId"] == overlap.second["clientId"]
    assert works(world, ARCHIVE) and overlap.both_work()[0]
    assert told(world)[ARCHIVE]["state"] == "overlap"
    assert world.run("plan", "--detailed-exitcode").code == 0
    assert world.run(*ROTATE, "--retire").code == 0
    assert works(world, ARCHIVE) and not overlap.both_work()[0]


@pytest.mark.full
def test_whoever_knows_what_a_silent_sink_holds_ends_that_overlap_by_name(
    make_world: Callable[..., World],
) -> None:
    world = settled(make_world)
    overlap = Overlap(world)
    garble_place(world)
    of_its_tenant, writes = world.wrote(*ROTATE, "--retire", "--only", "globex-bank")
    assert (of_its_tenant.code, writes) == (4, [])
    named = world.run(*ROTATE, "--retire", "--only", ARCHIVE)
    assert named.code == 0 and "as you say; globex-bank/archive.json holds no credential" in said(named)
    assert overlap.both_work() == [False, True]


@pytest.mark.full
def test_a_new_secret_for_a_successor_that_is_cut_is_recovered(make_world: Callable[..., World]) -> None:
    world = settled(make_world)
    overlap = Overlap(world)
    lose_place(world)
    world.sim.faults([{"kind": "timeout-after", "method": "POST", "path": "*/secret", "times": None}])
    assert world.run(*ROTATE, "--only", ARCHIVE).code == 5
    world.sim.faults([])
    assert told(world)[ARCHIVE]["state"] == "undelivered" and overlap.both_work()[0]
    for way in (ROTATE, (*ROTATE, "--retire")):
        held, writes = world.wrote(*way, "--only", ARCHIVE)
        assert (held.code, writes) == (4, []) and "reconciler secrets recover" in held.out
    assert world.run("secrets", "recover", "--auto-approve").code == 0
    assert told(world)[ARCHIVE]["state"] == "overlap" and works(world, ARCHIVE)


@pytest.mark.full
def test_a_predecessor_that_somebody_switched_off_is_not_switched_on_to_retire(
    make_world: Callable[..., World],
) -> None:
    world = settled(make_world)
    overlap = Overlap(world)
    row = world.row("clients", "globex-archive")
    off = {**row, "state": "inactive"}
    assert world.sim.edit("PUT", f"/api/v2/oauth/clients/{row['id']}", off)[0] < 300
    assert world.run(*ROTATE, "--retire").code == 0
    assert overlap.names() == ["globex-archive", "globex-archive (old)"]
    assert overlap.both_work() == [False, True]
