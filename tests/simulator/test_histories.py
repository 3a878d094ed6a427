"""Whatever is written, in whatever order and however it is interrupted, no impossible state is left behind.

What histories once found stands below under its own name.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.simulator.guest import Guest, VirtualTime, grants
from tests.simulator.histories import Histories
from tests.simulator.impossible import held_by
from tests.simulator.watched import Watched


@pytest.mark.timeout(600)
def test_every_history_stays_possible() -> None:
    full = os.environ.get("HYPOTHESIS_PROFILE") == "full"
    run_state_machine_as_test(
        Histories, settings=settings(max_examples=200 if full else 50, stateful_step_count=40)
    )


async def test_a_role_goes_to_all_of_many_subjects_or_to_none() -> None:
    sim = Watched(0.0, {"roles-disabled-groups": "refused"}, VirtualTime())
    state = sim.snapshot()
    group, role, here = (state[name][0]["id"] for name in ("groups", "roles", "divisions"))
    body = {"subjectIds": [row["id"] for row in state["groups"]], "divisionIds": [here]}
    guest = await Guest(sim, VirtualTime()).log_in()
    status, _ = await guest.call("POST", f"authorization/roles/{role}?subjectType=PC_GROUP", body)
    assert (status, sim.snapshot()) == (400, state)
    body["subjectIds"] = [group, group]
    status, _ = await guest.call("POST", f"authorization/roles/{role}?subjectType=PC_GROUP", body)
    assert (status, held_by(sim.snapshot(), group) - held_by(state, group)) == (204, {(role, here)})


@pytest.mark.parametrize("verb", ["bulkadd", "bulkreplace"])
async def test_nothing_is_granted_to_a_deleted_client(verb: str) -> None:
    sim = Watched(0.0, {"tombstones": "listed"}, VirtualTime())
    guest = await Guest(sim, VirtualTime()).log_in()
    assert (await guest.call("DELETE", "oauth/clients/old"))[0] == 204
    state = sim.snapshot()
    pair = state["roles"][1]["id"], state["divisions"][1]["id"]
    path = f"authorization/subjects/old/{verb}?subjectType=PC_OAUTH_CLIENT"
    assert (await guest.call("POST", path, grants(pair)))[0] == 404
    assert (sim.snapshot(), held_by(state, "old")) == (state, set())


def test_a_later_reset_brings_back_the_first_day_and_no_other() -> None:
    time = VirtualTime()
    sim = Watched(0.0, {}, time)
    seeded = sim.snapshot()
    time.now += 90.0
    sim.clock.advance(60.0)
    sim.reset()
    assert sim.snapshot() == seeded
