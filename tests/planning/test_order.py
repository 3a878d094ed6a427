"""What waits for what: references first, narrow before wide, and no wait that settles nothing."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.model.address import Address
from reconciler.model.manifest import Manifests
from reconciler.model.plan import Operation, Plan
from reconciler.planning.graph import Node, in_order
from reconciler.planning.settle import SETTLE_SECONDS
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
    uid,
    with_elsewhere,
)

VIEW, EDIT = "routing:queue:view", "routing:queue:edit"
PRUNING = {**FREE, "prune": True}
METRICS = "acme/client/metrics"


def wanted(*grants: Any, r: Any = (VIEW,), s: Any = (VIEW,), **more: Any) -> Manifests:
    roles = [{"key": "r", "name": "R", "permissions": r}, {"key": "s", "name": "S", "permissions": s}]
    walls = [{"key": "us", "name": "US"}, {"key": "ca", "name": "CA"}]
    acme = {"divisions": walls, "roles": roles, "clients": [metrics(*grants)]} | more
    return manifests(policy=PRUNING, acme=acme)


def planned(asked: Manifests, *pairs: Any, elsewhere: Any = (), **more: Any) -> Plan:
    """R is 11 and S is 12, US is 1 and CA is 2; both roles allow to view."""
    walls = [marked(division(1, "US"), "acme/division/us"), marked(division(2, "CA"), "acme/division/ca")]
    roles = [marked(role(11, "R", VIEW), "acme/role/r"), marked(role(12, "S", VIEW), "acme/role/s")]
    held = marked(client(3, "acme-metrics", *pairs, **more), METRICS)
    state = live(divisions=walls, roles=roles, clients=[held])
    return plan(asked, with_elsewhere(state, 3, *elsewhere) if elsewhere else state)


def after(made: Plan, identity: str) -> list[str]:
    (operation,) = [item for item in made.operations if item.id == identity]
    assert all(edge.reason for edge in operation.after)
    return [edge.id for edge in operation.after]


def waits(made: Plan) -> list[str]:
    return [item.id for item in made.operations if item.does == "wait"]


R_US, S_US, R_CA = ({"role": x, "divisions": [y]} for x, y in (("r", "us"), ("s", "us"), ("r", "ca")))
LOST = f"settle:{METRICS}:lost"
NARROWED, CHANGED = f"settle:{uid(11)}:narrowed", f"settle:{uid(11)}:changed"


def test_a_birth_goes_its_four_steps_behind_what_it_refers_to() -> None:
    made = plan(wanted(R_US), live())
    assert after(made, f"{METRICS}:create") == []
    assert after(made, f"{METRICS}:deliver") == [f"{METRICS}:create"]
    referred = ["acme/division/us:create", "acme/role/r:create"]
    assert after(made, f"{METRICS}:grant") == [f"{METRICS}:deliver", *referred]
    assert after(made, f"{METRICS}:prove") == [f"{METRICS}:grant"]
    assert waits(made) == []


def test_who_loses_a_role_loses_it_before_it_grows_and_caches_agree() -> None:
    made = planned(wanted(r=[VIEW, EDIT]), (11, 1))
    assert operation_ids(made) == [f"{METRICS}:update", NARROWED, "acme/role/r:update"]
    assert after(made, "acme/role/r:update") == [NARROWED]


def test_who_gains_a_role_that_changed_gains_it_once_caches_agree() -> None:
    for permissions in ([VIEW, EDIT], [EDIT]):
        made = planned(wanted(R_US, r=permissions))
        assert operation_ids(made) == ["acme/role/r:update", CHANGED, f"{METRICS}:update"]


def test_moving_a_growing_role_to_another_wall_takes_both_waits() -> None:
    made = planned(wanted(R_CA, r=[VIEW, EDIT]), (11, 1))
    order = [f"{METRICS}:narrow", NARROWED, "acme/role/r:update", CHANGED, f"{METRICS}:update"]
    assert operation_ids(made) == order
    narrow = made.operations[0]
    assert narrow.body["roleDivisions"] == []
    assert narrow.body["description"]["$marked"] == ""


def test_a_narrowing_comes_behind_the_revocations_of_the_same_client() -> None:
    made = planned(wanted(R_CA, r=[VIEW, EDIT]), (11, 1), elsewhere=[(11, 9)])
    assert operation_ids(made)[:3] == [f"{METRICS}:revoke-0", f"{METRICS}:narrow", NARROWED]


@pytest.mark.parametrize(
    ("grants", "permissions", "pairs"),
    [
        ([R_US], [VIEW, EDIT], [(11, 1)]),
        ([S_US], [VIEW], [(11, 1)]),
        ([R_US], [EDIT], [(11, 1)]),
        ([], [EDIT], []),
        ([R_CA], [VIEW], [(11, 1)]),
    ],
    ids=[
        "keeps a growing role",
        "swaps settled roles",
        "keeps a changing role",
        "holds nothing",
        "moves a settled role",
    ],
)
def test_nobody_waits_where_nothing_must_settle(grants: Any, permissions: Any, pairs: Any) -> None:
    assert waits(planned(wanted(*grants, r=permissions), *pairs)) == []


def test_who_is_switched_on_has_lost_what_it_loses_before_and_caches_agree() -> None:
    """Somebody switched it off, and its tenant is suspended: a cache may still show the pair it loses."""
    suspended = wanted(R_US, state="suspended")
    made = planned(suspended, (11, 1), state="inactive")
    assert operation_ids(made) == [f"{METRICS}:narrow", LOST, f"{METRICS}:update"]
    narrow, _, on = made.operations
    assert (narrow.body["state"], narrow.body["roleDivisions"]) == ("inactive", [])
    assert on.body["state"] == "active"
    outside = planned(suspended, (11, 1), elsewhere=[(11, 1)], state="inactive")
    assert operation_ids(outside) == [f"{METRICS}:revoke-0", LOST, f"{METRICS}:update"]


def test_who_is_switched_on_or_off_and_keeps_what_it_has_does_it_in_one_write() -> None:
    assert operation_ids(planned(wanted(R_US), (11, 1), state="inactive")) == [f"{METRICS}:update"]
    assert operation_ids(planned(wanted(R_US, S_US), (11, 1), state="inactive")) == [f"{METRICS}:update"]
    assert waits(planned(wanted(R_US, state="retired"), (11, 1))) == []


def test_a_role_is_deleted_after_everybody_has_lost_it() -> None:
    walls = [marked(division(1, "US"), "acme/division/us")]
    gone = marked(role(12, "S", VIEW), "acme/role/s")
    held = marked(client(3, "acme-metrics", (12, 1)), METRICS)
    asked = manifests(
        policy=PRUNING, acme={"divisions": [{"key": "us", "name": "US"}], "clients": [metrics()]}
    )
    made = plan(asked, live(divisions=walls, roles=[gone], clients=[held]))
    assert operation_ids(made) == [f"{METRICS}:update", "acme/role/s:delete"]
    assert after(made, "acme/role/s:delete") == [f"{METRICS}:update"]


def test_tenants_wait_for_nothing_of_each_other() -> None:
    asked = wanted(R_US)
    two = Manifests(
        asked.org,
        asked.shared,
        (),
        (*asked.tenants, manifests(globex={"divisions": [{"key": "g", "name": "G"}]}).tenants[0]),
    )
    made = plan(two, live())
    for operation in made.operations:
        owners = {edge.id.split("/")[0] for edge in operation.after}
        assert owners <= {operation.address.owner}


def test_a_wait_says_how_long_and_why() -> None:
    wait = next(item for item in planned(wanted(R_US, r=[EDIT])).operations if item.does == "wait")
    assert (wait.body, wait.method, wait.path) == ({"seconds": SETTLE_SECONDS}, "", "")
    assert wait.reason == "a role changed, caches must agree on it"


def test_operations_in_a_circle_are_refused_rather_than_dropped() -> None:
    address = Address("acme", "role", "r")
    nodes = {
        name: Node(Operation(name, address, "request", "PUT", "/x", {}), after={other: "it does"})
        for name, other in (("a", "b"), ("b", "a"))
    }
    with pytest.raises(AssertionError, match="operations wait for each other: a, b"):
        in_order(nodes)
