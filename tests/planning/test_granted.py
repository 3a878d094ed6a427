"""No group or user is given a role whose marker does not say so: nobody would find them by it later."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reconciler.kinds import REGISTRY
from reconciler.model.address import Selector
from reconciler.model.manifest import Limits
from reconciler.model.plan import Plan
from reconciler.model.state import Live, LiveState, Reading
from reconciler.planning.approve import reviewed_in
from tests.support.build import (
    FREE,
    ORG_ID,
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
)

VIEW, EDIT, LOOK = "routing:queue:view", "routing:queue:edit", "wfm:schedule:view"
READER, PLANNER, TEAM = "org/role/reader", "org/role/planner", "acme/grant/team"
ACME = uid(1)


def wanted(*roles: str, reader: Any = (VIEW, EDIT), planner: Any = (LOOK,), **policy: Any) -> Any:
    """The group Planners is to have these roles in ACME's division, and ACME's client none."""
    pairs = [{"role": each, "divisions": "own"} for each in roles]
    team = {"key": "team", "subject": {"group": "Planners"}, "pairs": pairs}
    return manifests(
        {
            "roles": [
                {"key": "reader", "name": "Reader", "permissions": list(reader)},
                {"key": "planner", "name": "Planner", "permissions": list(planner)},
            ]
        },
        policy=FREE | policy,
        acme={
            "divisions": [{"key": "main", "name": "ACME"}],
            "clients": [metrics()],
            "grants": [team] if roles else [],
        },
    )


def there(
    *held: int, client_has: bool = False, granted: Any = (), reader: Any = (VIEW,), planner: Any = (LOOK,)
) -> LiveState:
    """Reader is 11, Planner 12; `held` has the group, `granted` are those whose markers say so."""
    bodies = (11, "Reader", reader, READER), (12, "Planner", planner, PLANNER)
    state = live(
        divisions=[marked(division(1, "ACME"), "acme/division/main")],
        roles=[
            marked(role(number, name, *allows), address, REGISTRY, granted=number in granted)
            for number, name, allows, address in bodies
        ],
        clients=[
            marked(client(3, "acme-metrics", *([(11, 1)] if client_has else [])), "acme/client/metrics")
        ],
    )
    fields = {
        "name": "Planners",
        "subject": "group",
        "pairs": frozenset((uid(number), ACME) for number in held),
    }
    group = Live("grant", uid(21), "Planners", fields, {"id": uid(21), "name": "Planners"})
    return replace(state, readings={**state.readings, "grant": Reading((group,))})


def given(made: Plan) -> bool:
    """Whether the group gains a pair."""
    return f"{TEAM}:grant" in operation_ids(made)


KEPT = {"protect": (Selector("acme", "client"),)}
"""The client keeps Reader, so Reader cannot grow."""
FEW = {"limits": Limits(100, 10_000, 1, 10_000)}
"""Of two updates one is too many."""


def test_while_its_role_waits_a_group_waits_for_the_role() -> None:
    state = there(client_has=True)
    made = plan(wanted("reader", **KEPT), state)
    assert guards(made) == {"acme/client/metrics": "protected", READER: "waiting", TEAM: "waiting"}
    assert not given(made) and made.access.gains == ()
    withheld = change(made, TEAM).withheld
    assert withheld is not None and READER in withheld.reason and withheld.release == f"release {READER}"


def test_where_a_limit_holds_the_role_the_group_waits_too() -> None:
    state = there(reader=(EDIT,), planner=(EDIT,))
    made = plan(wanted("reader", reader=(VIEW,), **FEW), state)
    assert guards(made) == {READER: "changes", PLANNER: "changes", TEAM: "waiting"}


@pytest.mark.parametrize("known", [True, False])
def test_a_marker_that_says_so_or_is_about_to_is_enough(known: bool) -> None:
    granted = (11,) if known else ()
    waiting = plan(wanted("reader", **KEPT), there(client_has=True, granted=granted))
    assert given(waiting) is known
    growing = plan(wanted("reader"), there(granted=granted))
    assert given(growing) and guards(growing) == {}


def test_what_a_group_loses_goes_on_while_what_it_gains_waits() -> None:
    made = plan(wanted("reader", **KEPT), there(12, client_has=True, granted=(12,)))
    assert actions(made)[TEAM] == "revoke" and not given(made)
    assert f"what it gains waits for {READER}" in change(made, TEAM).reason
    assert guards(made)[READER] == "waiting"


def test_of_two_roles_it_is_given_the_one_that_is_told() -> None:
    made = plan(wanted("reader", "planner", **KEPT), there(client_has=True))
    (grant,) = [item for item in made.operations if item.id == f"{TEAM}:grant"]
    assert grant.body == {"grants": [{"roleId": uid(12), "divisionId": ACME}]}
    assert actions(made)[PLANNER] == "update" and guards(made)[READER] == "waiting"


def test_a_marker_that_nobody_reviewed_is_not_written_and_nobody_given_its_role() -> None:
    """Reviewed was the role with the mark; by now somebody has changed it by hand to what was declared."""
    seen = reviewed_in([plan(wanted("reader"), there())], ORG_ID)
    made = plan(wanted("reader"), there(reader=(VIEW, EDIT)), reviewed=seen)
    assert guards(made) == {READER: "not-reviewed", TEAM: "waiting"}


def test_a_loss_that_waits_with_a_gain_keeps_its_role_from_growing() -> None:
    """Half of a reviewed change is not reviewed: the group keeps Planner, which therefore must not grow."""
    goal = wanted("reader", planner=(LOOK, EDIT))
    seen = reviewed_in([plan(goal, there(12, granted=(12,)))], ORG_ID)
    made = plan(goal, there(12, granted=(12,), reader=(VIEW, EDIT)), reviewed=seen)
    assert guards(made) == {READER: "not-reviewed", TEAM: "not-reviewed", PLANNER: "waiting"}
    assert made.operations == ()
