"""The scenarios, each a way from one state to another that a protocol has to survive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from reconciler.model.manifest import Manifests
from reconciler.planning.rotation.choose import Asked
from tests.faults.beside import BESIDE
from tests.faults.scenario import (
    EDIT,
    PLAN,
    PLANNER,
    PLANNERS,
    READER,
    VIEW,
    Scenario,
    client,
    organisation,
    share,
    tenant,
)

Edit = Callable[..., Any]


def _acme(*clients: dict[str, Any], **more: Any) -> Any:
    return tenant("acme", *(clients or (client("metrics", ("reader", "main")),)), **more)


def _globex(*clients: dict[str, Any], **more: Any) -> Any:
    return tenant("globex", *(clients or (client("metrics", ("reader", "main")),)), **more)


STANDING = organisation(_acme(), _globex())


def _moved() -> Scenario:
    """A role goes from one client to another of the same tenant, and a third gets a second one."""
    first = organisation(
        _acme(client("metrics", ("reader", "main"), ("planner", "main")), client("plans")), _globex()
    )
    then = organisation(
        _acme(client("metrics", ("reader", "main")), client("plans", ("planner", "main"))),
        _globex(client("metrics", ("reader", "main"), ("planner", "main"))),
    )
    return Scenario("grants-move", then, first)


def _changed_role() -> Scenario:
    """A role loses one permission and gains another; one client loses it, one gains it, one keeps it."""
    both = {**READER, "permissions": [VIEW, PLAN]}
    other = {**READER, "permissions": [VIEW, EDIT]}
    first = organisation(
        _acme(client("metrics", ("reader", "main")), client("plans", ("planner", "main"))),
        _globex(),
        roles=(both, PLANNER),
    )
    then = organisation(
        _acme(
            client("metrics", ("planner", "main")), client("plans", ("planner", "main"), ("reader", "main"))
        ),
        _globex(),
        roles=(other, PLANNER),
    )
    return Scenario("role-changes", then, first)


def _crossed() -> Scenario:
    """A client and a group of the organisation go from one tenant's division to another's."""

    def shared(where: str) -> dict[str, Any]:
        grant = {"role": "reader", "divisions": [where], "share": share()}
        auditor = {"key": "auditor", "name": "nw-auditor", "grants": [grant], "secret": {"sink": "local"}}
        people = {"key": "planners", "subject": {"group": "Planners"}, "pairs": [grant]}
        return {"clients": [auditor], "grants": [people]}

    zulu = tenant("zulu")  # behind everybody's name: an order by name alone would give before it takes
    first = organisation(_acme(), zulu, shared=shared("zulu/main"))
    return Scenario("crosses-tenants", organisation(_acme(), zulu, shared=shared("acme/main")), first)


def _retired() -> Scenario:
    """A tenant leaves: its access at once, its objects in the runs that follow."""
    return Scenario("tenant-retired", organisation(_acme(), _globex(state="retired")), STANDING)


def _suspended() -> Scenario:
    people = {
        "key": "planners",
        "subject": {"group": "Planners"},
        "pairs": [{"role": "planner", "divisions": ["main"]}],
    }
    first = organisation(_acme(), _globex(grants=[people]))
    return Scenario(
        "tenant-suspended", organisation(_acme(), _globex(grants=[people], state="suspended")), first
    )


def _orphans() -> Scenario:
    """A client and a role are no longer declared."""
    first = organisation(
        _acme(client("metrics", ("reader", "main")), client("old", ("planner", "main"))), _globex()
    )
    return Scenario("orphans-deleted", organisation(_acme(), _globex(), roles=(READER,)), first)


def _adopted() -> Scenario:
    """A division, a role and a client that somebody made by hand are taken over on request."""

    def hands(edit: Edit) -> None:
        division = edit("POST", "authorization/divisions", {"name": "INITECH", "description": "by hand"})[
            "id"
        ]
        policies = [{"domain": "routing", "entityName": "queue", "actionSet": ["view"]}]
        role = edit("POST", "authorization/roles", {"name": "By Hand", "permissionPolicies": policies})["id"]
        pairs = [{"roleId": role, "divisionId": division}]
        body = {
            "name": "initech-metrics",
            "authorizedGrantType": "CLIENT-CREDENTIALS",
            "roleDivisions": pairs,
        }
        edit("POST", "oauth/clients", body)

    theirs = client("metrics", ("watcher", "main"), adopt=True, secret={"sink": "external"})
    initech = tenant(
        "initech", theirs, divisions=[{"key": "main", "name": "INITECH", "adopt": True}],
        roles=[{"key": "watcher", "name": "By Hand", "permissions": [VIEW], "adopt": True}],
    )  # fmt: skip
    names = frozenset({"INITECH", "By Hand", "initech-metrics"})
    return Scenario(
        "adoption", replace(STANDING, tenants=(*STANDING.tenants, initech)), STANDING, hands, adopts=names
    )


def _drifted() -> Scenario:
    """Somebody granted by hand, took a permission away, and switched a client off."""

    def hands(edit: Edit) -> None:
        clients = {row["name"]: row for row in edit("GET", "oauth/clients")["entities"]}
        roles = {row["name"]: row for row in edit("GET", "authorization/roles?pageSize=100")["entities"]}
        mine, yours = clients["acme-metrics"], clients["globex-metrics"]
        foreign = yours["roleDivisions"][0]["divisionId"]
        pair = {"grants": [{"roleId": roles["Schedule Planner"]["id"], "divisionId": foreign}]}
        edit("POST", f"authorization/subjects/{mine['id']}/bulkadd?subjectType=PC_OAUTH_CLIENT", pair)
        edit("PUT", f"oauth/clients/{yours['id']}", {**yours, "state": "inactive"})
        reader = roles["Queue Reader"]
        policies = [{"domain": "routing", "entityName": "queue", "actionSet": ["search"]}]
        edit("PUT", f"authorization/roles/{reader['id']}", {**reader, "permissionPolicies": policies})

    return Scenario("drift", STANDING, STANDING, hands)


def _people() -> Scenario:
    """Groups get and lose pairs one by one, and our own client borrows nothing for it."""

    def granted(*roles: str) -> list[dict[str, Any]]:
        pairs = [{"role": role, "divisions": ["main"]} for role in roles]
        return [{"key": "planners", "subject": {"group": "Planners"}, "pairs": pairs}]

    first = organisation(_acme(grants=granted("reader")), _globex(grants=granted("reader", "planner")))
    then = organisation(_acme(grants=granted("reader", "planner")), _globex(grants=granted("planner")))
    return Scenario("people", then, first)


def _replaced() -> Scenario:
    """A client under a new key: another one is born, the former loses its access and then goes."""
    plain = client("reports", ("reader", "main"), name="acme-reports")
    return Scenario("client-replaced", organisation(_acme(plain), _globex()), STANDING)


def _renamed() -> Scenario:
    """Keys and names change, the objects stay."""
    first = organisation(_acme(roles=[{"key": "own", "name": "Own", "permissions": [PLAN]}]))
    told = client("figures", ("reader", "main"), name="acme-figures", previously="acme/client/metrics")
    role = {"key": "mine", "name": "Mine", "permissions": [PLAN], "previously": "acme/role/own"}
    wall = {"key": "main", "name": "ACME-MAIN"}
    after = organisation(_acme(told, roles=[role], divisions=[wall]))
    return Scenario("renames", after, first, switches={"secret-on-get": "shown"})


def _back() -> Scenario:
    """A suspended tenant is let in again, and a third one arrives."""
    initech = tenant("initech", client("metrics", ("reader", "main")), client("plans", ("planner", "main")))
    first = organisation(_acme(), _globex(state="suspended"))
    return Scenario("tenants-come", organisation(_acme(), _globex(), initech), first)


def _name_taken() -> Scenario:
    """Somebody else's client has the name that one of ours is to have: it is left alone, the rest goes on."""

    def hands(edit: Edit) -> None:
        body = {"name": "acme-metrics", "authorizedGrantType": "CLIENT-CREDENTIALS", "roleDivisions": []}
        edit("POST", "oauth/clients", {**body, "description": "by hand"})

    return Scenario("name-taken", STANDING, hands=hands)


def _tombstone() -> Scenario:
    """A client was deleted and is still listed as deleted, with our marker on it."""

    def hands(edit: Edit) -> None:
        row = next(row for row in edit("GET", "oauth/clients")["entities"] if row["name"] == "acme-metrics")
        edit("PUT", f"oauth/clients/{row['id']}", {**row, "state": "inactive", "roleDivisions": []})
        edit("DELETE", f"oauth/clients/{row['id']}")

    return Scenario("tombstone", STANDING, STANDING, hands, switches={"tombstones": "listed"})


def _twins() -> Scenario:
    """Beside a client that works stands one of the same marker that a run made blindly and died over."""

    def hands(edit: Edit) -> None:
        marker = "[reconciler:northwind/acme/client/metrics@a0000000#dead0000]"
        body = {"name": "acme-metrics", "authorizedGrantType": "CLIENT-CREDENTIALS", "roleDivisions": []}
        edit("POST", "oauth/clients", {**body, "state": "inactive", "description": marker})

    return Scenario("twins", STANDING, STANDING, hands)


def _half_born(at: int, name: str) -> Scenario:
    """A run of a birth died at its `at`-th request; what stands is half of it."""
    return Scenario(name, STANDING, dies_at=at)


def _rotating(mode: str) -> Manifests:
    """One client with a secret that is due, beside one that never is."""
    due = {"sink": "local", "rotate": {"afterDays": 30, "mode": mode}}
    return organisation(_acme({**client("metrics", ("reader", "main")), "secret": due}), _globex())


def _rotated(name: str, mode: str, **more: Any) -> Scenario:
    manifests = _rotating(mode)
    return Scenario(name, manifests, manifests, rotates=Asked(due=True), **more)


ALL: dict[str, Scenario] = {
    each.name: each
    for each in (
        Scenario("birth", STANDING),
        Scenario("no-op", STANDING, STANDING),
        _moved(),
        _changed_role(),
        _crossed(),
        _retired(),
        _suspended(),
        _orphans(),
        _adopted(),
        _drifted(),
        _people(),
        _replaced(),
        _renamed(),
        _back(),
        Scenario(
            "birth-granted", replace(STANDING, org=replace(STANDING.org, new_clients="inactive-granted"))
        ),
        _name_taken(),
        _tombstone(),
        _twins(),
        *BESIDE,
        _half_born(17, "half-born"),
        _half_born(22, "half-granted"),
        _half_born(24, "leftovers"),
        _rotated("rotation-in-place", "in-place"),
        _rotated("rotation-overlaps", "overlap"),
        replace(_rotated("rotation-retires", "overlap", rotated=True), rotates=Asked(retire=True)),
    )
}
"""By name."""

CENTRAL = ("birth", "role-changes")
"""Those of which every single fault is tried each time."""

__all__ = ["ALL", "CENTRAL", "PLANNERS", "STANDING", "Manifests"]
