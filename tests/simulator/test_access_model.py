"""What tokens get over HTTP is what a model of a few lines says, for every client of every bundled seed.

The model knows the rules of access only (see `tests.simulator.model`); which permissions an operation asks
for, it takes from the vendor's contract. Lists and objects are compared in `test_access_lists`.
"""

from __future__ import annotations

from itertools import islice

import pytest

from reconciler.simulator import Simulator, bundled, find_seed
from tests.simulator.compared import OTHER, USUAL, compared, pages_of, working
from tests.simulator.guest import API, Guest
from tests.simulator.model import GRADES, Model

PERMITTED = "authorization/divisionspermitted/paged/me"

every_seed = pytest.mark.parametrize("seed", bundled())
both_sides = pytest.mark.parametrize("switches", [USUAL, OTHER], ids=["usual", "other"])


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
    org, seen = await compared(seed, switches), 0
    for client, tenant in await org.tenants():
        for permission in asked(org.model):
            path = f"{API}/{PERMITTED}?permission={permission}"
            assert await permitted(tenant, path) == org.told(client, permission), (client, permission)
            seen += len(org.model.divisions)
    assert seen == triples(org.model)


async def permitted(tenant: Guest, path: str) -> tuple[set[str], bool]:
    pages = [answer async for answer in pages_of(tenant, path)]
    assert len({answer["allDivsPermitted"] for answer in pages}) == 1
    return {row["id"] for answer in pages for row in answer["entities"]}, pages[0]["allDivsPermitted"]


@every_seed
async def test_every_subject_holds_what_it_should(seed: str) -> None:
    org = await compared(seed, USUAL)
    state = org.model.state
    for row in (*state["users"], *state["groups"], *state["clients"], *state["trustees"]):
        answer = await org.door.get(f"authorization/subjects/{row['id']}")
        told = {(grant["role"]["id"], grant["division"]["id"]) for grant in answer["grants"]}
        assert told == set(org.model.pairs(row["id"])), row["name"]


@every_seed
async def test_a_client_that_does_not_work_gets_no_token(seed: str) -> None:
    org = await compared(seed, USUAL)
    idle = [row for row in org.model.state["clients"] if row not in working(org.model)]
    for row in idle:
        answer = await org.door.ask_token(row["id"], org.door.sim.org.secrets[row["id"]])
        assert answer.status_code == 400, row["name"]
