"""The roles that `doctor --bootstrap` prints are enough, and nothing can be taken away from them.

The organisation asks the operator to hold what it hands on, and the writer's role lets it borrow that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest

from reconciler.planning.bootstrap import PARTS, Part, bootstrap
from reconciler.planning.rights import DELETES, PUBLIC, READS, SETTINGS, WRITES, Need
from reconciler.simulator import Seed, default_seed
from tests.journeys.world import Ran, World

MakeWorld = Callable[..., World]
RIGHTS = {part: [right.permission for right in bootstrap(part).rights] for part in PARTS}
LOCKED_OUT = [(part, permission) for part in PARTS for permission in RIGHTS[part]]
TWO_VIEWS = {"bulkadd-visible": "no"}


def seed(permissions: Iterable[str]) -> Seed:
    """Northwind whose operator holds one role, of these permissions, in every division."""
    usual = default_seed()
    roles = [
        {**role, "permissions": list(permissions)} if role["name"] == "Reconciler Operator" else role
        for role in usual.roles
    ]
    return replace(usual, roles=roles)


def story(part: Part) -> Callable[[World], Ran]:
    return {"reader": _looks, "writer": _lives, "deleter": _ends}[part]


def _looks(world: World) -> Ran:
    return world.run("plan")


def _lives(world: World) -> Ran:
    """Northwind is made, a division, a role and a client change, and a hidden pair is revoked."""
    first = world.apply()
    if first.code:
        return first
    world.change("tenants/acme-retail.yaml", "Acme Retail, Canada", "Acme in Canada")
    world.change("shared.yaml", "        - routing:queue:search\n", "")
    world.change("tenants/globex-bank.yaml", "tokenSeconds: 900", "tokenSeconds: 600")
    hidden = {"grants": [{"roleId": world.row("roles", "Tenant Adherence")["id"],
                          "divisionId": world.row("divisions", "ACME-CA")["id"]}]}  # fmt: skip
    client = world.row("clients", "acme-adherence")["id"]
    world.drift("POST", f"authorization/subjects/{client}/bulkadd?subjectType=PC_OAUTH_CLIENT", hidden)
    second = world.apply("--only", "acme-retail")
    if second.code:
        return second
    assert world.grants("acme-adherence") == {("Tenant Adherence", "ACME-US")}
    return world.apply()


def _ends(world: World) -> Ran:
    """The same life, then a client, its role and its division leave with `prune`."""
    ran = _lives(world)
    if ran.code:
        return ran
    world.change("org.yaml", "prune: false", "prune: true")
    (world.root / "tenants/globex-bank.yaml").unlink()
    text = (world.root / "shared.yaml").read_text("utf-8")
    start, end = text.index("    - key: recordings"), text.index("    - key: wfm-planner")
    world.write("shared.yaml", text[:start] + text[end:])
    for _ in range(6):
        ran = world.apply(*_allowed(ran))
        if ran.code not in (0, 4) or ran.last.startswith("nothing to do"):
            return ran
    raise AssertionError(ran.out)


def _allowed(ran: Ran) -> list[str]:
    found = re.search(r"--allow (removals=\d+)", ran.out)
    return ["--allow", found[1]] if found else []


def make(make_world: MakeWorld, permissions: Iterable[str]) -> World:
    return make_world(seed=seed(permissions), switches=TWO_VIEWS)


@pytest.mark.parametrize("part", PARTS)
def test_the_printed_role_is_enough(make_world: MakeWorld, part: Part) -> None:
    world = make(make_world, RIGHTS[part])
    ran = story(part)(world)
    assert ran.code == 0, ran.out + ran.err
    if part == "deleter":
        assert {"GLOBEX", "Tenant Recordings", "globex-archive"}.isdisjoint(
            [*world.names("divisions"), *world.names("roles"), *world.names("clients")]
        )


@pytest.mark.parametrize(("part", "permission"), LOCKED_OUT, ids=[f"{a}-{b}" for a, b in LOCKED_OUT])
def test_without_any_one_permission_it_fails_and_says_which(
    make_world: MakeWorld, part: Part, permission: str
) -> None:
    world = make(make_world, [each for each in RIGHTS[part] if each != permission])
    ran = story(part)(world)
    assert ran.code in (5, 7), ran.out + ran.err
    assert permission in ran.out + ran.err


@pytest.mark.parametrize(("part", "permission"), LOCKED_OUT, ids=[f"{a}-{b}" for a, b in LOCKED_OUT])
def test_doctor_names_what_is_missing_before_anything_fails(
    make_world: MakeWorld, part: Part, permission: str
) -> None:
    world = make(make_world, [each for each in RIGHTS[part] if each != permission])
    if part == "deleter":
        world.change("org.yaml", "prune: false", "prune: true")
    ran, writes = world.wrote("doctor", "-o", "json")
    assert ran.code == 7 and writes == []
    failing = [check for check in ran.json["checks"] if check["status"] == "failure"]
    assert any(permission in _words(check) for check in failing), failing


def _words(check: dict[str, Any]) -> str:
    return " ".join([check["seen"], check["remedy"], *check["items"]])


def test_every_call_of_a_life_stands_in_the_table_of_rights(make_world: MakeWorld) -> None:
    """What is sent and not in the table would be a right that nobody is told of."""
    world = make(make_world, [*RIGHTS["deleter"], *SETTINGS.permissions])
    assert _ends(world).code == 0 and world.run("doctor").code in (0, 7)
    table = (*PUBLIC, *READS, SETTINGS, *WRITES, *DELETES)
    strangers = {call for call in world.asked() if not any(_is(need, call) for need in table)}
    assert strangers == set()


def _is(need: Need, call: str) -> bool:
    pattern = "/".join("[^/]+" if part.startswith("{") else re.escape(part) for part in need.path.split("/"))
    return re.fullmatch(f"{need.method} {pattern}", call) is not None


def test_the_bodies_do_what_they_say_when_pasted(world: World) -> None:
    """An administrator pastes both, and the new client plans."""
    role, client = world.run("doctor", "--bootstrap", "reader", "-o", "json").json["roles"][0]["requests"]
    made = world.drift(role["method"], role["path"].removeprefix("/api/v2/"), role["body"])
    client["body"]["roleDivisions"][0]["roleId"] = made["id"]
    born = world.drift(client["method"], client["path"].removeprefix("/api/v2/"), client["body"])
    world.sign_in(born["id"], born["secret"])
    assert world.run("plan").code == 0
    told = world.run("doctor")
    assert told.code == 0 and "who is not the operator" in told.out


def test_the_switches_said_to_be_off_are_those_of_the_stories(world: World) -> None:
    said = world.run("doctor", "--bootstrap").out
    assert "`handOn: borrow`" in said
