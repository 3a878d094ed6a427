"""Nothing is waited for between the delivery of a successor's secret and what switches the successor on."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.model.address import Address
from reconciler.model.plan import Plan
from reconciler.planning.lending import BATCH
from tests.support.build import (
    FREE,
    client,
    division,
    live,
    manifests,
    marked,
    metrics,
    operation_ids,
    plan,
    role,
    with_elsewhere,
)

CLIENT = Address("acme", "client", "metrics")
NEXT = f"{CLIENT}~next"
VIEW, EDIT = "routing:queue:view", "routing:queue:edit"
PRUNING = {**FREE, "prune": True}
BORROW = {**PRUNING, "hand_on": "borrow"}


def planned(
    policy: Any, walls: int, *clients: Any, r: tuple[str, ...] = (VIEW,), beside: Any = (), **given: Any
) -> Plan:
    """The client is to have R (11) in all walls but the last; R allows to view, the walls are 100, 101 …

    `beside` are pairs that only the second view shows of the successor.
    """
    named = [{"key": f"w{number}", "name": f"W{number}"} for number in range(100, 100 + walls)]
    grant = {"role": "r", "divisions": [each["key"] for each in named[: max(1, walls - 1)]]}
    roles = [{"key": "r", "name": "R", "permissions": list(r)}]
    tenant = {"divisions": named, "roles": roles, "clients": [metrics(grant)]}
    state = live(
        divisions=[
            marked(division(number, f"W{number}"), f"acme/division/w{number}")
            for number in range(100, 100 + walls)
        ],
        roles=[marked(role(11, "R", VIEW), "acme/role/r")],
        clients=list(clients),
        **{"operator_pairs": frozenset()} if policy is BORROW else {},
    )
    return plan(manifests(policy=policy, acme=tenant), with_elsewhere(state, 4, *beside), **given)


def first(*walls: int) -> Any:
    return marked(client(3, "acme-metrics", *((11, wall) for wall in walls)), str(CLIENT))


def half_born(*walls: int) -> Any:
    pairs = ((11, wall) for wall in walls)
    return marked(client(4, "acme-metrics (next)", *pairs, state="inactive"), NEXT, nonce="0a1b2c3d")


def steps(made: Plan) -> list[str]:
    """The successor's steps, and every wait and loan among them."""
    return [
        identity.removeprefix(f"{NEXT}:").rpartition("operator:")[2]
        for identity in operation_ids(made)
        if identity.startswith((NEXT, "settle", "org/grant/operator"))
    ]


def test_what_is_handed_on_is_borrowed_before_the_secret_is_made() -> None:
    made = planned(BORROW, 1, first(100), rotate={CLIENT: "succeed"})
    assert steps(made) == ["borrow-1", "settle-1", "create", "deliver", "grant", "prove", "return-1-1"]


def test_more_than_a_batch_for_one_successor_is_borrowed_once() -> None:
    walls = range(100, 100 + BATCH + 1)
    made = planned(BORROW, BATCH + 2, first(*walls), rotate={CLIENT: "succeed"})
    assert steps(made)[:7] == ["borrow-1", "settle-1", "create", "deliver", "grant", "prove", "return-1-1"]


def test_a_role_that_changes_has_settled_before_a_half_born_successor_gets_its_secret() -> None:
    made = planned(PRUNING, 1, first(100), half_born(), r=(EDIT,))
    assert [each.rpartition(":")[2] for each in steps(made)] == [
        *("changed", "renew", "deliver", "grant", "prove")
    ]


def test_what_somebody_gave_a_half_born_successor_goes_before_the_role_grows() -> None:
    """By hand it got R in the last wall: that goes and settles, R grows and settles, its secret is made."""
    made = planned(PRUNING, 2, first(100), half_born(101), r=(VIEW, EDIT))
    assert [each.rpartition(":")[2] for each in steps(made)] == [
        *("narrow", "lost", "narrowed", "changed", "renew", "deliver", "grant", "prove")
    ]


@pytest.mark.parametrize("shown", [True, False])
def test_what_a_half_born_successor_loses_has_settled_before_its_secret_is_made(shown: bool) -> None:
    """No role grows; what a hand gave it, and which only one of two views may show, settles all the same."""
    own, beside = ([101], ()) if shown else ([], [(11, 101)])
    made = planned(PRUNING, 2, first(100), half_born(*own), beside=beside)
    taken = "narrow" if shown else "revoke-0"
    assert [each.rpartition(":")[2] for each in steps(made)] == [
        *(taken, "lost", "renew", "deliver", "grant", "prove")
    ]


def test_births_and_renewals_go_as_before() -> None:
    born = operation_ids(planned(BORROW, 1))
    assert [each.rpartition(":")[2] for each in born if "client" in each or "operator:" in each] == [
        *("create", "deliver", "borrow-1", "settle-1", "grant", "prove", "return-1-1")
    ]
    renewed = operation_ids(planned(BORROW, 1, first(100), rotate={CLIENT: "renew"}))
    assert [each.rpartition(":")[2] for each in renewed] == [
        *("borrow-1", "settle-1", "announce", "renew", "deliver", "confirm", "prove", "return-1-1")
    ]
