"""Whatever breaks at whichever request of an apply: a documented exit, and the next run puts it right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from reconciler.cli.exits import TABLE
from tests.journeys.world import APPLY, STORES, World

LAST = 60
"""The first apply of Northwind asks 52 times, tokens of new clients included."""
KINDS: dict[str, dict[str, Any]] = {
    "refuse": {},
    "timeout-before": {},
    "timeout-after": {},
    "truncate": {},
    "garble": {},
    "html": {},
    "html-200": {"kind": "html", "status": 200},
    "status-503": {"kind": "status", "status": 503},
    "status-500": {"kind": "status", "status": 500},
    "status-429": {"kind": "status", "status": 429, "code": "too.many.requests", "retryAfter": 3},
    "status-401": {"kind": "status", "status": 401, "code": "bad.credentials"},
    "status-403": {"kind": "status", "status": 403, "code": "missing.permission"},
    "status-400": {"kind": "status", "status": 400, "code": "bad.request"},
    "status-404": {"kind": "status", "status": 404, "code": "not.found"},
    "status-409": {"kind": "status", "status": 409, "code": "conflict"},
    "stale": {},
    "page-shift": {},
}


def _sample() -> Iterator[Any]:
    """Every kind at every request in full size; otherwise each kind at one request or two.

    Each second case has no journal: what puts things right are the markers.
    """
    for row, kind in enumerate(KINDS):
        for nth in range(1, LAST + 1):
            always = (7 * nth + 3 * row) % (3 * len(KINDS)) == 0
            marks = () if always else (pytest.mark.full,)
            store = ("kept", "off")[(row + nth) % 2]
            yield pytest.param(kind, nth, store, marks=marks, id=f"{kind}-{nth}-{store}")


@pytest.mark.parametrize(("kind", "nth", "store"), list(_sample()))
def test_the_next_run_puts_it_right(make_world: Callable[..., World], kind: str, nth: int) -> None:
    world = make_world()
    world.sim.faults([{"kind": kind, "nth": nth, **KINDS[kind]}])
    ran = world.apply()
    assert ran.code in {code for code, _ in TABLE}, ran
    assert ran.code != 1 and "Traceback" not in ran.err and "bug" not in ran.err, ran
    if ran.code in (3, 6, 7, 9):
        assert world.sim.writes() == [] or _only_refused(world), ran
    world.sim.faults([])
    _converges(world)


def _only_refused(world: World) -> bool:
    return all(each.status == 0 for each in world.sim.writes())


def _converges(world: World) -> None:
    ran = world.apply()
    assert ran.code == 0, ran.out + ran.err
    again, writes = world.wrote(*APPLY)
    assert again.last.startswith("nothing to do") and writes == []
    markers = Counter(row["description"].partition("[")[2].partition("@")[0] for row in world.live_clients())
    assert len(markers) == 7 and set(markers.values()) == {1}, markers
    delivered = {file["clientId"]: file["clientSecret"] for file in world.delivered().values()}
    for row in world.live_clients():
        if row["state"] == "active" and row["authorizedGrantType"] == "CLIENT-CREDENTIALS":
            assert world.signs_in(row["id"], delivered[row["id"]]), row["name"]


@STORES
@pytest.mark.parametrize("kind", ["refuse", "status-503", "timeout-after"])
def test_an_organisation_that_fails_for_good_in_the_middle_is_finished_later(
    make_world: Callable[..., World], kind: str
) -> None:
    world = make_world()
    world.sim.faults([{"kind": kind, "method": "PUT", "nth": 3, "times": None, **KINDS[kind]}])
    ran = world.apply()
    assert ran.code == 5, ran
    world.sim.faults([])
    _converges(world)
