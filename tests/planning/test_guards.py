"""Guards: each stops what it is for, lets the near miss pass, and opens when its release is followed."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.model.address import Selector
from reconciler.model.manifest import Limits, Manifests
from reconciler.model.plan import Plan
from reconciler.model.state import LiveState
from tests.support.build import (
    HOME_BODY,
    actions,
    change,
    client,
    division,
    guards,
    live,
    manifests,
    marked,
    metrics,
    plan,
    role,
    uid,
)

PRUNE = {"prune": True}
EMPTY: dict[str, Any] = {}


def clients(count: int, pair: Any = (8, 9), start: int = 10) -> list[Any]:
    """Live clients of ours that acme does not declare, each holding a pair."""
    numbers = range(start, start + count)
    return [marked(client(n, f"c{n}", *([pair] if pair else [])), f"acme/client/c{n}") for n in numbers]


def roles(count: int, description: str = "") -> list[Any]:
    bodies = [role(100 + n, f"R{n}", "routing:queue:view") for n in range(count)]
    return [marked({**body, "description": description}, f"acme/role/r{n}") for n, body in enumerate(bodies)]


def declared_roles(count: int, description: str = "") -> list[Any]:
    said = {"description": description} if description else {}
    return [
        {"key": f"r{n}", "name": f"R{n}", "permissions": ["routing:queue:view"], **said} for n in range(count)
    ]


def acme(policy: Any = None, **sections: Any) -> Manifests:
    return manifests(policy=policy, acme=sections)


def release(made: Plan) -> str:
    (said,) = {item.withheld.release for item in made.changes if item.withheld}
    return said


# Nothing at all


def test_manifests_that_declare_nothing_are_an_accident() -> None:
    state = live(divisions=[marked(division(1, "X"), "acme/division/x")], counts={uid(1): {}})
    assert set(guards(plan(manifests(policy=PRUNE), state)).values()) == {"empty"}


def test_retiring_the_last_tenant_is_a_wish() -> None:
    state = live(divisions=[marked(division(1, "X"), "acme/division/x")], counts={uid(1): {}})
    assert actions(plan(acme(PRUNE, state="retired"), state)) == {"acme/division/x": "delete"}


# Protection


@pytest.mark.parametrize(
    ("selector", "held"),
    [
        ("acme", True),
        ("acme/client", True),
        ("acme/client/c10", True),
        ("acme/role", False),
        ("globex", False),
    ],
)
def test_what_is_protected_loses_nothing(selector: str, held: bool) -> None:
    made = plan(acme({"protect": (Selector.parse(selector),)}, **OTHER), live(clients=clients(1)))
    assert guards(made) == ({"acme/client/c10": "protected"} if held else {})
    assert ("acme/client/c10" in actions(made)) is not held


OTHER = {"divisions": [{"key": "us", "name": "ACME-US"}]}


def test_what_is_protected_may_still_change() -> None:
    made = plan(acme({"protect": (Selector("acme"),)}, roles=declared_roles(1, "new")), live(roles=roles(1)))
    assert actions(made) == {"acme/role/r0": "update"}


# Divisions that hold something


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({}, "unknown"),
        ({uid(1): {"QUEUE": 3, "USER": 1}}, "still holds 3 queues, 1 user"),
        ({uid(1): {}}, ""),
    ],
)
def test_a_division_goes_only_when_it_is_known_to_be_empty(
    counts: dict[str, dict[str, int]], said: str
) -> None:
    state = live(divisions=[HOME_BODY, marked(division(1, "X"), "acme/division/x")], counts=counts)
    made = plan(acme(PRUNE, roles=declared_roles(1)), state)
    withheld = change(made, "acme/division/x").withheld
    assert withheld is None if not said else (withheld and said in withheld.reason)


def test_nothing_is_deleted_without_prune() -> None:
    bodies = [marked(division(1, "X"), "acme/division/x")]
    made = plan(acme(roles=declared_roles(1)), live(divisions=bodies, counts={uid(1): {}}))
    assert (actions(made), made.orphans) == ({"acme/role/r0": "create"}, ("acme/division/x",))


def test_pruning_deactivates_first_and_deletes_in_a_later_run() -> None:
    first = plan(acme(PRUNE, **OTHER), live(clients=clients(1)))
    operation = next(item for item in first.operations if item.method == "PUT")
    assert (operation.method, operation.body["state"], operation.body["roleDivisions"]) == (
        "PUT",
        "inactive",
        [],
    )
    idle = marked({**client(10, "c10"), "state": "inactive"}, "acme/client/c10")
    assert actions(plan(acme(PRUNE, **OTHER), live(clients=[idle])))["acme/client/c10"] == "delete"


# Removals


def removing(count: int, ours: int = 200, **given: Any) -> Plan:
    padding = [marked(division(n, f"D{n}"), f"acme/division/d{n}") for n in range(1000, 1000 + ours - count)]
    return plan(acme(**OTHER), live(clients=clients(count), divisions=padding), **given)


def test_as_many_removals_as_the_limit_pass_and_one_more_stops_them_all() -> None:
    assert guards(removing(3)) == {}
    assert list(guards(removing(4)).values()) == ["removals"] * 4
    assert release(removing(4)) == "--allow removals=4"


def test_the_release_must_name_the_planned_number_exactly() -> None:
    assert guards(removing(4, allow={"removals": 4})) == {}
    assert len(guards(removing(4, allow={"removals": 5}))) == 4
    assert len(guards(removing(2, allow={"removals": 5}))) == 2
    assert guards(removing(0, allow={"removals": 5})) == {}


def test_the_smaller_of_both_removal_limits_counts_and_never_less_than_one() -> None:
    assert len(guards(removing(2, ours=15))) == 2
    assert guards(removing(2, ours=20)) == {}
    assert guards(removing(1, ours=1)) == {}


def test_losing_a_grant_that_is_not_the_last_is_no_removal() -> None:
    held = {"role": "r0", "divisions": ["us"]}
    entries = [
        {"key": f"c{n}", "name": f"c{n}", "grants": [held], "secret": {"sink": "vault"}}
        for n in range(10, 16)
    ]
    wall = marked(division(1, "ACME-US"), "acme/division/us")
    bodies = [marked(client(n, f"c{n}", (100, 1), (8, 9)), f"acme/client/c{n}") for n in range(10, 16)]
    made = plan(
        acme(**OTHER, roles=declared_roles(1), clients=entries),
        live(divisions=[wall], roles=roles(1), clients=bodies),
    )
    assert set(actions(made).values()) == {"revoke"}


def growing(*, declared: str, was: str = "routing:queue:view", **given: Any) -> Plan:
    """Two clients that are to lose a role which changes, where only one may lose its last grant."""
    changed = {"key": "r0", "name": "R0", "permissions": declared.split()}
    there = marked(role(100, "R0", *was.split()), "acme/role/r0")
    wall = marked(division(1, "ACME-US"), "acme/division/us")
    held = clients(2, (100, 1))
    return plan(acme(**OTHER, roles=[changed]), live(divisions=[wall], roles=[there], clients=held), **given)


def test_a_role_does_not_grow_while_the_loss_of_it_is_held_back() -> None:
    wider = "routing:queue:view routing:queue:edit"
    made = growing(declared=wider)
    withheld = change(made, "acme/role/r0").withheld
    assert withheld and withheld.reason == "it waits for acme/client/c10, which is to lose this role first"
    assert made.access.gains == () and made.operations == ()
    released = growing(declared=wider, allow={"removals": 2})
    assert guards(released) == {} and actions(released)["acme/role/r0"] == "update"


def test_a_role_that_cannot_grow_yet_still_shrinks() -> None:
    was = "routing:queue:view routing:queue:delete"
    made = growing(declared="routing:queue:view routing:queue:edit", was=was)
    assert set(guards(made)) == {"acme/client/c10", "acme/client/c11"}
    assert {loss.permission for loss in made.access.losses} == {"routing:queue:delete"}
    assert made.access.gains == ()


def test_a_swap_whose_gain_waits_counts_as_the_loss_it_has_become() -> None:
    """Many clients move to a role that turns out to be in conflict: they must not all go dark."""
    entries = [
        {
            "key": f"c{n}",
            "name": f"c{n}",
            "grants": [{"role": "r0", "divisions": "own"}],
            "secret": {"sink": "vault"},
        }
        for n in range(10, 15)
    ]
    wall = marked(division(1, "ACME-US"), "acme/division/us")
    taken = role(100, "R0", "routing:queue:view")
    state = live(divisions=[wall], roles=[taken], clients=clients(5, (8, 1)))
    made = plan(acme(**OTHER, roles=declared_roles(1), clients=entries), state)
    assert guards(made) == {"acme/role/r0": "conflict"} | {
        f"acme/client/c{n}": "removals" for n in range(10, 15)
    }


def test_a_whole_tenant_gone_is_never_routine() -> None:
    wanted = manifests(globex=OTHER)
    made = plan(wanted, live(clients=clients(1)))
    assert guards(made) == {"acme/client/c10": "removals"}
    assert "acme left the manifests altogether" in (change(made, "acme/client/c10").withheld or ("", ""))[1]
    assert guards(plan(wanted, live(clients=clients(1)), allow={"removals": 1})) == {}


def test_adopting_is_no_removal() -> None:
    entries = [metrics(key=f"c{n}", name=f"c{n}", adopt=True) for n in range(10, 20)]
    bodies = [client(n, f"c{n}", (8, 9)) for n in range(10, 20)]
    assert set(actions(plan(acme(clients=entries), live(clients=bodies))).values()) == {"adopt"}


# Updates


@pytest.mark.parametrize(("ours", "held"), [(10, 0), (9, 3), (1, 0)])
def test_no_more_updates_than_the_percentage(ours: int, held: int) -> None:
    updated = min(3, ours)
    entries = declared_roles(updated, "new") + declared_roles(ours)[updated:]
    made = plan(acme(roles=entries), live(roles=roles(ours)))
    assert list(guards(made).values()) == ["changes"] * held


def test_marker_refreshes_are_no_updates_that_count() -> None:
    state = live(
        roles=[
            marked(role(100 + n, f"R{n}", "routing:queue:view"), f"acme/role/r{n}", hash8="1" * 8)
            for n in range(9)
        ]
    )
    made = plan(acme(roles=declared_roles(9)), state)
    assert (set(actions(made).values()), guards(made)) == ({"update"}, {})


# Gains


def gaining(count: int, policy: Any = None, **given: Any) -> Plan:
    """`count` accesses for a client that is there: one role in as many divisions."""
    walls = [marked(division(n, f"D{n}"), f"acme/division/d{n}") for n in range(1, count + 1)]
    entries = [{"key": f"d{n}", "name": f"D{n}"} for n in range(1, count + 1)]
    held = metrics({"role": "r0", "divisions": "own"})
    wanted = acme(policy, divisions=entries, roles=declared_roles(1), clients=[held])
    bare = marked(client(900, "acme-metrics"), "acme/client/metrics")
    return plan(wanted, live(divisions=walls, roles=roles(1), clients=[bare]), **given)


FEW = {"limits": Limits(gains=4, change_percent=100)}


def test_as_many_gains_as_the_limit_pass_and_one_more_stops_them() -> None:
    assert guards(gaining(4, FEW)) == {}
    assert guards(gaining(5, FEW)) == {"acme/client/metrics": "gains"}
    assert release(gaining(5, FEW)) == "--allow gains=5"


def test_allowed_gains_must_be_the_planned_ones() -> None:
    assert guards(gaining(5, FEW, allow={"gains": 5})) == {}
    for allowed in (4, 6):
        made = gaining(5, FEW, allow={"gains": allowed})
        assert guards(made) == {"acme/client/metrics": "gains"}
        assert (
            f"gains={allowed} does not name" in (change(made, "acme/client/metrics").withheld or ("", ""))[1]
        )


def test_whoever_is_born_in_this_run_does_not_count_as_gaining() -> None:
    entries = [{"key": f"d{n}", "name": f"D{n}"} for n in range(9)]
    held = metrics({"role": "r0", "divisions": "own"})
    made = plan(acme(FEW, divisions=entries, roles=declared_roles(1), clients=[held]), live())
    assert (len(made.access.gains), guards(made)) == (9, {})


# What waits


def waiting_state(*pairs: Any) -> LiveState:
    wall = marked(division(1, "ACME-US"), "acme/division/us")
    held = marked(client(900, "acme-metrics", *pairs), "acme/client/metrics")
    return live(divisions=[wall, division(2, "ACME-CA")], roles=roles(1), clients=[held])


BOTH = [{"key": "us", "name": "ACME-US"}, {"key": "ca", "name": "ACME-CA"}]


def test_a_grant_waits_for_its_wall_while_the_other_losses_go_on() -> None:
    held = metrics({"role": "r0", "divisions": "own"})
    wanted = acme(
        {"limits": Limits(change_percent=100)}, divisions=BOTH, roles=declared_roles(1), clients=[held]
    )
    made = plan(wanted, waiting_state((100, 1), (8, 9)))
    assert guards(made) == {"acme/division/ca": "conflict"}
    assert actions(made) == {"acme/client/metrics": "revoke"}
    assert "what it gains waits for acme/division/ca" in change(made, "acme/client/metrics").reason
    gaining_too = plan(wanted, waiting_state((8, 9)))
    assert actions(gaining_too) == {"acme/client/metrics": "update"}


def test_a_client_is_not_born_before_what_its_grants_refer_to() -> None:
    held = metrics({"role": "r0", "divisions": "own"})
    wanted = acme(divisions=BOTH, roles=declared_roles(1), clients=[held])
    made = plan(wanted, live(divisions=[division(2, "ACME-CA")]))
    assert guards(made) == {"acme/division/ca": "conflict", "acme/client/metrics": "waiting"}


def test_only_narrows_the_plan_and_what_needs_the_rest_waits() -> None:
    held = metrics({"role": "r0", "divisions": "own"})
    wanted = acme(divisions=BOTH, roles=declared_roles(1), clients=[held])
    made = plan(wanted, live(), only=(Selector("acme", "client"), Selector("acme", "role")))
    assert (list(actions(made)), guards(made)) == (["acme/role/r0"], {"acme/client/metrics": "waiting"})


def test_the_first_guard_that_spoke_stays() -> None:
    protected = {"protect": (Selector("acme"),)}
    made = plan(manifests(policy=protected), live(clients=clients(9)))
    assert set(guards(made).values()) == {"empty"}
