"""What tokens get over HTTP is what a model of a few lines says, for every client of every bundled seed.

The model knows the rules of access only (see `tests.simulator.model`); which permissions an operation asks
for, it takes from the vendor's contract.
"""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pytest

from reconciler.simulator import Simulator, bundled, find_seed
from tests.architecture.source import ROOT
from tests.simulator.guest import API, Guest, VirtualTime, open_door
from tests.simulator.model import CONFINED, GRADES, Model

Row = dict[str, Any]
PATHS = json.loads((ROOT / "reconciler/simulator/data/genesys-openapi.json").read_text("utf-8"))["paths"]
READS = {path: spec["get"] for path, spec in PATHS.items() if "get" in spec}
PERMITTED = "authorization/divisionspermitted/paged/me"

NOT_OBJECTS = {f"{API}/authorization/permissions", f"{API}/{PERMITTED}"}
"""Lists of something that is not kept in an organisation."""
SECTIONS = {f"{API}/authorization/divisions/deleted": "deletedDivisions"}
"""Where a list is kept in the snapshot, unless its path says so: the last word that is no view."""
ALSO = {f"{API}/users": "?state=any"}
"""What a list leaves out unless asked."""

USUAL = {"foreign-object": "403", "hidden-groups": "shown", "org-wide-permitted": "granted"}
OTHER = {"foreign-object": "404", "hidden-groups": "hidden", "org-wide-permitted": "everywhere"}
EVERY = 1 if os.environ.get("HYPOTHESIS_PROFILE") == "full" else 6
"""Of the objects, each client reads each of so many: another share than the next client."""

every_seed = pytest.mark.parametrize("seed", bundled())
both_sides = pytest.mark.parametrize("switches", [USUAL, OTHER], ids=["usual", "other"])


@dataclass
class Organisation:
    """A seed on its first day: the model's idea of it, and a door to it."""

    door: Guest
    model: Model
    switches: dict[str, str]

    async def log_in(self, client: Row) -> Guest:
        secret = self.door.sim.org.secrets[client["id"]]
        return await Guest(self.door.sim, VirtualTime()).log_in(client["id"], secret)

    async def tenants(self) -> list[tuple[str, Guest]]:
        return [(row["id"], await self.log_in(row)) for row in working(self.model)]

    def allowed(self, client: str, operation: Row) -> set[str] | None:
        """Divisions an operation acts in for a client; None where it lacks what the operation asks for."""
        asked = operation.get("x-genesys-permissions", {"mode": "NONE"})
        if asked["mode"] == "NONE":
            return self.model.divisions
        reached = [self.model.reach(client, permission) for permission in asked["permissions"]]
        if not (all if asked["mode"] == "ALL" else any)(reached):
            return None
        return set.intersection(*reached) if asked["mode"] == "ALL" else set.union(*reached)

    def told(self, client: str, permission: str) -> tuple[set[str], bool]:
        """What the list of permitted divisions says, and whether it says all.

        Whether it tells where a permission was granted or where it reaches is not known.
        """
        granted = self.model.granted(client, permission)
        wide = self.switches["org-wide-permitted"] == "everywhere" and permission not in CONFINED
        unbound = "*" in granted or (wide and bool(granted))
        return (self.model.reach(client, permission) if unbound else granted), unbound

    def listed(self, section: str, where: set[str]) -> list[Row]:
        """Objects of a section that lie in these divisions, or in none, and show themselves to tokens."""
        rows = [row for row in self.model.state[section] if self.shown(row)]
        return [row for row in rows if row.get("division") in (None, *where)]

    def shown(self, row: Row) -> bool:
        """Whether an object shows itself to tokens at all."""
        return row.get("visibility", "public") == "public" or self.switches["hidden-groups"] == "shown"

    def status(self, client: str, operation: Row, row: Row) -> int:
        """What reading one object answers."""
        where = self.allowed(client, operation)
        if where is None:
            return 403
        if not self.shown(row):
            return 404
        inside = row.get("division") in (None, *where)
        return 200 if inside else int(self.switches["foreign-object"])


async def organisation(seed: str, switches: dict[str, str]) -> Organisation:
    door = await open_door(find_seed(seed), rate_limit="0", switches=switches)
    return Organisation(door, Model(door.sim.snapshot()), switches)


def working(model: Model) -> list[Row]:
    """Clients that get a token by themselves."""
    return [
        row
        for row in model.state["clients"]
        if (row["state"], row["authorizedGrantType"]) == ("active", "CLIENT-CREDENTIALS")
    ]


def asked(model: Model) -> list[str]:
    """Every permission a role of a client names, some its wildcards cover, and some of every grade."""
    clients = {row["id"] for row in model.state["clients"]}
    held = {grant["roleId"] for grant in model.state["grants"] if grant["subjectId"] in clients}
    policies = [policy for role in sorted(held) for policy in model.roles[role]["permissionPolicies"]]
    covered = (
        name
        for policy in policies
        for name in islice((each for each in GRADES if each.startswith(f"{policy['domain']}:")), 0, 60, 20)
    )
    named = (
        f"{policy['domain']}:{policy['entityName']}:{action}"
        for policy in policies
        for action in policy["actionSet"]
    )
    some = (
        name for grade in "ACDNSX" for name in islice((n for n in GRADES if GRADES[n]["grade"] == grade), 2)
    )
    return sorted({name for name in (*covered, *named, *some) if "*" not in name})


def triples(model: Model) -> int:
    return len(working(model)) * len(asked(model)) * len(model.divisions)


def test_the_bundled_seeds_have_twenty_thousand_triples() -> None:
    seeds = {
        seed: triples(Model(Simulator(find_seed(seed), clock=lambda: 0.0).snapshot())) for seed in bundled()
    }
    assert sum(seeds.values()) >= 20_000, seeds


@every_seed
@both_sides
async def test_every_permission_is_told_where_it_reaches(seed: str, switches: dict[str, str]) -> None:
    org, compared = await organisation(seed, switches), 0
    for client, tenant in await org.tenants():
        for permission in asked(org.model):
            path = f"{API}/{PERMITTED}?permission={permission}"
            assert await permitted(tenant, path) == org.told(client, permission), (client, permission)
            compared += len(org.model.divisions)
    assert compared == triples(org.model)


async def permitted(tenant: Guest, path: str) -> tuple[set[str], bool]:
    pages = [answer async for answer in pages_of(tenant, path)]
    assert len({answer["allDivsPermitted"] for answer in pages}) == 1
    return {row["id"] for answer in pages for row in answer["entities"]}, pages[0]["allDivsPermitted"]


async def pages_of(tenant: Guest, path: str) -> AsyncIterator[Row]:
    following: str | None = path
    while following:
        answer = await tenant.http.get(following)
        assert answer.status_code == 200, (following, answer.text)
        yield answer.json()
        following = answer.json().get("nextUri")


async def listed(tenant: Guest, path: str) -> list[Row]:
    return [row async for answer in pages_of(tenant, path) for row in answer["entities"]]


@pytest.fixture
def northwind() -> Simulator:
    """An organisation with people, one of whom may look at everything."""
    return Simulator(find_seed("northwind"), clock=lambda: 0.0)


@pytest.fixture
def lists(northwind: Simulator) -> dict[str, str]:
    """Every list an organisation keeps and the simulator serves, with its section of the snapshot."""
    sections = {name.casefold(): name for name in northwind.snapshot()}
    found = {path for path in READS if "{" not in path and _is_list(*northwind.edit("GET", path))}
    named = {path: SECTIONS.get(path) or sections.get(_last_word(path)) for path in found - NOT_OBJECTS}
    lost = [path for path, section in named.items() if section is None]
    assert not lost, f"say in SECTIONS where the snapshot keeps, or in NOT_OBJECTS that it does not: {lost}"
    return {path: section for path, section in named.items() if section}


@pytest.fixture
def singles(northwind: Simulator, lists: dict[str, str]) -> dict[str, str]:
    """Every path that reads one object of a list, with the object's section."""
    ones = {one: lists[path] for one in READS if (path := one.rpartition("/")[0]) in lists and one[-1] == "}"}
    return {one: section for one, section in ones.items() if northwind.edit("GET", one)[0] != 501}


def _is_list(status: int, answer: Any) -> bool:
    return status == 200 and isinstance(answer, dict) and "entities" in answer


def _last_word(path: str) -> str:
    return [word for word in path.split("/") if word not in ("query", "divisionviews")][-1].casefold()


@every_seed
@both_sides
async def test_every_list_shows_what_it_should(
    seed: str, switches: dict[str, str], lists: dict[str, str]
) -> None:
    org = await organisation(seed, switches)
    assert {"divisions", "roles", "clients", "queues", "users", "groups"} <= set(lists.values())
    for client, tenant in await org.tenants():
        for path, section in lists.items():
            where = org.allowed(client, READS[path])
            if where is None:
                assert (await tenant.http.get(path)).status_code == 403, (client, path)
                continue
            expected = {row["id"] for row in org.listed(section, where)}
            told = [row["id"] for row in await listed(tenant, path + ALSO.get(path, ""))]
            assert (set(told), len(told)) == (expected, len(expected)), (client, path)


@every_seed
async def test_a_filter_by_division_shows_no_more(seed: str) -> None:
    org = await organisation(seed, USUAL)
    for client, tenant in await org.tenants():
        where = org.allowed(client, READS[f"{API}/routing/queues"])
        for division in sorted(org.model.divisions)[:5] if where else ():
            path = f"{API}/routing/queues?divisionId={division}"
            expected = {row["id"] for row in org.listed("queues", (where or set()) & {division})}
            assert {row["id"] for row in await listed(tenant, path)} == expected, (client, division)


@every_seed
@both_sides
async def test_every_object_answers_to_whom_it_should(
    seed: str, switches: dict[str, str], singles: dict[str, str]
) -> None:
    org = await organisation(seed, switches)
    assert {"divisions", "roles", "clients", "queues", "users", "groups"} <= set(singles.values())
    for index, (client, tenant) in enumerate(await org.tenants()):
        for one, section in singles.items():
            for row in org.model.state[section][index % EVERY :: EVERY]:
                answer = await tenant.http.get(address(one, row))
                assert answer.status_code == org.status(client, READS[one], row), (client, one, row)


def address(one: str, row: Row) -> str:
    """A deleted person answers only to who asks for deleted ones."""
    deleted = "?state=deleted" if row.get("state") == "deleted" else ""
    return one[: one.index("{")] + str(row["id"]) + deleted


@every_seed
async def test_every_subject_holds_what_it_should(seed: str) -> None:
    org = await organisation(seed, USUAL)
    state = org.model.state
    for row in (*state["users"], *state["groups"], *state["clients"], *state["trustees"]):
        answer = await org.door.get(f"authorization/subjects/{row['id']}")
        told = {(grant["role"]["id"], grant["division"]["id"]) for grant in answer["grants"]}
        assert told == set(org.model.pairs(row["id"])), row["name"]


@every_seed
async def test_a_client_that_does_not_work_gets_no_token(seed: str) -> None:
    org = await organisation(seed, USUAL)
    idle = [row for row in org.model.state["clients"] if row not in working(org.model)]
    for row in idle:
        answer = await org.door.ask_token(row["id"], org.door.sim.org.secrets[row["id"]])
        assert answer.status_code == 400, row["name"]
