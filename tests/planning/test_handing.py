"""Handing on: what our own client has to hold, what it borrows, and what nobody needs to hold."""

from __future__ import annotations

from typing import Any

from reconciler.model.access import EVERYWHERE
from reconciler.model.address import Selector
from reconciler.model.plan import Operation, Plan, document
from reconciler.planning.approve import Reviewed, essence
from reconciler.planning.lending import BATCH
from tests.support.build import (
    HOME_BODY,
    change,
    client,
    division,
    guards,
    live,
    manifests,
    marked,
    metrics,
    operation_ids,
    plan,
    role,
    uid,
)

VIEW = "routing:queue:view"
READER = marked(role(11, "Reader", VIEW), "org/role/reader")
THEIRS = role(12, "Supervisor", VIEW)
US, CA = (
    marked(division(1, "ACME-US"), "acme/division/us"),
    marked(division(2, "ACME-CA"), "acme/division/ca"),
)
WALLS = [{"key": "us", "name": "ACME-US"}, {"key": "ca", "name": "ACME-CA"}]
SHARED = {
    "roles": [
        {"key": "reader", "name": "Reader", "permissions": [VIEW]},
        {"key": "theirs", "existing": {"name": "Supervisor"}},
    ]
}
BORROW, HELD = {"hand_on": "borrow"}, {"hand_on": "held"}
IN_US, IN_CA = (uid(11), uid(1)), (uid(11), uid(2))


def grants(*divisions: str, role: str = "reader") -> dict[str, Any]:
    return metrics({"role": role, "divisions": list(divisions)})


def made(entry: dict[str, Any], body: dict[str, Any], *own: Any, policy: Any = None, **more: Any) -> Plan:
    wanted = manifests(SHARED, policy=policy or BORROW, acme={"divisions": WALLS, "clients": [entry]})
    state = {"divisions": [HOME_BODY, US, CA], "roles": [READER, THEIRS], "clients": [body]}
    return plan(wanted, live(**state, operator_pairs=frozenset(own)), **more)


def held(*pairs: Any, **flags: Any) -> dict[str, Any]:
    return marked(client(3, "acme-metrics", *pairs), "acme/client/metrics", **flags)


def operation(plan: Plan, name: str) -> Operation:
    (found,) = [item for item in plan.operations if item.id == name]
    return found


def taken(plan: Plan) -> set[tuple[str, str]]:
    (borrowing,) = [item for item in plan.operations if "bulkadd" in item.path]
    return {(pair["roleId"], pair["divisionId"]) for pair in borrowing.body["grants"]}


def test_an_edit_borrows_what_the_client_holds_and_will_hold() -> None:
    plan = made(grants("us", "ca"), held((11, 1)))
    assert taken(plan) == {IN_US, IN_CA}
    assert operation_ids(plan) == [
        "org/grant/operator:borrow-1",
        "org/grant/operator:settle-1",
        "acme/client/metrics:update",
        "org/grant/operator:return-1-1",
        "org/grant/operator:return-1-2",
    ]


def test_a_return_waits_for_what_was_served_whatever_became_of_it() -> None:
    first = operation(made(grants("us", "ca"), held((11, 1))), "org/grant/operator:return-1-1")
    assert {edge.id: edge.whatever for edge in first.after} == {
        "acme/client/metrics:update": True,
        "org/grant/operator:borrow-1": False,
    }


def test_a_loan_is_shown_and_counted_nowhere() -> None:
    plan = made(grants("us", "ca"), held((11, 1)))
    assert change(plan, "org/grant/operator").action == "update"
    assert plan.summary[:5] == (0, 1, 0, 0, 0)
    assert {gain.subject for gain in plan.access.gains} == {"acme/client/metrics"}


def test_what_is_held_everywhere_is_not_borrowed() -> None:
    plan = made(grants("us", "ca"), held((11, 1)), (uid(11), EVERYWHERE), policy=HELD)
    assert operation_ids(plan) == ["acme/client/metrics:update"]


def test_under_held_what_is_missing_is_withheld_with_the_list() -> None:
    plan = made(grants("us", "ca"), held((11, 1)), IN_US, policy=HELD)
    assert guards(plan) == {"acme/client/metrics": "held"} and plan.operations == ()
    withheld = change(plan, "acme/client/metrics").withheld
    assert withheld is not None and withheld.reason.endswith(": Reader in ACME-CA")
    assert withheld.release == "grant these to `nw-reconciler`"


def test_under_held_own_grants_are_never_touched() -> None:
    assert made(grants("us"), held((11, 1)), IN_CA, policy=HELD).changes == ()


def test_own_grants_on_roles_of_ours_are_returned_first() -> None:
    base = (uid(12), EVERYWHERE)
    plan = made(grants("us", "ca"), held((11, 1)), IN_CA, (uid(11), EVERYWHERE), base)
    first, second, third = plan.operations[:3]
    assert first.path.endswith("/bulkremove") and first.body == {
        "grants": [{"roleId": uid(11), "divisionId": "*"}]
    }
    assert second.method == "DELETE" and second.path.endswith(f"/divisions/{uid(2)}/roles/{uid(11)}")
    assert third.id == "org/grant/operator:borrow-1"
    assert third.after[0].id == second.id and third.after[0].whatever
    assert plan.summary.revoke == 1 and change(plan, "org/grant/operator").action == "revoke"
    assert uid(12) not in str([item.path for item in plan.operations])


def test_a_pair_on_a_role_that_is_not_ours_must_be_held() -> None:
    entry = grants("us", role="theirs")
    assert guards(made(entry, held())) == {"acme/client/metrics": "held"}
    assert guards(made(entry, held(), (uid(12), uid(1)))) == {}


def test_what_cannot_be_handed_on_does_not_keep_what_left_git() -> None:
    plan = made(grants("us", role="theirs"), held((11, 1), (11, 2)))
    assert guards(plan) == {}
    told = change(plan, "acme/client/metrics")
    assert told.action == "revoke" and "cannot hand on: Supervisor in ACME-US" in told.reason
    assert {item.method for item in plan.operations if "metrics" in item.id} == {"DELETE", "PUT"}
    rest = made(grants("us", role="theirs"), held())
    assert guards(rest) == {"acme/client/metrics": "held"} and rest.operations == ()


def test_what_somebody_granted_by_hand_is_revoked_and_not_borrowed() -> None:
    at_first = made(grants("us"), held((11, 1)))
    assert at_first.changes == ()
    by_hand = client(3, "acme-metrics", (11, 1), (11, 2), (12, EVERYWHERE))
    by_hand["description"] = held((11, 1))["description"]
    plan = made(grants("us"), by_hand)
    assert taken(plan) == {IN_US}
    revoked = [item for item in plan.operations if item.id.startswith("acme/client/metrics:revoke")]
    assert sorted(item.method for item in revoked) == ["DELETE", "POST"]


def test_access_that_leaves_git_goes_without_borrowing_it() -> None:
    plan = made(grants("us"), held((11, 1), (11, 2)))
    assert taken(plan) == {IN_US}
    assert change(plan, "acme/client/metrics").action == "revoke"
    assert any(item.method == "DELETE" and uid(3) in item.path for item in plan.operations)


def test_what_is_exchanged_goes_in_one_step() -> None:
    plan = made(grants("ca"), held((11, 1)))
    assert taken(plan) == {IN_US, IN_CA}
    assert [item.id for item in plan.operations if "client" in item.id] == ["acme/client/metrics:update"]


def test_batches_hold_a_hundred_pairs_and_follow_each_other() -> None:
    grant = {"role": "reader", "divisions": "own"}
    tenants: dict[str, Any] = {
        f"t{tenant}": {
            "divisions": [{"key": f"d{number}", "name": f"D{tenant}-{number}"} for number in range(60)],
            "clients": [metrics(grant, name=f"c{tenant}")],
        }
        for tenant in range(3)
    }
    made_all = plan(
        manifests(SHARED, policy=BORROW, **tenants),
        live(divisions=[HOME_BODY], roles=[READER, THEIRS], operator_pairs=frozenset()),
    )
    batches = [item for item in made_all.operations if "bulkadd" in item.path]
    assert [len(item.body["grants"]) for item in batches] == [60, 60, 60]
    assert all(len(item.body["grants"]) <= BATCH for item in batches)
    returned = {item.id for item in made_all.operations if "return-1-" in item.id}
    assert returned <= {edge.id for edge in batches[1].after if not edge.whatever}
    assert len(document(made_all)["operations"]) == len(made_all.operations)


def test_a_role_goes_after_what_was_borrowed_of_it_is_returned() -> None:
    leaving = marked(role(13, "Old", VIEW), "org/role/old")
    body = held((13, 1))
    wanted = manifests(
        SHARED, policy={**BORROW, "prune": True}, acme={"divisions": WALLS, "clients": [grants("us")]}
    )
    state = live(
        divisions=[HOME_BODY, US, CA],
        roles=[READER, THEIRS, leaving],
        clients=[body],
        operator_pairs=frozenset(),
    )
    deleting = operation(plan(wanted, state), "org/role/old:delete")
    assert {edge.id: edge.whatever for edge in deleting.after} == {
        "acme/client/metrics:update": False,
        "org/grant/operator:return-1-2": False,
    }


TAKEN_OVER = {
    "roles": [{"key": "reader", "name": "Reader", "permissions": [VIEW], "adopt": uid(11)}],
}


def taking_over(policy: Any = BORROW, own: Any = (), **more: Any) -> Plan:
    """A role, and a client that holds it, neither of them ours yet; `own` is what our client has."""
    entry = grants("us") | {"adopt": uid(3)}
    wanted = manifests(TAKEN_OVER, policy=policy, acme={"divisions": WALLS, "clients": [entry]})
    state = live(
        divisions=[HOME_BODY, US, CA],
        roles=[role(11, "Reader", VIEW)],
        clients=[client(3, "acme-metrics", (11, 1))],
        operator_pairs=frozenset(own),
    )
    return plan(wanted, state, **more)


def test_a_client_and_its_role_are_taken_over_in_one_run_the_role_first() -> None:
    plan = taking_over()
    assert guards(plan) == {} and plan.summary.adopt == 2
    assert operation_ids(plan) == [
        "org/role/reader:update",
        "org/grant/operator:borrow-1",
        "org/grant/operator:settle-1",
        "acme/client/metrics:update",
        "org/grant/operator:return-1-1",
    ]
    editing = operation(plan, "acme/client/metrics:update")
    assert ("org/role/reader:update", False) in {(edge.id, edge.whatever) for edge in editing.after}
    lent = {"roleId": {"$ref": "org/role/reader"}, "divisionId": IN_US[1]}  # nothing before it is ours
    assert operation(plan, "org/grant/operator:borrow-1").body == {"grants": [lent]}
    returning = operation(plan, "org/grant/operator:return-1-1")
    assert ("org/role/reader:update", False) in {(edge.id, edge.whatever) for edge in returning.after}


def test_a_role_of_our_own_client_is_taken_over_only_where_nothing_would_be_returned() -> None:
    for own in (IN_US, (uid(11), EVERYWHERE)):
        assert guards(taking_over(own=[own]))["org/role/reader"] == "operator"
    assert guards(taking_over(own=[(uid(12), EVERYWHERE)])) == {}
    assert guards(taking_over(policy=HELD, own=[IN_US])) == {}


def test_under_held_a_role_that_is_taken_over_is_not_lent() -> None:
    assert guards(taking_over(policy=HELD)) == {"acme/client/metrics": "held"}


def test_a_role_that_is_left_out_is_not_lent() -> None:
    assert guards(taking_over(only=(Selector("acme"),))) == {"acme/client/metrics": "held"}


def test_a_role_whose_taking_over_nobody_reviewed_is_not_lent() -> None:
    of_client = essence(change(taking_over(), "acme/client/metrics"))
    plan = taking_over(reviewed=Reviewed(frozenset({of_client}), {}, frozenset()))
    assert guards(plan) == {"acme/client/metrics": "held", "org/role/reader": "not-reviewed"}
