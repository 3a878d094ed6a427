"""A suspension by command in values: what is written, what keeps the flag, and who concerns a role."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.errors import UsageError
from reconciler.model.manifest import Limits, Manifests
from reconciler.model.plan import Plan
from reconciler.model.words import inhabitants, population
from tests.support.build import (
    FREE,
    actions,
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
    with_elsewhere,
)

VIEW, EDIT = "routing:queue:view", "routing:queue:edit"
US = marked(division(1, "ACME-US"), "acme/division/us")
READER = marked(role(11, "Reader", VIEW), "org/role/reader")
CLIENT = "acme/client/metrics"


def acme(*permissions: str, policy: Any = None, **more: Any) -> Manifests:
    reader = {"key": "reader", "name": "Reader", "permissions": permissions or (VIEW,)}
    told = {
        "divisions": [{"key": "us", "name": "ACME-US"}],
        "clients": [metrics({"role": "reader", "divisions": "own"})],
    }
    return manifests({"roles": [reader]}, policy=policy or FREE, acme=told | more)


def held(*pairs: Any, **flags: Any) -> dict[str, Any]:
    return marked(client(3, "acme-metrics", *pairs), CLIENT, **flags)


def suspending(*clients: Any, wanted: Manifests | None = None, **given: Any) -> Plan:
    state = live(divisions=[US], roles=[READER], clients=list(clients))
    return plan(wanted or acme(), state, suspend="acme", **given)


def marks(made: Plan) -> list[Any]:
    """The marked descriptions of a plan's requests."""
    bodies = [item.body for item in made.operations if isinstance(item.body, dict)]
    return [body["description"] for body in bodies if "description" in body]


def test_pairs_go_and_the_marker_says_so() -> None:
    made = suspending(held((11, 1)))
    assert actions(made) == {CLIENT: "revoke"}
    (operation,) = made.operations
    assert (operation.method, operation.body["roleDivisions"]) == ("PUT", [])
    assert operation.body["description"] == {
        "$marked": "", "address": CLIENT, "nonce": None, "suspended": True,
    }  # fmt: skip
    assert (len(made.access.gains), len(made.access.losses)) == (0, 1)


def test_the_digest_covers_the_flag() -> None:
    assert (
        suspending(held((11, 1))).digest
        != plan(
            acme(clients=[metrics()]), live(divisions=[US], roles=[READER], clients=[held((11, 1))])
        ).digest
    )
    assert all("suspended" not in mark for mark in marks(plan(acme(), live())))


def test_a_client_without_grants_gets_the_flag_and_keeps_its_nonce() -> None:
    made = suspending(held(nonce="0a1b2c3d"))
    assert actions(made) == {CLIENT: "update"}
    assert [mark["nonce"] for mark in marks(made)] == ["keep"]
    assert operation_ids(made) == [f"{CLIENT}:update"]


def test_a_pair_of_the_second_view_is_revoked_there_before_the_marker_is_written() -> None:
    state = with_elsewhere(live(divisions=[US], roles=[READER], clients=[held()]), 3, (11, 1))
    made = plan(acme(), state, suspend="acme")
    assert [item.method for item in made.operations] == ["DELETE", "PUT"]


def test_what_is_flagged_and_holds_nothing_is_left_alone() -> None:
    assert suspending(held(suspended=True)).operations == ()


def test_no_limit_counts_it_and_empty_manifests_do_not_stop_it() -> None:
    many = [marked(client(n, f"c{n}", (11, 1)), f"acme/client/c{n}") for n in range(30, 40)]
    policy = {"limits": Limits(removals=1, removal_percent=1, change_percent=1, gains=1)}
    assert len(actions(suspending(*many, wanted=acme(policy=policy)))) == 10
    assert len(actions(suspending(*many, wanted=manifests()))) == 10


def test_our_own_client_and_strangers_stay() -> None:
    own = marked(client(999, "nw-reconciler", (11, 1)), "acme/client/own")
    other = marked(client(5, "other", (11, 1)), "acme/client/other", org="southwind")
    made = suspending(own, other, client(6, "unmarked", (11, 1)))
    assert guards(made) == {"acme/client/own": "operator"} and made.operations == ()


def test_another_tenant_is_not_touched_and_an_unknown_one_is_an_error() -> None:
    globex = marked(client(5, "globex", (11, 1)), "globex/client/c")
    assert actions(suspending(held((11, 1)), globex)) == {CLIENT: "revoke"}
    with pytest.raises(UsageError, match="no tenant `acmee`"):
        plan(acme(), live(clients=[globex]), suspend="acmee")


# While it stands


def standing(*clients: Any, wanted: Manifests | None = None, **given: Any) -> Plan:
    return plan(wanted or acme(), live(divisions=[US], roles=[READER], clients=list(clients)), **given)


def test_a_change_with_loss_and_gain_loses_now_and_keeps_the_flag() -> None:
    made = standing(held((8, 9), suspended=True))
    assert actions(made) == {CLIENT: "revoke"}
    assert "what it gains is withheld" in change(made, CLIENT).reason
    assert [mark["suspended"] for mark in marks(made)] == [True]
    assert guards(standing(held(suspended=True))) == {CLIENT: "suspended"}


def test_a_half_finished_birth_is_finished_without_access() -> None:
    made = standing(held(nonce="0a1b2c3d", suspended=True))
    grant = next(item for item in made.operations if item.id.endswith(":grant"))
    assert grant.body["roleDivisions"] == [] and grant.body["description"]["suspended"]


def test_the_flag_goes_from_every_object_of_the_tenant_in_the_run_that_restores_it() -> None:
    idle = marked(client(4, "acme-idle"), "acme/client/idle", suspended=True)
    old = marked(client(5, "acme-old"), "acme/client/old", suspended=True)
    both = acme(
        clients=[metrics({"role": "reader", "divisions": "own"}), metrics(key="idle", name="acme-idle")]
    )
    here = (held(suspended=True), idle, old)
    made = standing(*here, wanted=both, allow={"gains": 1})
    assert guards(made) == {}
    assert actions(made) == {CLIENT: "update", "acme/client/idle": "update", "acme/client/old": "update"}
    assert all("suspended" not in mark for mark in marks(made)) and len(marks(made)) == 3
    assert actions(standing(*here, wanted=both)) == {}


def test_manifests_that_say_suspended_take_every_flag_away_and_nothing_else() -> None:
    old = marked(client(5, "acme-old"), "acme/client/old", suspended=True)
    made = standing(held(suspended=True), old, wanted=acme(state="suspended"))
    assert actions(made) == {CLIENT: "update", "acme/client/old": "update"}
    assert (guards(made), made.access.losses) == ({}, ())
    assert all("suspended" not in mark for mark in marks(made))


def test_taking_flags_away_is_no_removal() -> None:
    idle = [marked(client(n, f"c{n}"), f"acme/client/c{n}", suspended=True) for n in range(30, 34)]
    made = standing(*idle, wanted=acme(state="suspended", clients=[], policy={"limits": Limits(removals=1)}))
    assert (len(actions(made)), guards(made)) == (4, {})


@pytest.mark.parametrize("allowed", [0, 2])
def test_another_number_is_not_meant_for_it(allowed: int) -> None:
    assert guards(standing(held(suspended=True), allow={"gains": allowed})) == {CLIENT: "suspended"}


# In people's terms


def test_a_role_that_changes_says_who_holds_it() -> None:
    others = [
        marked(client(n, f"c{n}", (11, 1)), f"{tenant}/client/c{n}")
        for n, tenant in enumerate(["acme", "globex", "globex"], 20)
    ]
    state = live(divisions=[US], roles=[READER], clients=[held((11, 1)), *others, client(30, "x", (11, 1))])
    made = plan(acme(VIEW, EDIT), state)
    said = change(made, "org/role/reader").reason
    assert said == "the manifest changed; it is held by 4 clients, 1 foreign client in 2 tenants"


def test_limits_say_whom_they_concern() -> None:
    many = [
        marked(client(n, f"c{n}", (11, 1)), f"{'acme' if n % 2 else 'globex'}/client/c{n}")
        for n in range(30, 40)
    ]
    policy = {"limits": Limits(removals=1)}
    made = plan(manifests(policy=policy, acme={"divisions": [{"key": "us", "name": "ACME-US"}]}, globex={}),
                live(divisions=[US], roles=[READER], clients=many))  # fmt: skip
    withheld = change(made, "acme/client/c31").withheld
    assert withheld and "10 removals planned (10 clients in 2 tenants), 1 are" in withheld.reason


def test_numbers_are_told_with_what_they_count() -> None:
    assert inhabitants({"QUEUE": 2, "CONTACT_LIST": 12, "FLOW": 0}) == "12 contact lists, 2 queues"
    assert inhabitants({}) == inhabitants({"QUEUE": 0}) == ""
    assert (
        population(["org/role/a", "acme/client/b", uid(1)])
        == "1 role, 1 client, 1 foreign client in 1 tenant"
    )
