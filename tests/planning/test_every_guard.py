"""Every guard: it stops what it is for, lets the near miss pass, and its release, followed, lets it through.

A guard that is added without its three cases here is found by its name in the source.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

from reconciler.model.address import Address, Selector
from reconciler.model.manifest import Limits, Manifests
from reconciler.model.plan import Plan
from reconciler.model.rotation import Move
from reconciler.planning.approve import reviewed_in
from tests.architecture.source import product_files, tree
from tests.support.build import (
    FREE,
    ORG_ID,
    WIDE,
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

VIEW = "routing:queue:view"
WALL, ROLE, CLIENT = "acme/division/us", "acme/role/reader", "acme/client/metrics"
US = {"key": "us", "name": "ACME-US"}
READER = {"key": "reader", "name": "Reader", "permissions": [VIEW]}
OWN = {"role": "reader", "divisions": "own"}
LIVE_US = marked(division(1, "ACME-US"), WALL)
LIVE_READER = marked(role(11, "Reader", VIEW), ROLE)
STANDING: dict[str, Any] = {"divisions": [LIVE_US], "roles": [LIVE_READER]}


class Case(NamedTuple):
    """Plans made on demand; `named` are the words of the release that are followed in `released`."""

    stopped: Callable[[], Plan]
    near_miss: Callable[[], Plan]
    named: str
    released: Callable[[], Plan]


def acme(policy: Any = None, **sections: Any) -> Manifests:
    return manifests(policy=policy, acme=sections)


def wall(*there: Any, policy: Any = None, **said: Any) -> Plan:
    """One declared division, said in some way, and the divisions that are there."""
    return plan(acme(policy, divisions=[US | said]), live(divisions=there))


def rotating(*successors: Any, does: Move = "renew") -> Plan:
    """A client whose secret is to be replaced, and a successor that it may have already."""
    heirs = [marked(body, f"{CLIENT}~next") for body in successors]
    bodies = [marked(client(3, "acme-metrics"), CLIENT), *heirs]
    return plan(acme(clients=[metrics()]), live(clients=bodies), rotate={Address.parse(CLIENT): does})


def orphan(policy: Any = None, allow: Any = None, **sections: Any) -> Plan:
    """A client that holds something and is declared no more."""
    held = marked(client(3, "acme-old", (11, 1)), "acme/client/old")
    return plan(
        acme(policy, **{"divisions": [US]} | sections), live(clients=[held], **STANDING), allow=allow or {}
    )


def pruned(counts: Any) -> Plan:
    there = marked(division(2, "ACME-CA"), "acme/division/ca")
    return plan(acme({"prune": True}, divisions=[US]), live(divisions=[LIVE_US, there], counts=counts))


def emptied(state: str = "", walls: tuple[Any, ...] = ()) -> Plan:
    """Nothing declared while an object of ours is live; `state` declares the tenant at least."""
    wanted = (
        acme({"prune": True}, divisions=list(walls), state=state)
        if state
        else manifests(policy={"prune": True})
    )
    return plan(wanted, live(divisions=[LIVE_US], counts={uid(1): {}}))


def leaving(count: int, **given: Any) -> Plan:
    """So many clients that lose their last grant."""
    held = [marked(client(30 + n, f"c{n}", (11, 1)), f"acme/client/c{n}") for n in range(count)]
    return plan(acme(divisions=[US], roles=[READER]), live(clients=held, **STANDING), **given)


def updating(percent: int, count: int = 2) -> Plan:
    entries = [{"key": f"d{n}", "name": f"D{n}", "description": "new"} for n in range(count)]
    there = [marked(division(40 + n, f"D{n}"), f"acme/division/d{n}") for n in range(count)]
    return plan(acme({"limits": Limits(change_percent=percent)}, divisions=entries), live(divisions=there))


def gaining(most: int, **given: Any) -> Plan:
    """Two accesses for a client that is there."""
    entries = [US, {"key": "ca", "name": "ACME-CA"}]
    there = [LIVE_US, marked(division(2, "ACME-CA"), "acme/division/ca")]
    bare = marked(client(3, "acme-metrics"), CLIENT)
    state = live(divisions=there, roles=[LIVE_READER], clients=[bare])
    policy = {"limits": Limits(change_percent=100, gains=most)}
    return plan(acme(policy, divisions=entries, roles=[READER], clients=[metrics(OWN)]), state, **given)


def suspended(flag: bool = True, state: str = "active", **given: Any) -> Plan:
    bare = marked(client(3, "acme-metrics"), CLIENT, suspended=flag)
    wanted = acme(FREE, divisions=[US], roles=[READER], clients=[metrics(OWN)], state=state)
    return plan(wanted, live(clients=[bare], **STANDING), **given)


def leaking(*permissions: str, excepted: bool = False) -> Plan:
    """A tenant's client that gains a permission in its own division."""
    from reconciler.model.access import OrgWideException
    from reconciler.model.origin import Origin

    exception = OrgWideException(
        WIDE, "counts only", "sec@northwind.example", "2027-06-30", Origin("org.yaml")
    )
    policy = {"org_wide": (exception,)} if excepted else {}
    reader = READER | {"permissions": list(permissions)}
    return plan(acme(policy, divisions=[US], roles=[reader], clients=[metrics(OWN)]), live())


def waiting(**said: Any) -> Plan:
    """A client to be born whose division is in conflict, unless the entry says what to do."""
    wanted = acme(divisions=[US | said], roles=[READER], clients=[metrics(OWN)])
    return plan(wanted, live(divisions=[division(1, "ACME-US")]))


def reviewed(*keys: str) -> Plan:
    """Two divisions to create, of which some were reviewed."""
    walls = [{"key": key, "name": key.upper()} for key in ("ca", "us")]
    seen = plan(acme(divisions=[each for each in walls if each["key"] in keys]), live())
    return plan(acme(divisions=walls), live(), reviewed=reviewed_in([seen], ORG_ID))


def referring(existing: dict[str, str], *there: Any) -> Plan:
    """A grant of a role that is not ours."""
    entry = {"key": "reader", "existing": existing}
    state = live(divisions=[LIVE_US], roles=list(there))
    return plan(acme(divisions=[US], roles=[entry], clients=[metrics(OWN)]), state)


def full(limit: int | None, *more: str) -> Plan:
    """One division is there and some are to be made."""
    entries = [US, *({"key": key, "name": key.upper()} for key in more)]
    return plan(acme(divisions=entries), live(divisions=[LIVE_US], wall_limit=limit))


def operating(number: int, **said: Any) -> Plan:
    """A client to take over, which is our own when its number is 999."""
    body = client(number, "acme-metrics")
    return plan(acme(clients=[metrics(**said)]), live(clients=[body]))


def handing(*own: tuple[str, str]) -> Plan:
    """A client to be born, where our own client uses only what it was given."""
    wanted = acme({"hand_on": "held"}, divisions=[US], roles=[READER], clients=[metrics(OWN)])
    return plan(wanted, live(operator_pairs=frozenset(own), **STANDING))


OTHERS = {"roles": [READER]}
BY_HAND = marked(division(1, "ACME-USA", "by hand"), WALL, hash8="1" * 8)
TAKEN = division(1, "ACME-US")
TWIN = marked(division(2, "ACME-US"), WALL)


def people(*groups: str, **said: Any) -> Plan:
    """An entry for the group `Planners`, and the groups that our client sees."""
    entry = {"key": "planners", "subject": {"group": "Planners"}, "pairs": [OWN]} | said
    seen = [{"id": uid(8 + index), "name": name, "subject": "group"} for index, name in enumerate(groups)]
    return plan(acme(divisions=[US], roles=[READER], grants=[entry]), live(grants=seen, **STANDING))


def fought(times: int = 3, **said: Any) -> Plan:
    """A division that somebody renamed again, after so many repairs within a day."""
    there = division(1, "ACME-US", "ours")
    marked_there = marked(there, WALL)
    there = {**marked_there, "description": "by hand" + marked_there["description"].removeprefix("ours")}
    wanted = acme(divisions=[US | {"description": "ours"} | said])
    return plan(wanted, live(divisions=[there]), repairs={Address.parse(WALL): times})


CASES: dict[str, Case] = {
    "empty": Case(emptied, lambda: emptied("active", (US,)), "retire", lambda: emptied("retired")),
    "operator": Case(
        lambda: operating(999, adopt=True),
        lambda: operating(3, adopt=True),
        "outside these manifests",
        lambda: plan(acme(), live(clients=[client(999, "acme-metrics")])),
    ),
    "protected": Case(
        lambda: orphan({"protect": (Selector("acme", "client"),)}, **OTHERS),
        lambda: orphan({"protect": (Selector("acme", "role"),)}, **OTHERS),
        "remove it from `protect`",
        lambda: orphan(**OTHERS),
    ),
    "not-empty": Case(
        lambda: pruned({uid(2): {"QUEUE": 1}}),
        lambda: pruned({uid(2): {"QUEUE": 0}}),
        "move or delete them",
        lambda: pruned({uid(2): {}}),
    ),
    "division-limit": Case(
        lambda: full(2, "ca", "eu"),
        lambda: full(3, "ca", "eu"),
        "raise the limit",
        lambda: full(4, "ca", "eu"),
    ),
    "subject": Case(
        lambda: people("Planners", "Planners"),
        lambda: people("Planners", "Planner"),
        "`id: <id>` on the entry",
        lambda: people("Planners", "Planners", id=uid(8)),
    ),
    "contested": Case(
        fought, lambda: fought(2), "in the manifest", lambda: fought(description="by agreement")
    ),
    "leak": Case(
        lambda: leaking(WIDE),
        lambda: leaking(VIEW),
        "`orgWide`",
        lambda: leaking(WIDE, excepted=True),
    ),
    "removals": Case(
        lambda: leaving(2),
        lambda: leaving(1),
        "--allow removals=2",
        lambda: leaving(2, allow={"removals": 2}),
    ),
    "changes": Case(
        lambda: updating(50), lambda: updating(50, 1), "`limits.changePercent`", lambda: updating(100)
    ),
    "gains": Case(
        lambda: gaining(1), lambda: gaining(2), "--allow gains=2", lambda: gaining(1, allow={"gains": 2})
    ),
    "suspended": Case(
        suspended,
        lambda: suspended(flag=False),
        "--allow gains=1",
        lambda: suspended(allow={"gains": 1}),
    ),
    "waiting": Case(
        waiting,
        lambda: plan(acme(divisions=[US], roles=[READER], clients=[metrics(OWN)]), live()),
        "release what it waits for",
        lambda: waiting(adopt=True),
    ),
    "not-reviewed": Case(
        lambda: reviewed("us"), lambda: reviewed("us", "ca"), "reviewed", lambda: reviewed("ca", "us")
    ),
    "reference": Case(
        lambda: referring({"name": "Reader"}, role(11, "Reader", VIEW), role(12, "Reader", VIEW)),
        lambda: referring({"name": "Reader"}, role(11, "Reader", VIEW), role(12, "reader", VIEW)),
        "`id` under `existing`",
        lambda: referring({"id": uid(11)}, role(11, "Reader", VIEW), role(12, "Reader", VIEW)),
    ),
    "held": Case(
        handing,
        lambda: handing((uid(11), "*")),
        "grant these to `nw-reconciler`",
        lambda: handing((uid(11), uid(1))),
    ),
    "conflict": Case(
        lambda: wall(TAKEN),
        lambda: wall(division(1, "ACME-USA")),
        f"adopt: {uid(1)}",
        lambda: wall(TAKEN, adopt=uid(1)),
    ),
    "adopt": Case(
        lambda: wall(TAKEN, division(2, "acme-us"), adopt=True),
        lambda: wall(TAKEN, adopt=True),
        "adopt: <id>",
        lambda: wall(TAKEN, division(2, "acme-us"), adopt=uid(2)),
    ),
    "duplicate": Case(
        lambda: wall(LIVE_US, TWIN),
        lambda: wall(LIVE_US, division(2, "acme")),
        "remove the marker from all but one",
        lambda: wall(LIVE_US, division(2, "ACME-US 2")),
    ),
    "pinned": Case(
        lambda: wall(LIVE_US, id=uid(2)),
        lambda: wall(LIVE_US),
        "correct `id`",
        lambda: wall(LIVE_US, id=uid(1)),
    ),
    "renamed": Case(
        lambda: wall(BY_HAND),
        lambda: wall(marked(division(1, "ACME-USA", "by hand"), WALL)),
        f"id: {uid(1)}",
        lambda: wall(BY_HAND, id=uid(1)),
    ),
    "rotate": Case(
        lambda: rotating(client(4, "acme-metrics (next)")),
        rotating,
        "secrets rotate --retire",
        lambda: rotating(client(4, "acme-metrics (next)"), does="retire"),
    ),
}


def releases(made: Plan, guard: str) -> set[str]:
    return {item.withheld.release for item in made.changes if item.withheld and item.withheld.guard == guard}


@pytest.mark.parametrize("guard", CASES)
def test_it_stops_what_it_is_for_and_says_why(guard: str) -> None:
    held = [item.withheld for item in CASES[guard].stopped().changes if item.withheld]
    assert any(item.guard == guard and item.reason for item in held), held


@pytest.mark.parametrize("guard", CASES)
def test_the_near_miss_passes(guard: str) -> None:
    assert guard not in guards(CASES[guard].near_miss()).values()


@pytest.mark.parametrize("guard", CASES)
def test_the_release_that_it_names_lets_it_through(guard: str) -> None:
    case = CASES[guard]
    said = releases(case.stopped(), guard)
    assert any(case.named in release for release in said), said
    assert guard not in guards(case.released()).values()


@pytest.mark.parametrize("guard", sorted(CASES.keys() - {"operator", "duplicate", "near"}))
def test_what_is_released_runs(guard: str) -> None:
    """Not merely gone from the plan: where following the release leads to a change, nothing else holds it."""
    assert guards(CASES[guard].released()) == {}


def names_in_source() -> Iterator[str]:
    """The first argument of every `Withheld(…)` and `.withhold(…)`, and the guard of `_withhold(…)`."""
    for path in product_files("planning"):
        constants = {
            target.id: node.value.value
            for node in tree(path).body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and (name := _guard(node)) is not None:
                yield from _values(name, constants)


def _guard(call: ast.Call) -> ast.expr | None:
    name = ast.unparse(call.func).rpartition(".")[2]
    place = {"Withheld": 0, "withhold": 0, "_withhold": 2}.get(name)
    return call.args[place] if place is not None and len(call.args) > place else None


def _values(name: ast.expr, constants: dict[str, Any]) -> Iterator[str]:
    if isinstance(name, ast.Constant):
        yield str(name.value)
    elif isinstance(name, ast.Name) and name.id in constants:
        yield str(constants[name.id])


def test_every_guard_of_the_source_has_its_three_cases() -> None:
    assert set(names_in_source()) == CASES.keys()
