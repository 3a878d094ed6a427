"""A division stays while somebody will hold a role there all the same."""

from __future__ import annotations

from typing import Any

from reconciler.model.address import Selector
from reconciler.model.plan import Plan
from tests.support.build import (
    FREE,
    change,
    client,
    division,
    guards,
    live,
    manifests,
    marked,
    plan,
    role,
    uid,
)

VIEW = "routing:queue:view"
WALL, CLIENT = "acme/division/ca", "acme/client/metrics"
PRUNING = {**FREE, "prune": True}
US = marked(division(1, "ACME-US"), "acme/division/us")
CA = marked(division(2, "ACME-CA"), WALL)
OURS = marked(client(3, "acme-metrics", (11, 2)), CLIENT)


def pruned(*clients: Any, **policy: Any) -> Plan:
    """The division ACME-CA is declared no more; these clients are there, of which none is declared."""
    reader = marked(role(11, "Reader", VIEW), "acme/role/reader")
    state = live(divisions=[US, CA], roles=[reader], clients=list(clients), counts={uid(2): {}})
    acme = {
        "divisions": [{"key": "us", "name": "ACME-US"}],
        "roles": [{"key": "reader", "name": "Reader", "permissions": [VIEW]}],
    }
    return plan(manifests(policy=PRUNING | policy, acme=acme), state)


def reason(made: Plan) -> str:
    held = change(made, WALL).withheld
    return held.reason if held and held.guard == "not-empty" else ""


def test_where_nobody_holds_anything_it_goes() -> None:
    assert change(pruned(), WALL).action == "delete" and guards(pruned()) == {}


def test_what_ours_lose_in_the_same_run_does_not_keep_it() -> None:
    assert guards(pruned(OURS)) == {}


def test_what_a_client_holds_there_that_is_not_ours_keeps_it() -> None:
    made = pruned(client(4, "by-hand", (11, 2)))
    assert reason(made) == "a role is held there by by-hand" and made.operations == ()


def test_what_is_held_elsewhere_keeps_it_not() -> None:
    assert guards(pruned(client(4, "by-hand", (11, 1)), client(5, "everywhere", (11, "*")))) == {}


def test_what_our_own_client_holds_there_keeps_it_not() -> None:
    assert guards(pruned(client(999, "nw-reconciler", (11, 2)))) == {}


def test_what_a_guard_leaves_to_one_of_ours_keeps_it() -> None:
    made = pruned(OURS, protect=(Selector("acme", "client", "metrics"),))
    assert guards(made) == {CLIENT: "protected", WALL: "not-empty"}


def test_of_many_holders_three_are_named() -> None:
    held = reason(pruned(*(client(40 + n, f"c{n}", (11, 2)) for n in range(5))))
    assert held == "a role is held there by c0, c1, c2 and 2 more"
