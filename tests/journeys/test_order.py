"""A role grows on one side and shrinks on the other while clients move: no state in between is wider."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import pytest

from reconciler.simulator.exchange import Request
from reconciler.simulator.faults import Outcome
from tests.journeys.world import World

SHARED, ACME = "shared.yaml", "tenants/acme-retail.yaml"
EDITS = {
    "a role swaps a permission": [(SHARED, "- routing:queue:search", "- routing:queue:edit")],
    "a role swaps while its holder moves away": [
        (SHARED, "- wfm:historicalAdherence:view", "- wfm:schedule:view"),
        (ACME, "divisions: [us]}", "divisions: [ca]}"),
    ],
    "a client changes its role as both roles change": [
        (SHARED, "- wfm:historicalAdherence:view", "- wfm:schedule:view"),
        (SHARED, "- recording:recordingSegment:view", "- recording:recording:view"),
        (ACME, "{role: wfm-adherence, divisions: [us]}", "{role: recordings, divisions: [us]}"),
        (
            "tenants/globex-bank.yaml",
            "{role: recordings, divisions: own}",
            "{role: wfm-adherence, divisions: own}",
        ),
    ],
    "a client leaves the role that grows": [
        (
            SHARED,
            "- wfm:historicalAdherence:view",
            "- wfm:historicalAdherence:view\n        - wfm:schedule:view",
        ),
        (ACME, "{role: wfm-adherence, divisions: [us]}", "{role: queue-metrics, divisions: [us]}"),
    ],
}

State = TypeVar("State")


def _watched(world: World, look: Callable[[], State]) -> list[State]:
    """What `look` sees after every write, as it happens."""
    states: list[State] = []
    respond = world.sim.respond

    def watch(request: Request) -> Outcome:
        outcome = respond(request)
        if request.method != "GET":
            states.append(look())
        return outcome

    world.patch.setattr(world.sim, "respond", watch)
    return states


@pytest.mark.parametrize("edits", EDITS.values(), ids=list(EDITS))
@pytest.mark.parametrize(("tenant", "lag"), [("acme-retail", 0), ("zenith-retail", 0), ("zenith-retail", 5)])
def test_no_state_between_allows_more_than_before_and_after(
    make_world: Callable[..., World], edits: list[tuple[str, str, str]], tenant: str, lag: int
) -> None:
    """Whichever comes first by its address: a tenant sorts before the shared roles or behind them."""
    settled = make_world(lag=float(lag))
    settled.change(ACME, "name: acme-retail", f"name: {tenant}")
    settled.settle()
    settled.let_settle()
    old = settled.access()
    for edit in edits:
        settled.change(*edit)
    settled.change("org.yaml", "changePercent: 30", "changePercent: 100")
    states = _watched(settled, settled.access)
    settled.settle()
    new = settled.access()
    assert new != old and len(states) > 1
    for number, state in enumerate(states):
        assert state <= old | new, f"after write {number}: {sorted(state - old - new)}"
    settled.let_settle()
    assert settled.apply().last.startswith("nothing to do")


def test_nobody_can_use_a_client_before_its_secret_has_arrived(world: World) -> None:
    def unfinished() -> list[dict[str, Any]]:
        """Clients that hold something or are active, and whose secret does not lie in the sink."""
        known = {file["clientId"] for file in world.delivered().values()}
        return [
            row
            for row in world.live_clients()
            if row["authorizedGrantType"] == "CLIENT-CREDENTIALS" and row["id"] not in known
            if row["state"] == "active" or row["roleDivisions"]
        ]

    states = _watched(world, unfinished)
    world.settle()
    assert len(states) > 20 and not any(states)
