"""How secrets stand and which are taken, in values: unknown is never due and never well."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from reconciler.kinds import REGISTRY
from reconciler.model.address import Address, Selector
from reconciler.model.manifest import Manifests
from reconciler.model.plan import Plan
from reconciler.model.rotation import Move, Reading, Standing, Use
from reconciler.model.secret import Held
from reconciler.planning.rotation.choose import Asked, Uses, chosen, concerned, in_use
from reconciler.planning.rotation.standings import standings
from tests.support.build import (
    client,
    division,
    guards,
    live,
    manifests,
    marked,
    metrics,
    operation_ids,
    options,
    plan,
    role,
    uid,
)

NOW = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
CLIENT = Address("acme", "client", "metrics")
FIRST, SECOND = uid(3), uid(4)
NOTHING = Uses({}, counted=False)
COUNTED = Uses({FIRST: Use(0, 0, "")}, counted=True)


def wanted(**rotate: Any) -> Manifests:
    secret = {"sink": "vault", **({"rotate": rotate} if rotate else {})}
    return manifests(acme={"clients": [{**metrics(), "secret": secret}]})


def body(number: int = 3, part: str = "", **more: Any) -> dict[str, Any]:
    name = "acme-metrics" + {"": "", "~next": " (next)", "~old": " (old)"}[part]
    flags = {flag: more.pop(flag) for flag in ("nonce", "suspended", "hash8") if flag in more}
    return marked(client(number, name, **more), f"{CLIENT}{part}", **flags)


def held(days: float | None = 0, identity: str = FIRST) -> Reading:
    issued = None if days is None else NOW - timedelta(days=days)
    return Reading(Held(identity, str(CLIENT), "", issued))


def standing(reading: Reading, *bodies: Any, **rotate: Any) -> Standing:
    state = live(clients=list(bodies or [body()]))
    (found,) = standings(wanted(**rotate), state, {CLIENT: reading}, NOW, options(), REGISTRY)
    return found


@pytest.mark.parametrize(
    ("reading", "bodies", "rotate", "state"),
    [
        (held(), (), {}, "ok"),
        (held(400), (), {}, "ok"),
        (held(89.9), (), {"afterDays": 90}, "due"),  # days are counted by the calendar, UTC
        (held(88), (), {"afterDays": 90}, "ok"),
        (held(None), (), {}, "ok"),
        (held(None), (), {"afterDays": 90}, "unknown"),
        (Reading(trouble="sealed"), (), {}, "unknown"),
        (Reading(Held(version="7")), (), {}, "unknown"),
        (Reading(Held(version="7")), (body(), body(4, "~next")), {}, "unknown"),
        (Reading(Held(issued=NOW)), (), {}, "ok"),
        (Reading(), (), {"afterDays": 1}, "missing"),
        (held(400, "stranger"), (), {"afterDays": 1}, "other-client"),
        (held(400, ""), (), {"afterDays": 1}, "due"),
        (held(400), (body(nonce="0a1b2c3d"),), {"afterDays": 1}, "undelivered"),
        (held(400), (body(), body(4, "~next", nonce="0a1b2c3d")), {"afterDays": 1}, "undelivered"),
        (held(1, SECOND), (body(), body(4, "~next")), {"afterDays": 90}, "overlap"),
        (held(1, FIRST), (body(), body(4, "~next")), {"afterDays": 90}, "other-client"),
        (held(1, SECOND), (body(4, "~next"),), {"afterDays": 90}, "ok"),
        (Reading(), (client(9, "somebody"),), {}, "not-applied"),
    ],
)
def test_a_secret_stands_as_markers_and_its_sink_say(
    reading: Reading, bodies: Any, rotate: dict[str, Any], state: str
) -> None:
    assert standing(reading, *bodies, **rotate).state == state


def test_the_day_it_is_due_is_counted_from_when_it_was_made() -> None:
    found = standing(held(10), afterDays=90)
    assert (found.age, str(found.due)) == (10, "2027-02-08")
    stranger = standing(held(10, "stranger"), afterDays=90)
    assert (stranger.age, stranger.due) == (None, None)


def move(found: Standing, asked: Asked, uses: Uses = NOTHING) -> Move | None:
    return chosen(concerned([found], asked).meant, asked, uses, NOW).get(CLIENT)


ALL, DUE, RETIRE = Asked(), Asked(due=True), Asked(retire=True)
OLD = {"afterDays": 1}
BOTH = (body(), body(4, "~next"))
UNSURE = Reading(trouble="sealed")
LOST = (Reading(), held(9, FIRST), held(9, "stranger"), UNSURE)
"""What a sink may say of an overlap, none of which bears out that it holds the successor's secret."""


@pytest.mark.parametrize(
    ("found", "asked", "does"),
    [
        (standing(held(0), **OLD), DUE, None),
        (standing(held(9), **OLD), DUE, "renew"),
        (standing(held(9), **OLD, mode="overlap"), DUE, "succeed"),
        (standing(held(None), **OLD), DUE, None),
        (standing(Reading(trouble="sealed"), **OLD), DUE, None),
        (standing(held(9, "stranger"), **OLD), DUE, None),
        (standing(Reading(), **OLD), DUE, None),
        (standing(held(0)), ALL, "renew"),
        (standing(held(9), **OLD), RETIRE, None),
        (standing(held(0, SECOND), *BOTH, **OLD), RETIRE, "retire"),
        (standing(held(0, SECOND), *BOTH, **OLD), DUE, None),
        (standing(held(0, SECOND), *BOTH, **OLD), ALL, None),
        *((standing(lost, *BOTH, **OLD, mode="overlap"), ALL, "redeliver") for lost in LOST),
        *((standing(lost, *BOTH, **OLD, mode="overlap"), DUE, None) for lost in LOST),
    ],
)
def test_what_is_asked_for_is_taken(found: Standing, asked: Asked, does: str | None) -> None:
    assert move(found, asked) == does


@pytest.mark.parametrize("lost", LOST)
@pytest.mark.parametrize("only", ["acme", "acme/client/metrics"])
def test_nobody_retires_unless_its_sink_says_who_took_over_or_somebody_does_for_one(
    lost: Reading, only: str
) -> None:
    found = concerned([standing(lost, *BOTH)], RETIRE, (Selector.parse(only),))
    vouched = lost == UNSURE and only == str(CLIENT)
    assert (CLIENT in found.held) is not vouched
    made = rotated([*BOTH], "retire", held=found.held)
    assert (made.operations == ()) is not vouched
    assert guards(made) == ({} if vouched else {str(CLIENT): "rotate"})


def test_where_its_sink_says_who_took_over_the_first_may_retire() -> None:
    assert concerned([standing(held(0, SECOND), *BOTH)], RETIRE).held == {}


@pytest.mark.parametrize(
    ("days", "uses", "why"),
    [
        (7, COUNTED, ""),
        (6.9, COUNTED, "there for 6 days"),
        (7, NOTHING, "does not say"),
        (7, Uses({}, counted=True), "does not say"),
        (7, Uses({FIRST: Use(0, 0, "")}, counted=False), "does not say"),
        (7, Uses({FIRST: Use(9, 1, "2026-11-14")}, counted=True), "still used: 1 call"),
        (7, Uses({FIRST: Use(9, 0, "2026-11-12")}, counted=True), ""),
        (None, COUNTED, "since when"),
    ],
)
def test_a_predecessor_goes_only_when_nobody_uses_it(days: float | None, uses: Uses, why: str) -> None:
    found = standing(held(days, SECOND), *BOTH)
    assert why in in_use(found, uses, NOW) and bool(why) == bool(in_use(found, uses, NOW))
    assert move(found, DUE, uses) == (None if why else "retire")


def rotated(state: Any, does: Move, asked: Manifests | None = None, **given: Any) -> Plan:
    return plan(asked or wanted(), live(clients=state), rotate={CLIENT: does}, **given)


def puts(made: Plan) -> list[tuple[str, str, Any]]:
    """What each request writes into a marker: operation, address, nonce."""
    return [
        (item.id.rpartition(":")[2], item.body["description"]["address"], item.body["description"]["nonce"])
        for item in made.operations
        if isinstance(item.body, dict) and "description" in item.body
    ]


def test_a_renewal_announces_itself_and_keeps_what_the_marker_says() -> None:
    made = rotated([body(hash8="1abcdef0", suspended=True)], "renew")
    assert operation_ids(made) == [
        f"{CLIENT}:{step}" for step in ("announce", "renew", "deliver", "confirm", "prove")
    ]
    assert puts(made) == [("announce", str(CLIENT), "new"), ("confirm", str(CLIENT), None)]
    said = [item.body["description"] for item in made.operations if item.method == "PUT"]
    assert [(each["hash8"], each["suspended"]) for each in said] == [("1abcdef0", True)] * 2
    assert made.access.gains == made.access.losses == ()


def test_the_first_lets_go_of_its_address_before_the_second_takes_it() -> None:
    made = rotated([*BOTH], "retire")
    assert [(item.address.key, item.body["state"]) for item in made.operations] == [
        ("metrics~old", "inactive"),
        ("metrics", "active"),
    ]
    (edge,) = made.operations[1].after
    assert (edge.id, edge.whatever) == (made.operations[0].id, False)


@pytest.mark.parametrize(
    ("state", "does", "words"),
    [
        ([body(nonce="0a1b2c3d")], "renew", "never arrived"),
        ([body(state="inactive")], "renew", "is not active"),
        ([*BOTH], "renew", "its successor stands"),
        ([*BOTH], "succeed", "its successor stands"),
        ([body()], "redeliver", "it has no successor"),
        ([body(), body(4, "~next", nonce="0a1b2c3d")], "redeliver", "never arrived"),
        ([body(), body(4, "~next", state="inactive")], "redeliver", "is not active"),
        ([*BOTH, body(5, "~next")], "retire", "carry this marker"),
        ([*BOTH, body(5, "~next")], "renew", "carry this marker"),
        ([body()], "retire", "it has no successor"),
        ([body(), body(4, "~next", nonce="0a1b2c3d")], "retire", "never arrived"),
        ([body(), body(4, "~next", accessTokenValiditySeconds=600)], "retire", "not as declared"),
        ([body(accessTokenValiditySeconds=600)], "succeed", "it is not as declared"),
        ([body(), client(9, "acme-metrics (next)")], "succeed", "exists and is not ours"),
        ([body(4, "~next")], "renew", "another address"),
    ],
)
def test_what_stands_in_the_way_is_said_and_nothing_is_planned(state: Any, does: Move, words: str) -> None:
    made = rotated(state, does)
    assert made.operations == () and set(guards(made).values()) == {"rotate"}
    assert words in str(made.changes[0].withheld)


def test_a_successor_gets_another_secret_as_a_client_that_is_renewed_does() -> None:
    made = rotated([body(accessTokenValiditySeconds=600), body(4, "~next", hash8="1abcdef0")], "redeliver")
    assert operation_ids(made) == [
        f"{CLIENT}~next:{step}" for step in ("announce", "renew", "deliver", "confirm", "prove")
    ]
    assert puts(made) == [("announce", f"{CLIENT}~next", "new"), ("confirm", f"{CLIENT}~next", None)]


def test_a_client_that_somebody_switched_off_retires_without_being_switched_on() -> None:
    made = rotated([body(state="inactive"), body(4, "~next")], "retire")
    assert guards(made) == {} and [item.body["state"] for item in made.operations] == ["inactive", "active"]


def test_a_client_whose_id_is_pinned_gets_no_successor() -> None:
    secret = {"sink": "vault", "rotate": {"afterDays": 9, "mode": "overlap"}}
    pinned = manifests(acme={"clients": [{**metrics(), "secret": secret, "id": uid(3)}]})
    made = rotated([body()], "succeed", pinned)
    assert made.operations == () and "say `mode: in-place`" in str(made.changes[0].withheld)


def test_what_is_protected_does_not_retire() -> None:
    held_back = replace(wanted(), org=replace(wanted().org, protect=(Selector(*CLIENT),)))
    assert set(guards(rotated([*BOTH], "retire", held_back)).values()) == {"protected"}
    assert guards(rotated([body()], "renew", held_back)) == {}


def test_where_an_adopted_client_names_a_sink_its_first_rotation_makes_the_secret_ours() -> None:
    found = standing(Reading())
    assert (found.state, move(found, DUE), move(found, ALL)) == ("missing", None, "renew")
    (deliver,) = [item for item in rotated([body()], "renew").operations if item.does == "deliver"]
    assert (deliver.body["sink"], deliver.body["path"]) == ("vault", "bpo/acme/metrics")


def test_a_successor_has_what_its_predecessor_has_and_no_more() -> None:
    shared = {"roles": [{"key": "reader", "name": "Reader", "permissions": ["routing:queue:view"]}]}
    told = {
        "divisions": [{"key": "us", "name": "ACME-US"}],
        "clients": [metrics({"role": "reader", "divisions": "own"})],
    }
    bodies = {
        "divisions": [marked(division(1, "ACME-US"), "acme/division/us")],
        "roles": [marked(role(11, "Reader", "routing:queue:view"), "org/role/reader")],
        "clients": [marked(client(3, "acme-metrics", (uid(11), uid(1))), str(CLIENT))],
    }
    made = plan(manifests(shared, acme=told), live(**bodies), rotate={CLIENT: "succeed"})
    assert [(item.subject, item.permission) for item in made.access.gains] == [
        (f"{CLIENT}~next", "routing:queue:view")
    ]
    assert made.findings == () and guards(made) == {}
