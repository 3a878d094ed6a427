"""A secret that this run makes moves its client's date: that is nobody else's edit, and hides none."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from reconciler.model.marker import split
from reconciler.model.outcome import ApplyReport
from reconciler.planning.fresh import KNOWN_FOR
from tests.engine.test_failures import shorter_tokens
from tests.engine.test_rotation import ACME, WANTED, _is_well, client, killed
from tests.engine.world import CLIENTS, World, outcome, results, world
from tests.support.clock import run

BORN, ANNOUNCED = "born", "announced"
"""What the run before was killed behind: the birth, or the announcement of another secret."""


async def unfinished(here: World, how: str) -> None:
    """A client of which the last secret never arrived."""
    if how == ANNOUNCED:
        await here.reconcile(WANTED)
        assert await killed(here, 3, after=True) == 3
    else:
        here.sink.breaks = True
        await here.reconcile(WANTED)
        here.sink.breaks = False
    marker = split(client(here)["description"])[1]
    assert marker is not None and marker.nonce != ""


async def finished(
    here: World, *, after: float = 0.0, held_up: float, edited: float | None = None
) -> ApplyReport:
    """The next run, `after` seconds behind its plan; its last write is `held_up` by a limit.

    Somebody shortens the client's tokens `edited` seconds behind the plan.
    """
    plan, basis = await here.based_plan(WANTED)
    limit = {
        "kind": "status",
        "status": 429,
        "retryAfter": f"{held_up:g}",
        "method": "PUT",
        "path": f"{CLIENTS}/*",
    }
    here.sim.faults([limit])
    if edited is not None:
        asyncio.get_running_loop().call_later(edited, shorter_tokens, here)
    await asyncio.sleep(after)
    return await here.apply(plan, basis=basis)


@pytest.mark.parametrize("how", [BORN, pytest.param(ANNOUNCED, marks=pytest.mark.full)])
def test_a_secret_that_never_arrived_is_finished_however_late_the_last_write_leaves(how: str) -> None:
    async def scenario() -> None:
        async with world() as here:
            await unfinished(here, how)
            report = await finished(here, held_up=70)
            assert set(results(report).values()) == {"done"}
            await _is_well(here, client(here)["roleDivisions"])
            assert client(here)["roleDivisions"] != []

    run(scenario())


@pytest.mark.parametrize(
    "when",
    [
        pytest.param({"held_up": 70, "edited": 30}, id="behind-the-secret", marks=pytest.mark.full),
        pytest.param({"after": 30, "held_up": KNOWN_FOR - 20, "edited": 10}, id="before-the-secret"),
    ],
)
def test_what_somebody_edits_around_a_secret_of_ours_is_reported_and_stands(when: dict[str, Any]) -> None:
    """To have made a secret is to have seen nothing of the client: what was read grows old all the same."""

    async def scenario() -> None:
        async with world() as here:
            await unfinished(here, BORN)
            end = outcome(await finished(here, **when), str(ACME))
            assert (end.result, client(here)["accessTokenValiditySeconds"]) == ("failed", 600)
            assert "somebody changed it meanwhile" in end.error

    run(scenario())
