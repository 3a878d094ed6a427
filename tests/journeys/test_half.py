"""Half a character, which JSON can hold and UTF-8 cannot, is a text like any other."""

from __future__ import annotations

import pytest

from reconciler.simulator.exchange import Request
from reconciler.simulator.faults import Outcome
from tests.journeys.world import APPLY, World

WORD, HALF = b"HALF-HERE", b"half \\ud83d"


@pytest.fixture
def halved(settled: World) -> World:
    """A role and a description by a hand; the simulator itself speaks whole characters only."""
    settled.drift("POST", "authorization/roles", {"name": WORD.decode(), "permissionPolicies": []})
    row = settled.row("divisions", "GLOBEX")
    body = {"name": "GLOBEX", "description": f"{WORD.decode()} {row['description']}"}
    settled.drift("PUT", f"authorization/divisions/{row['id']}", body)
    respond = settled.sim.respond

    def halving(request: Request) -> Outcome:
        outcome = respond(request)
        outcome.answer.body = outcome.answer.body.replace(WORD, HALF)
        return outcome

    settled.sim.respond = halving  # type: ignore[method-assign]
    return settled


@pytest.mark.full
def test_half_a_character_in_a_text_by_hand_ends_no_run_and_is_put_right(halved: World) -> None:
    assert halved.run("drift").code == 2
    ran = halved.run(*APPLY)
    assert ran.code == 0 and "1 updated" in ran.out, ran
    assert not halved.row("divisions", "GLOBEX")["description"].startswith(WORD.decode())
    assert halved.run("plan", "--detailed-exitcode").code == 0
