"""`--revoke-only`: of every difference only what takes access away, and nothing that is declared."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings

from reconciler.model.access import EVERYWHERE
from reconciler.model.manifest import Manifests
from reconciler.model.plan import Plan
from tests.planning.pretend import Organisation
from tests.planning.test_drift import (
    ACME,
    FOREIGN,
    GLOBEX,
    MINE,
    ROLES,
    THEIRS,
    VIEW,
    WANTED,
    WIDER,
    by_hand,
    state,
)
from tests.planning.worlds import worlds
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
    plan,
    role,
    uid,
    with_elsewhere,
)


def narrow(reading: Any, wanted: Manifests = WANTED, **more: Any) -> Plan:
    return plan(wanted, reading, revoke_only=True, **more)


def test_pairs_and_permissions_that_nobody_declared_go() -> None:
    made = narrow(state(WIDER, FOREIGN))
    assert actions(made) == {"globex/client/metrics": "revoke", "org/role/reader": "update"}
    assert (len(made.access.gains), len(made.access.losses)) == (0, 4)


def test_nothing_is_created_adopted_renamed_given_or_deleted() -> None:
    wanted = manifests(
        {
            "roles": [
                {**ROLES["roles"][0], "description": "new words"},
                {"key": "n", "name": "New", "permissions": [VIEW]},
            ]
        },
        acme=ACME,
        globex={
            **GLOBEX,
            "divisions": [{"key": "main", "name": "Globex"}, {"key": "x", "name": "X", "adopt": True}],
        },
        policy={"prune": True},
    )
    gone = marked(client(5, "old", state="inactive"), "old/client/old")
    reading = state(by_hand(MINE, client(3, "renamed", state="inactive")), gone)
    bodies = live(divisions=[division(9, "X")], clients=[gone])
    reading = live(
        divisions=[item.raw for item in (*reading.of("division"), *bodies.of("division"))],
        roles=[item.raw for item in reading.of("role")],
        clients=[item.raw for item in (*reading.of("client"), *bodies.of("client"))],
    )
    assert len(plan(wanted, reading).changes) >= 7
    made = narrow(reading, wanted)
    assert (made.changes, made.operations) == ((), ())
    (word,) = [item for item in made.findings if item.rule == "plan/revoke-only"]
    assert word.message.endswith("left alone: only what takes access away is planned")


def test_what_is_lost_goes_and_what_is_gained_waits_for_an_ordinary_apply() -> None:
    """One client lost its own pair to a foreign one, and its life of tokens was changed."""
    swapped = by_hand(THEIRS, client(4, "globex-metrics", (11, 1), accessTokenValiditySeconds=600))
    made = narrow(state(swapped))
    item = change(made, "globex/client/metrics")
    assert item.action == "revoke" and [field.path for field in item.fields] == ["grants"]
    assert (item.fields[0].live, item.fields[0].desired) == ([[uid(11), uid(1)]], [])
    (put,) = [item for item in made.operations if item.does == "request"]
    assert put.body["accessTokenValiditySeconds"] == 600 and put.body["roleDivisions"] == []


def test_a_permission_under_other_conditions_is_still_the_one_that_is_declared() -> None:
    """Taking it away would take what everybody is meant to have."""
    node = {"conjunction": "AND", "terms": []}
    wanted = manifests(
        {
            "roles": [
                {"key": "reader", "name": "Reader", "permissions": [{"permission": VIEW, "conditions": node}]}
            ]
        },
        acme=ACME,
        globex=GLOBEX,
    )
    assert narrow(state(), wanted).changes == ()
    made = narrow(state(WIDER), wanted)
    kept = change(made, "org/role/reader").fields[0]
    assert (kept.live, kept.desired) == ([["routing:queue:edit", ""]], [])


def test_an_orphan_loses_its_grants_and_is_not_touched_otherwise() -> None:
    wanted = manifests(
        ROLES, acme=ACME, globex={"divisions": GLOBEX["divisions"]}, policy={**FREE, "prune": True}
    )
    made = narrow(state(), wanted)
    (item,) = made.changes
    assert (str(item.address), [field.path for field in item.fields]) == ("globex/client/metrics", ["grants"])


def test_a_difference_that_is_nothing_but_a_loss_is_the_same_change_as_in_an_ordinary_plan() -> None:
    reading = with_elsewhere(state(), 4, (11, 1), (11, EVERYWHERE))
    assert narrow(reading).digest == plan(WANTED, reading).digest


def test_limits_and_protection_hold_all_the_same() -> None:
    wanted = manifests(ROLES, acme=ACME, globex={**GLOBEX, "clients": []})
    reading = state(by_hand(MINE, client(3, "acme-metrics", (12, 1))), role(12, "Foreign", VIEW))
    assert set(guards(narrow(reading, wanted)).values()) == {"removals"}


@settings(max_examples=40, deadline=None)
@given(worlds(), worlds())
def test_between_any_two_worlds_it_gives_nothing_and_what_is_too_much_goes(
    before: Manifests, after: Manifests
) -> None:
    """From one random world to another: no access comes, and no pair or permission stays undeclared."""
    here = Organisation()
    here.run(plan(before, here.reading()).operations)
    made = narrow(here.reading(), after)
    assert made.access.gains == () and not guards(made)
    here.run(made.operations)
    again = narrow(here.reading(), after)
    assert again.changes == ()
    assert plan(after, here.reading()).access.losses == ()
