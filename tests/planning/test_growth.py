"""A role grows only where nobody keeps it who is to lose it: not held back, and not in a later run."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.model.address import Selector
from reconciler.model.plan import Plan
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
    plan,
    role,
)

VIEW, EDIT = "routing:queue:view", "routing:queue:edit"
READER, METRICS, OLD = "org/role/reader", "acme/client/metrics", "acme/client/old"
PRUNING = {**FREE, "prune": True}
HELD = {"role": "reader", "divisions": ["us"]}
WALL = marked(division(1, "ACME-US"), "acme/division/us")


def wanted(
    *entries: dict[str, Any], keeps: bool = False, permissions: Any = (VIEW, EDIT), **policy: Any
) -> Any:
    """Reader is to allow `permissions`; unless `entries` say otherwise metrics has it where it `keeps` it."""
    listed = entries or (metrics(*([HELD] if keeps else [])),)
    return manifests(
        {"roles": [{"key": "reader", "name": "Reader", "permissions": list(permissions)}]},
        policy=PRUNING | policy,
        acme={"divisions": [{"key": "us", "name": "ACME-US"}], "clients": list(listed)},
    )


def there(*clients: dict[str, Any]) -> Any:
    """Reader (11) allows to view; its holders have it in ACME-US (1)."""
    return live(divisions=[WALL], roles=[marked(role(11, "Reader", VIEW), READER)], clients=list(clients))


def holder(number: int, address: str = "", *, name: str = "acme-metrics", **flags: Any) -> dict[str, Any]:
    body = client(number, name, (11, 1), state=flags.pop("state", "active"))
    return marked(body, address, **flags) if address else body


def waits(made: Plan) -> str:
    """For whom the role waits; "" where it grows."""
    if READER in actions(made):
        return ""
    withheld = change(made, READER).withheld
    assert withheld is not None and withheld.guard == "waiting"
    return withheld.reason.removeprefix("it waits for ").partition(",")[0]


def test_it_grows_in_the_run_in_which_an_orphan_loses_it() -> None:
    made = plan(wanted(keeps=True), there(holder(2, METRICS), holder(3, OLD, name="old")))
    assert waits(made) == "" and actions(made)[OLD] == "revoke"


@pytest.mark.parametrize("prune", [True, False])
def test_it_waits_for_the_second_orphan_of_one_address(prune: bool) -> None:
    """A run takes one of them; the next one takes the other."""
    orphans = holder(3, OLD, name="old"), holder(4, OLD, name="old")
    made = plan(wanted(keeps=True, prune=prune), there(holder(2, METRICS), *orphans))
    assert (waits(made), actions(made)) == (OLD, {OLD: "revoke"})
    assert "apply again" in (change(made, READER).withheld or ("", "", ""))[2]
    bare = marked(client(3, "old", state="inactive"), OLD)
    then = plan(wanted(keeps=True, prune=False), there(holder(2, METRICS), bare, orphans[1]))
    assert (waits(then), actions(then)) == ("", {OLD: "revoke", READER: "update"})


def test_what_it_loses_meanwhile_goes_on() -> None:
    orphans = holder(3, OLD, name="old"), holder(4, OLD, name="old")
    made = plan(wanted(keeps=True, permissions=[EDIT]), there(holder(2, METRICS), *orphans))
    assert actions(made)[READER] == "update" and f"waits for {OLD}" in change(made, READER).reason
    assert made.access.gains == ()


def test_it_waits_for_a_twin_whose_turn_comes_later() -> None:
    """Born with its grants, of two halves the older is finished now, and the other goes then."""
    halves = [holder(number, METRICS, nonce="0000abcd", state="inactive") for number in (2, 3)]
    made = plan(wanted(keeps=True, new_clients="inactive-granted"), there(*halves))
    assert waits(made) == METRICS and METRICS in actions(made)
    then = plan(wanted(keeps=True), there(holder(2, METRICS), halves[1]))
    assert waits(then) == "" and METRICS in actions(then)


@pytest.mark.parametrize("pin", ["", "00000002-0000-4000-8000-000000000000"])
def test_it_waits_for_doubles_that_are_to_lose_it(pin: str) -> None:
    entry = metrics(**({"id": pin} if pin else {}))
    made = plan(wanted(entry), there(holder(2, METRICS), holder(3, METRICS)))
    assert waits(made) == METRICS
    assert ("duplicate" in guards(made).values()) is not bool(pin)


def test_it_grows_for_doubles_that_are_declared_to_have_it() -> None:
    made = plan(wanted(keeps=True), there(holder(2, METRICS), holder(3, METRICS)))
    assert waits(made) == "" and guards(made)[METRICS] == "duplicate"


def test_it_waits_for_what_two_entries_claim_and_one_would_take_it_from() -> None:
    claims = [
        {**metrics(*grants), "key": key, "name": f"acme-{key}", "previously": METRICS}
        for key, grants in (("a", [HELD]), ("b", []))
    ]
    made = plan(wanted(*claims), there(holder(2, METRICS)))
    assert waits(made) == "acme/client/b" and guards(made)["acme/client/a"] == "conflict"


def test_it_waits_for_what_is_taken_over_now_and_loses_it_then() -> None:
    entry = metrics(adopt=True) | {"secret": {"sink": "external"}}
    made = plan(wanted(entry), there(holder(2)))
    assert (waits(made), actions(made)) == (METRICS, {METRICS: "adopt"})
    kept = metrics(HELD, adopt=True) | {"secret": {"sink": "external"}}
    assert waits(plan(wanted(kept), there(holder(2)))) == ""


def test_it_waits_for_a_loss_that_a_guard_holds_back() -> None:
    made = plan(wanted(protect=(Selector("acme"),)), there(holder(2, METRICS)))
    assert waits(made) == METRICS and guards(made)[METRICS] == "protected"


def test_what_only_leaves_out_is_waited_for_by_nobody() -> None:
    """The loss is no part of the plan, and its reader sees the gain."""
    orphans = holder(3, OLD, name="old"), holder(4, OLD, name="old")
    made = plan(wanted(keeps=True), there(holder(2, METRICS), *orphans), only=(Selector("org"),))
    assert waits(made) == "" and made.access.gains
