"""Whatever shows many shows each client what a model of a few lines says, over HTTP, in every bundled seed.

What is asked and what should come is in `tests.simulator.listings`; here it is asked, and it is made sure
that nothing is asked in vain: of every list some client of some seed sees a part and not the whole.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from reconciler.simulator import Simulator, bundled, find_seed
from tests.simulator.compared import EVERY, OPERATIONS, OTHER, USUAL, Compared, compared, pages_of, working
from tests.simulator.guest import Guest, VirtualTime
from tests.simulator.listings import LISTINGS, ONE, PARTS, Listing, Parts, rows_of
from tests.simulator.model import Model

Row = dict[str, Any]
LARGE = {"meridian", "northwind-broken"}
every_seed = pytest.mark.parametrize(
    "seed",
    [pytest.param(name, marks=[pytest.mark.full] if name in LARGE else []) for name in bundled()],
)
both_sides = pytest.mark.parametrize("switches", [USUAL, OTHER], ids=["usual", "other"])


@every_seed
@both_sides
async def test_every_list_shows_what_it_should(seed: str, switches: dict[str, str]) -> None:
    org = await compared(seed, switches)
    for client, tenant in await org.tenants():
        for listing in LISTINGS:
            expected = listing.expected(org, client)
            told = await asked(org, tenant, listing)
            where = (listing.operation, client)
            if expected is None:
                assert told is None, where
                continue
            assert (told is not None, sorted(told or ())) == (True, sorted(row["id"] for row in expected)), (
                where
            )


@every_seed
@both_sides
async def test_everything_shows_its_parts_to_whom_it_should(seed: str, switches: dict[str, str]) -> None:
    org = await compared(seed, switches)
    for index, (client, tenant) in enumerate(await org.tenants()):
        for parts in PARTS:
            for row in rows_of(org.model, parts.section)[index % EVERY :: EVERY]:
                assert await told_of(tenant, parts, row) == parts.expected(org, client, row), (
                    parts.operation, client, row["name"],
                )  # fmt: skip


@every_seed
@both_sides
async def test_every_object_answers_to_whom_it_should(seed: str, switches: dict[str, str]) -> None:
    org = await compared(seed, switches)
    singles = [Parts(operation, section, lambda *_: ()) for operation, section in ONE.items()]
    for index, (client, tenant) in enumerate(await org.tenants()):
        for one in singles:
            for row in rows_of(org.model, one.section)[index % EVERY :: EVERY]:
                answer = await tenant.http.get(address(one.operation, one.key(row)) + deleted(row))
                assert answer.status_code == one.expected(org, client, row)[0], (one.operation, client, row)


@every_seed
async def test_a_filter_by_division_shows_no_more(seed: str) -> None:
    org = await compared(seed, USUAL)
    queues = Listing("get_routing_queues", "queues")
    for client, tenant in await org.tenants():
        for division in sorted(org.model.divisions)[:5]:
            filtered = replace(queues, query=partial(only, division))
            expected = [
                row["id"] for row in queues.expected(org, client) or () if row["division"] == division
            ]
            assert sorted(await asked(org, tenant, filtered) or ()) == sorted(expected), (client, division)


def only(division: str, _: Model) -> str:
    return f"?divisionId={division}"


@pytest.mark.parametrize("listing", LISTINGS, ids=lambda each: each.operation)
def test_of_every_list_somebody_sees_a_part_and_not_the_whole(
    listing: Listing, first_days: list[Compared]
) -> None:
    """Or, where things are in no division, somebody all, and somebody nothing if it needs a permission."""
    seen = set()
    for org in first_days:
        most = len([row for row in rows_of(org.model, listing.section) if listing.kept(row)])
        for client in working(org.model):
            expected = listing.expected(org, client["id"])
            count = 0 if expected is None else len(expected)
            seen.add("none" if not count else "all" if count == most else "some")
    needs = OPERATIONS[listing.operation].get("x-genesys-permissions", {}).get("mode", "NONE") != "NONE"
    whole = {"all", "none"} if needs else {"all"}
    assert seen >= (whole if listing.org_wide or listing.section in UNDIVIDED else {"some"}), listing


UNDIVIDED = {"divisions", "deletedDivisions", "roles", "clients", "policies", "authorizations"}
"""Objects that are in no division themselves. Groups are in none either, but some may hide from tokens."""


@pytest.mark.parametrize("parts", PARTS, ids=lambda each: each.operation)
def test_of_every_thing_somebody_sees_what_another_does_not(parts: Parts, first_days: list[Compared]) -> None:
    seen = set()
    for org in first_days:
        for client in working(org.model):
            answers = [parts.expected(org, client["id"], row) for row in rows_of(org.model, parts.section)]
            seen |= {
                "shown" if inside else "empty" if status == 200 else "refused" for status, inside in answers
            }
            if len({status for status, _ in answers}) > 1:
                seen.add("cut")
    cut = {"empty"} if parts.open else {"refused", "cut"}
    assert seen >= {"shown"} | cut, seen


@pytest.fixture(scope="module")
def first_days() -> list[Compared]:
    """Every seed on its first day, where groups hide and where they do not."""
    sims = [Simulator(find_seed(seed), clock=lambda: 0.0) for seed in bundled()]
    return [
        Compared(Guest(sim, VirtualTime()), Model(sim.snapshot()), switches)
        for sim in sims
        for switches in (USUAL, OTHER)
    ]


async def asked(org: Compared, tenant: Guest, listing: Listing) -> list[str] | None:
    """Ids of what a list answers; None when it refuses."""
    path = address(listing.operation, "") + (listing.query(org.model) if listing.query else "")
    if listing.body:
        answer = await tenant.http.post(path, json=listing.body(org.model))
        return None if answer.status_code == 403 else listing.ids(answer.json())
    pages = [answer async for answer in pages_of(tenant, path, 403)]
    return [key for page in pages for key in listing.ids(page)] if pages else None


async def told_of(tenant: Guest, parts: Parts, row: Row) -> tuple[int, set[str]]:
    path = address(parts.operation, parts.key(row))
    body = {"json": parts.body(row)} if parts.body else {}
    answer = await tenant.http.request(OPERATIONS[parts.operation]["method"], path, **body)
    if answer.status_code != 200:
        return answer.status_code, set()
    return 200, set(parts.ids(answer.json()))


def deleted(row: Row) -> str:
    """A deleted person answers only to who asks for deleted ones."""
    return "?state=deleted" if row.get("state") == "deleted" else ""


def address(operation: str, key: str) -> str:
    """The path with the id in its place."""
    path: str = OPERATIONS[operation]["path"]
    head, _, rest = path.partition("{")
    return head + (key + rest.partition("}")[2] if rest else "")
