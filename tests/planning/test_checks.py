"""Each check answers its own question: well, worth knowing, stopping, or not known. Never more."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from reconciler.kinds import REGISTRY
from reconciler.model.checkup import Caller, Check, Observed, OneWriter, Told, Trouble
from reconciler.model.outcome import Requests
from reconciler.model.state import LiveState, Reading
from reconciler.planning.bootstrap import bootstrap
from reconciler.planning.checks import checks
from tests.support.build import (
    HOME_BODY,
    ORG_ID,
    TODAY,
    by_id,
    client,
    division,
    manifests,
    metrics,
    role,
    uid,
)
from tests.support.build import live as build_live

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
DELETER = [right.permission for right in bootstrap("deleter").rights]
ROLE, WALL, OPERATOR = 1, 2, 3
ACME = {
    "divisions": [{"key": "us", "name": "ACME-US"}],
    "roles": [{"key": "queues", "name": "Queues", "permissions": ["routing:queue:view"]}],
    "clients": [metrics({"role": "queues", "divisions": ["us"]})],
}
SETTINGS = {"backfillEnabled": False, "authorizationGrantDivisionAware": True}


def state(permissions: list[str] = DELETER, **more: Any) -> LiveState:
    """An organisation with the operator, its role and one more division."""
    seconds = more.pop("seconds", 900)
    bodies = {
        "divisions": [HOME_BODY, division(WALL, "OLD")],
        "roles": [role(ROLE, "Operator", *permissions)],
        "clients": [client(OPERATOR, "nw-reconciler", (ROLE, "*"), accessTokenValiditySeconds=seconds)],
        "settings": SETTINGS,
    }
    return build_live(**{**bodies, **more})


def seen(
    live: LiveState | None = None, policy: Any = None, acme: Any = ACME, **more: Any
) -> dict[str, Check]:
    """Every check by name, over a healthy observation with some of it said anew."""
    live, wanted = live or state(), manifests(policy=policy, acme=acme)
    usual = Observed(
        org=wanted.org,
        hosts=("api.example", "login.example"),
        organisation=(ORG_ID, "Northwind"),
        caller=Caller(uid(OPERATOR), "nw-reconciler"),
        told=Told(300, 10, NOON, NOON),
        requests=Requests(10),
        live=live,
        operator=by_id(live, uid(OPERATOR)) if more.get("operator_id", "?") else None,
        operator_id=uid(OPERATOR),
        operator_pairs=frozenset({(uid(ROLE), "*")}),
        most_divisions=50,
    )
    found, _ = checks(replace(usual, **more), wanted, 4, REGISTRY, TODAY)
    return {check.name: check for check in found}


def test_divisions_that_are_there_and_not_ours_yet_do_not_fill_the_room() -> None:
    """A division of the declared name is no new one: it is to be adopted, or the name is taken."""
    there = build_live(
        divisions=[HOME_BODY, division(WALL, "ACME-US")],
        roles=[role(ROLE, "Operator", *DELETER)],
        clients=[client(OPERATOR, "nw-reconciler", (ROLE, "*"))],
    )
    assert seen(there, most_divisions=2)["room"].seen.endswith("0 to come")
    assert seen(most_divisions=3)["room"].seen.endswith("1 to come")


@pytest.mark.parametrize(
    ("entry", "held", "status"),
    [
        ({"subject": {"user": "pat@acme.example"}}, [], "warning"),
        ({"subject": {"user": "pat@acme.example"}}, ["directory:user:view"], "ok"),
        ({"subject": {"user": "pat@acme.example"}, "id": uid(9)}, [], None),
        ({"subject": {"group": "Planners"}}, [], None),
    ],
)
def test_who_names_users_by_e_mail_address_is_told_what_finding_them_takes(
    entry: dict[str, Any], held: list[str], status: str | None
) -> None:
    grants = [{"key": "pat", "pairs": [{"role": "queues", "divisions": "own"}], **entry}]
    found = seen(state([*DELETER, *held]), acme={**ACME, "grants": grants})
    assert (found["people"].status if "people" in found else None) == status


def test_where_all_is_well_only_what_is_handed_on_is_worth_knowing() -> None:
    found = seen()
    assert {check.status for name, check in found.items() if name != "handing on"} == {"ok"}
    assert found["handing on"].items == ("Queues in ACME-US",)


FILE, SERVER = OneWriter("file", "history.sqlite"), OneWriter("server", "postgresql://db/northwind")


@pytest.mark.parametrize(
    ("name", "status", "more"),
    [
        ("hosts", "failure", {"reached": Trouble("no answer", "look")}),
        ("credentials", "failure", {"refused": Trouble("400", "look")}),
        ("organisation", "failure", {"organisation": ("another", "Southwind")}),
        ("clock", "unknown", {"told": Told(300, 10)}),
        ("clock", "warning", {"told": Told(300, 10, NOON, NOON + timedelta(seconds=61))}),
        ("clock", "warning", {"told": Told(300, 10, NOON + timedelta(seconds=61), NOON)}),
        ("clock", "ok", {"told": Told(300, 10, NOON, NOON + timedelta(seconds=60))}),
        ("rate limit", "unknown", {"told": Told()}),
        ("rate limit", "warning", {"told": Told(300, 41)}),
        ("rate limit", "ok", {"told": Told(300, 40)}),
        ("operator", "failure", {"no_operator": Trouble("two are called so", "give the id")}),
        ("operator", "unknown", {"operator_id": ""}),
        ("signed in as", "warning", {"caller": Caller(uid(9), "viewer")}),
        ("signed in as", "warning", {"caller": Caller()}),
        ("token life", "warning", {"live": state(seconds=901)}),
        ("token life", "unknown", {"live": state(seconds=None)}),
        ("token life", "warning", {"live": state(seconds=901), "one_writer": FILE}),
        ("token life", "failure", {"live": state(seconds=901), "one_writer": SERVER}),
        ("token life", "ok", {"live": state(seconds=900), "one_writer": SERVER}),
        ("one writer", "ok", {"one_writer": SERVER}),
        ("one writer", "failure", {"one_writer": SERVER._replace(trouble=Trouble("no server", "start it"))}),
        ("one writer", "ok", {"one_writer": FILE}),
        ("one writer", "failure", {"one_writer": FILE._replace(trouble=Trouble("not ours", "ask"))}),
        (
            "one writer",
            "warning",
            {"one_writer": FILE._replace(trouble=Trouble("damaged", "move it"), mends=True)},
        ),
        ("one writer", "warning", {"one_writer": FILE._replace(passing=True)}),
        ("one writer", "warning", {"one_writer": OneWriter("nobody", "nowhere")}),
        ("reading", "failure", {"unread": (Trouble("roles: may not be read"),)}),
        ("permissions", "unknown", {"operator_pairs": None}),
        ("permissions", "unknown", {"operator_pairs": frozenset({(uid(77), "*")})}),
        ("plan", "ok", {"operator_pairs": None, "permitted": {each: frozenset("*") for each in DELETER}}),
        ("plan", "failure", {"operator_pairs": None, "permitted": {}}),
        ("handing on", "unknown", {"operator_pairs": None}),
        ("role settings", "unknown", {"live": state(settings=None)}),
        ("role backfill", "warning", {"live": state(settings={**SETTINGS, "backfillEnabled": True})}),
        ("role backfill", "unknown", {"live": state(settings={})}),
        ("granting", "warning", {"live": state(settings={"authorizationGrantDivisionAware": False})}),
        ("granting", "failure", {"operator_pairs": frozenset({(uid(ROLE), uid(WALL))})}),
        ("room", "unknown", {"most_divisions": None}),
        ("room", "failure", {"most_divisions": 2}),
        ("room", "warning", {"most_divisions": 3}),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else str(value),
)
def test_an_answer_follows_what_was_seen(name: str, status: str, more: dict[str, Any]) -> None:
    check = seen(**more)[name]
    assert check.status == status, check
    if status in ("warning", "failure"):
        assert check.remedy


@pytest.mark.parametrize(
    "more", [{"reached": Trouble("x")}, {"refused": Trouble("x")}, {"organisation": ("b", "")}]
)
def test_nothing_is_said_of_what_lies_behind_a_closed_door(more: dict[str, Any]) -> None:
    assert {"operator", "plan", "room"}.isdisjoint(seen(**more))


@pytest.mark.parametrize("permission", DELETER)
def test_a_missing_permission_is_named_by_every_command_that_needs_it(permission: str) -> None:
    found = seen(state([each for each in DELETER if each != permission]), policy={"prune": True})
    naming = {
        name
        for name, check in found.items()
        if any(item.startswith(f"{permission}:") for item in check.items)
    }
    parts = [part for part in ("reader", "writer", "deleter") if permission in _rights(part)]
    commands = {"reader": {"plan", "drift"}, "writer": {"apply"}, "deleter": {"prune"}}
    assert naming == set().union(*(commands[part] for part in parts))
    assert all(found[name].status == "failure" for name in naming)


def _rights(part: Any) -> set[str]:
    return {right.permission for right in bootstrap(part).rights}


def test_rights_to_delete_are_not_asked_for_without_prune() -> None:
    found = seen(state([each for each in DELETER if not each.endswith(":delete")]), policy={"prune": False})
    assert found["prune"].status == "ok" and found["prune"].items == ()


def test_what_a_division_confines_is_named_with_the_divisions_it_is_missing_in() -> None:
    aware = dict.fromkeys(DELETER, True)
    found = seen(state(catalogue=aware), operator_pairs=frozenset({(uid(ROLE), uid(WALL))}))
    assert found["plan"].status == "failure"
    assert "authorization:role:view: not in Home" in found["plan"].items


def test_rights_held_division_by_division_do_for_now() -> None:
    pairs = frozenset({(uid(ROLE), uid(WALL)), (uid(ROLE), HOME_BODY["id"])})
    found = seen(state(catalogue=dict.fromkeys(DELETER, True)), operator_pairs=pairs)
    assert found["plan"].status == "warning" and "authorization:role:view" in found["plan"].items


@pytest.mark.parametrize(("hand_on", "status"), [("held", "failure"), ("borrow", "warning")])
def test_what_is_not_held_stops_only_who_may_not_borrow(hand_on: str, status: str) -> None:
    found = seen(policy={"hand_on": hand_on})["handing on"]
    assert found.status == status and found.items == ("Queues in ACME-US",)


def test_a_pair_in_every_division_covers_each() -> None:
    queues = role(
        5, "Queues", "routing:queue:view", description="mine [reconciler:northwind/acme/role/queues h=0]"
    )
    live = state(roles=[role(ROLE, "Operator", *DELETER), queues])
    held = frozenset({(uid(ROLE), "*"), (uid(5), "*")})
    adopting = {"key": "queues", "name": "Queues", "permissions": ["routing:queue:view"], "adopt": uid(5)}
    acme = {**ACME, "roles": [adopting]}
    found, _ = checks(replace(_healthy(live), operator_pairs=held), manifests(acme=acme), 4, REGISTRY, TODAY)
    assert {check.name: check.status for check in found}["handing on"] == "ok"


def _healthy(live: LiveState) -> Observed:
    return Observed(
        org=manifests().org,
        hosts=("a", "b"),
        organisation=(ORG_ID, "Northwind"),
        live=live,
        operator_id=uid(OPERATOR),
        most_divisions=50,
    )


def test_a_gap_makes_what_depends_on_it_unknown() -> None:
    live = state()
    cut = replace(live, readings={**live.readings, "role": Reading((), "may not be read")})
    found = seen(cut, unread=(Trouble("roles: may not be read"),))
    assert (found["room"].status, found["handing on"].status) == ("unknown", "unknown")


def test_an_inactive_operator_is_no_operator() -> None:
    body = client(OPERATOR, "nw-reconciler", (ROLE, "*"), state="inactive", accessTokenValiditySeconds=900)
    assert seen(state(clients=[body]))["operator"].status == "failure"


def test_without_manifests_only_the_connection_is_judged() -> None:
    found, unseen = checks(replace(_healthy(state()), org=None, live=None), None, 0, REGISTRY, TODAY)
    assert {check.topic for check in found} == {"connection"} and "manifests" in unseen[0]
