"""Which live object is which declared thing: found by marker, never by name alone."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.model.manifest import Manifests
from reconciler.model.plan import Plan
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
    operation_ids,
    plan,
    role,
    uid,
)

US = "acme/division/us"
HELD = [{"role": "r", "divisions": ["us"]}]
READER = {"key": "r", "name": "Reader", "permissions": ["routing:queue:view"]}
WIDER = {**READER, "permissions": ["routing:queue:view", "routing:queue:edit"]}


def acme(**entry: Any) -> Manifests:
    return manifests(acme={"divisions": [{"key": "us", "name": "ACME-US", **entry}]})


def planned(wanted: Manifests, *divisions: dict[str, Any], **more: Any) -> Plan:
    return plan(wanted, live(divisions=[HOME_BODY, *divisions], **more))


def reason(made: Plan, address: str = US) -> str:
    withheld = change(made, address).withheld
    assert withheld is not None
    return f"{withheld.reason}; {withheld.release}"


def test_an_object_is_found_by_its_marker_and_renamed_by_its_name() -> None:
    made = planned(acme(), marked(division(1, "Old"), US))
    assert actions(made) == {US: "update"}
    assert [(item.path, item.live, item.desired) for item in change(made, US).fields] == [
        ("name", "Old", "ACME-US")
    ]


def test_an_unmarked_object_of_the_name_is_a_conflict_until_adopted() -> None:
    made = planned(acme(), division(1, "acme-us"))
    assert guards(made) == {US: "conflict"}
    assert f"adopt: {uid(1)}" in reason(made)
    assert actions(planned(acme(adopt=True), division(1, "ACME-US"))) == {US: "adopt"}


def test_adopting_changes_only_the_marker() -> None:
    made = planned(acme(adopt=uid(1), description="new"), division(1, "Other", "theirs"))
    (operation,) = made.operations
    assert operation.body["name"] == "Other"
    assert operation.body["description"] == {"$marked": "theirs", "address": US, "nonce": None}
    assert change(made, US).fields == ()


@pytest.mark.parametrize(
    ("adopt", "there", "said"),
    [
        (True, [], "there is no unowned division called `ACME-US`"),
        (uid(7), [division(1, "ACME-US")], f"there is no unowned division {uid(7)}"),
        (True, [division(1, "ACME-US"), division(2, "acme-us")], "2 are called `ACME-US`"),
        (uid(1), [division(1, "ACME-US", homeDivision=True)], "it is the Home division"),
        (True, [division(1, "ACME-US", homeDivision=True)], "it is the Home division"),
        (uid(1), [marked(division(1, "X"), "globex/division/us")], "belongs to northwind/globex"),
        (uid(1), [marked(division(1, "X"), US, org="other")], "belongs to other/acme/division/us"),
    ],
)
def test_what_cannot_be_adopted_says_why(adopt: Any, there: list[Any], said: str) -> None:
    made = planned(acme(adopt=adopt), *there)
    assert not actions(made)
    assert said in reason(made)


def test_our_own_client_is_neither_adopted_nor_changed() -> None:
    wanted = manifests(acme={"clients": [metrics(adopt=uid(999))]})
    assert guards(plan(wanted, live(clients=[client(999, "acme-metrics")]))) == {
        "acme/client/metrics": "operator"
    }
    body = marked(client(999, "acme-other"), "acme/client/metrics")
    assert guards(plan(manifests(acme={"clients": [metrics()]}), live(clients=[body]))) == {
        "acme/client/metrics": "operator"
    }


def test_another_installations_marker_is_nobodys_business_of_ours() -> None:
    made = planned(acme(), marked(division(1, "Theirs"), US, org="other"))
    assert actions(made) == {US: "create"}
    assert made.unmanaged["divisions"] == ("Theirs",)


def test_the_home_division_is_never_ours_whatever_its_marker_says() -> None:
    """A marker pasted into Home would hand Home to a tenant."""
    home = marked({**HOME_BODY, "description": ""}, US)
    made = plan(acme(), live(divisions=[home]))
    assert operation_ids(made) == [f"{US}:create"]


@pytest.mark.parametrize("previously", ["globex/division/eu", "globex", "globex/division"])
def test_an_entry_that_moved_keeps_its_object(previously: str) -> None:
    key = "eu" if previously == "globex/division/eu" else "us"
    made = planned(acme(previously=previously), marked(division(1, "ACME-US"), f"globex/division/{key}"))
    assert actions(made) == {US: "update"}
    assert change(made, US).reason == f"moved from globex/division/{key}"


def test_a_marker_of_the_address_itself_wins_over_an_earlier_one() -> None:
    made = planned(
        acme(previously="acme/division/eu"),
        marked(division(1, "ACME-US"), US),
        marked(division(2, "EU"), "acme/division/eu"),
    )
    assert (actions(made), made.orphans) == ({}, ("acme/division/eu",))


def test_a_stale_previously_does_not_take_a_declared_neighbours_object() -> None:
    entries = [{"key": "us", "name": "US", "previously": "acme/division/eu"}, {"key": "eu", "name": "EU"}]
    wanted = manifests(acme={"divisions": entries})
    made = planned(wanted, marked(division(1, "EU"), "acme/division/eu"))
    assert operation_ids(made) == [f"{US}:create"]


def test_two_entries_cannot_have_one_object_whichever_comes_first() -> None:
    entries = [{"key": key, "name": key.upper(), "adopt": uid(1)} for key in ("us", "ca")]
    for order in (entries, entries[::-1]):
        made = planned(manifests(acme={"divisions": order}), division(1, "X"))
        assert guards(made) == {US: "conflict", "acme/division/ca": "conflict"}
        assert "claimed by acme/division/ca and acme/division/us" in reason(made)


def test_a_conflict_with_our_own_orphan_suggests_the_move() -> None:
    made = planned(acme(), marked(division(1, "ACME-US"), "acme/division/eu"))
    assert "say `previously: acme/division/eu`" in reason(made)


def test_a_name_that_another_installation_has_is_a_conflict() -> None:
    made = planned(acme(), marked(division(1, "ACME-US"), US, org="other"))
    assert "belongs to other/acme/division/us" in reason(made)


def test_two_objects_with_one_marker_are_both_left_alone() -> None:
    made = planned(acme(), marked(division(1, "ACME-US"), US), marked(division(2, "Copy"), US))
    assert (guards(made), made.orphans, made.operations) == ({US: "duplicate"}, (), ())
    assert f"2 live objects carry this marker: {uid(1)}, {uid(2)}" in reason(made)


def test_an_id_settles_which_of_two_it_is() -> None:
    made = planned(acme(id=uid(1)), marked(division(1, "ACME-US"), US), marked(division(2, "Copy"), US))
    assert (made.changes, made.orphans) == ((), ())


def test_a_pin_on_another_object_is_held_back_even_where_nothing_differs() -> None:
    made = planned(acme(id=uid(2)), marked(division(1, "ACME-US"), US))
    assert guards(made) == {US: "pinned"}


def test_a_pin_that_nothing_has_is_held_back() -> None:
    assert guards(planned(acme(id=uid(2)))) == {US: "pinned"}


@pytest.mark.parametrize("more", [{"id": uid(2)}, {}])
def test_nobody_gains_anything_in_a_wall_in_doubt(more: dict[str, str]) -> None:
    """Also not where the plan leaves the wall itself out."""
    copied = division(1, "ACME-US" if more else "Somebody else's")
    tenant = {"divisions": [{"key": "us", "name": "ACME-US", **more}], "roles": [READER]}
    wanted = manifests(acme={**tenant, "clients": [metrics(*HELD)]})
    state = live(
        divisions=[marked(copied, US, hash8="1aaaaaaa" if not more else "1" * 8)],
        roles=[marked(role(2, "Reader", "routing:queue:view"), "acme/role/r")],
        clients=[marked(client(3, "acme-metrics"), "acme/client/metrics")],
    )
    from reconciler.model.address import Selector

    for only in ((), (Selector("acme", "client"),)):
        made = plan(wanted, state, only=only)
        assert guards(made)["acme/client/metrics"] == "waiting"
        assert made.operations == ()


def test_a_renamed_wall_changed_by_hand_waits_for_its_id() -> None:
    body = marked(division(1, "Renamed"), US, hash8="1aaaaaaa")
    assert guards(planned(acme(), body)) == {US: "renamed"}
    assert actions(planned(acme(id=uid(1)), body)) == {US: "update"}


def test_a_wall_renamed_by_us_or_changed_but_not_renamed_is_in_no_doubt() -> None:
    assert actions(planned(acme(), marked(division(1, "Renamed"), US))) == {US: "update"}
    changed = marked(division(1, "ACME-US", "by hand"), US, hash8="1aaaaaaa")
    assert actions(planned(acme(), changed)) == {US: "update"}
    unknown = marked(division(1, "Renamed"), US, hash8="2aaaaaaa")
    assert change(planned(acme(), unknown), US).cause == "unknown"


def test_orphans_are_ours_and_no_longer_declared() -> None:
    made = planned(acme(), marked(division(1, "ACME-US"), US), marked(division(2, "EU"), "acme/division/eu"))
    assert (made.orphans, made.summary.orphans, made.changes) == (("acme/division/eu",), 1, ())


def test_a_marker_of_another_kind_is_not_ours() -> None:
    made = planned(acme(), division(1, "Odd", f"[reconciler:northwind/acme/role/us@{'1' * 8}]"))
    assert made.unmanaged["divisions"] == ("Odd",)


def test_a_successor_of_a_rotation_is_no_orphan() -> None:
    """Its predecessor's address is declared: stripping it would end the rotation half-way."""
    bodies = [
        marked(client(1, "acme-metrics"), "acme/client/metrics"),
        marked(client(2, "acme-metrics (next)"), "acme/client/metrics~next"),
    ]
    wanted = manifests(acme={"clients": [metrics()]})
    made = plan(wanted, live(clients=bodies))
    assert (made.changes, made.orphans) == ((), ())


def test_both_halves_of_an_undeclared_rotation_lose_their_grants_at_once() -> None:
    pair = (uid(8), uid(9))
    bodies = [
        marked(client(n, f"c{n}", pair), f"acme/client/gone{part}") for n, part in ((1, ""), (2, "~next"))
    ]
    made = plan(acme(), live(clients=bodies), allow={"removals": 2})
    puts = [item.path for item in made.operations if item.method == "PUT"]
    assert puts == [f"/api/v2/oauth/clients/{uid(n)}" for n in (1, 2)]


def test_a_successor_is_kept_in_step_with_its_predecessor() -> None:
    bodies = [
        marked(client(1, "acme-metrics"), "acme/client/metrics"),
        marked(client(2, "acme-metrics (next)"), "acme/client/metrics~next"),
    ]
    made = plan(manifests(acme={"clients": [{**metrics(), "tokenSeconds": 600}]}), live(clients=bodies))
    assert [(str(each.address), [field.path for field in each.fields]) for each in made.changes] == [
        ("acme/client/metrics", ["tokenSeconds"]),
        ("acme/client/metrics~next", ["tokenSeconds"]),
    ]


@pytest.mark.parametrize("retired", [True, False], ids=["retired", "gone"])
def test_without_its_predecessor_a_successor_takes_its_place(retired: bool) -> None:
    old = marked(client(1, "acme-metrics (old)", state="inactive"), "acme/client/metrics~old")
    heir = marked(client(2, "acme-metrics (next)"), "acme/client/metrics~next")
    made = plan(manifests(acme={"clients": [metrics()]}), live(clients=[old, heir][not retired :]))
    (change,) = made.changes
    assert (str(change.address), change.action, change.id) == ("acme/client/metrics", "update", uid(2))
    assert made.orphans == (("acme/client/metrics~old",) if retired else ())


def test_a_rename_of_its_key_takes_a_successor_along() -> None:
    bodies = [
        marked(client(1, "acme-metrics"), "acme/client/old"),
        marked(client(2, "acme-metrics (next)"), "acme/client/old~next"),
    ]
    renamed = {**metrics(), "previously": "acme/client/old"}
    made = plan(manifests(acme={"clients": [renamed]}), live(clients=bodies))
    assert {str(each.address): (each.id, each.reason) for each in made.changes} == {
        "acme/client/metrics": (uid(1), "moved from acme/client/old"),
        "acme/client/metrics~next": (uid(2), "moved from acme/client/old~next"),
    }
    assert made.orphans == ()


def existing(**said: str) -> Manifests:
    shared = {"roles": [{"key": "sup", "existing": said}]}
    held = metrics({"role": "sup", "divisions": "own"})
    return manifests(shared, acme={"divisions": [{"key": "us", "name": "ACME-US"}], "clients": [held]})


WALL = marked(division(1, "ACME-US"), US)
SUPERVISED = marked(client(3, "acme-metrics", (5, 1)), "acme/client/metrics")


@pytest.mark.parametrize("said", [{"name": "Supervisor"}, {"id": uid(5)}])
def test_a_role_of_somebody_else_is_referred_to_and_never_written(said: dict[str, str]) -> None:
    roles = [role(5, "Supervisor"), role(6, "supervisor")]
    made = plan(existing(**said), live(divisions=[WALL], roles=roles, clients=[SUPERVISED]))
    assert (made.changes, made.unmanaged["roles"]) == ((), ("supervisor",))


@pytest.mark.parametrize("roles", [[], [role(5, "Supervisor"), role(6, "Supervisor")]])
def test_who_needs_a_reference_that_is_not_one_object_waits(roles: list[Any]) -> None:
    bare = marked(client(3, "acme-metrics"), "acme/client/metrics")
    made = plan(existing(name="Supervisor"), live(divisions=[WALL], roles=roles, clients=[bare]))
    assert guards(made) == {"acme/client/metrics": "reference"}


def test_the_id_of_another_kind_is_no_reference() -> None:
    made = plan(existing(id=uid(1)), live(divisions=[WALL]))
    assert guards(made) == {"acme/client/metrics": "reference"}


@pytest.mark.parametrize(
    "walls",
    [[WALL, {**WALL, "id": uid(2), "name": "Copy"}], [division(1, "ACME-US")]],
    ids=["marker copied", "marker removed"],
)
def test_what_is_held_on_an_object_in_dispute_stays(walls: list[Any]) -> None:
    """Editing a description by hand must not cost a tenant its access."""
    state = live(divisions=walls, roles=[role(5, "Supervisor")], clients=[SUPERVISED])
    made = plan(existing(name="Supervisor"), state)
    assert list(guards(made)) == [US]
    assert made.operations == ()


def test_a_second_role_of_the_name_takes_nobodys_grants() -> None:
    roles = [role(5, "Supervisor"), role(6, "Supervisor")]
    made = plan(existing(name="Supervisor"), live(divisions=[WALL], roles=roles, clients=[SUPERVISED]))
    assert made.changes == ()


def test_who_may_not_have_a_new_name_loses_what_git_took_all_the_same() -> None:
    """Leaving git takes access at once; only the name waits for its release."""
    held = marked(client(3, "acme-old", (11, 1)), "acme/client/metrics")
    reader = marked(role(11, "Reader", "routing:queue:view"), "acme/role/reader")
    there = {"divisions": [marked(division(1, "ACME-US"), US)], "roles": [reader]}
    wanted = manifests(acme={"divisions": [{"key": "us", "name": "ACME-US"}], "clients": [metrics()]})
    made = plan(wanted, live(clients=[held, client(4, "acme-metrics")], **there))
    (losing,) = [item for item in made.running if str(item.address) == "acme/client/metrics"]
    assert losing.action == "revoke" and [field.path for field in losing.fields] == ["grants"]
    assert "it keeps its name" in losing.reason
    without = marked(client(3, "acme-old"), "acme/client/metrics")
    made = plan(wanted, live(clients=[without, client(4, "acme-metrics")], **there))
    assert guards(made) == {"acme/client/metrics": "conflict"}


def test_a_name_that_somebody_else_has_is_not_taken_by_renaming() -> None:
    ours, theirs = marked(division(1, "ACME-USA"), US), division(2, "acme-us")
    made = planned(acme(), ours, theirs)
    assert guards(made) == {US: "conflict"}
    assert "not ours" in reason(made)


def test_a_client_is_not_renamed_to_what_our_own_client_is_called() -> None:
    """Two of that name, and nobody could say any more who the operator is."""
    ours = marked(client(3, "acme-metrics"), "acme/client/metrics")
    wanted = manifests(
        acme={"clients": [{"key": "metrics", "name": "nw-reconciler", "secret": {"sink": "vault"}}]}
    )
    made = plan(wanted, live(clients=[ours, client(999, "nw-reconciler")]))
    assert guards(made) == {"acme/client/metrics": "conflict"}


def test_a_name_keeps_its_object_though_somebody_else_took_it_too() -> None:
    ours, theirs = marked(division(1, "ACME-US"), US), division(2, "ACME-US")
    assert planned(acme(), ours, theirs).changes == ()
