"""A list is whole, or says what is missing."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from reconciler.errors import Refused, Unreadable
from reconciler.simulator import Simulator
from tests.genesys.script import Script, says
from tests.support.org import connect, simulated

DIVISIONS = "/api/v2/authorization/divisions"


def with_divisions(count: int, **settings: Any) -> Simulator:
    sim = simulated(**settings)
    for number in range(count):
        sim.edit("POST", DIVISIONS, {"name": f"D{number:04}"})
    return sim


def page(ids: list[Any], *, total: int | None, pages: int | None) -> dict[str, Any]:
    return {"entities": [{"id": one} if one else {} for one in ids], "total": total, "pageCount": pages}


def paged(*bodies: dict[str, Any]) -> Script:
    """Answers page N with the Nth body, in every reading."""
    return Script(lambda request: says(json=bodies[int(request.url.params["pageNumber"]) - 1]))


async def listed(script: Script, *, as_pages: bool = True) -> tuple[list[Any], str]:
    async with script.api() as api:
        listing = await api.list_all(DIVISIONS, paged=as_pages)
    return [each.get("id") for each in listing.entities], listing.gap


@pytest.mark.parametrize("count", [0, 99, 100, 250])
async def test_every_entity_is_read_once(count: int) -> None:
    sim = with_divisions(count)
    async with connect(sim) as api:
        listing = await api.list_all(DIVISIONS, paged=True)

    assert sorted(each["name"] for each in listing.entities)[:count] == [f"D{n:04}" for n in range(count)]
    assert (len(listing.entities), listing.gap) == (count + 1, "")
    assert sim.total == 1 + (count + 1 + 99) // 100


async def test_pages_are_read_at_the_same_time() -> None:
    sim = with_divisions(500, latency=1.0)
    started = asyncio.get_running_loop().time()
    async with connect(sim) as api:
        await api.list_all(DIVISIONS, paged=True)

    assert asyncio.get_running_loop().time() - started < 1 + 1 + 1 + 5 * 0.21


async def test_the_query_goes_with_every_page() -> None:
    script = paged(page(["a"], total=2, pages=2), page(["b"], total=2, pages=2))
    async with script.api() as api:
        await api.list_all(DIVISIONS, {"objectCount": "true"}, paged=True)

    assert [dict(each.url.params) for each in script.seen] == [
        {"objectCount": "true", "pageSize": "100", "pageNumber": str(number)} for number in (1, 2)
    ]


async def test_an_entity_that_vanished_between_two_pages_is_noticed_and_read_again() -> None:
    sim = with_divisions(250)
    sim.faults([{"kind": "page-shift", "path": DIVISIONS, "nth": 2}])
    async with connect(sim) as api:
        listing = await api.list_all(DIVISIONS, paged=True)

    assert (len(listing.entities), listing.gap) == (251, "")
    assert len(sim.requests) == 1 + 2 * 3


async def test_what_is_not_whole_twice_is_a_gap() -> None:
    sim = with_divisions(250)
    sim.faults(
        [
            {"kind": "page-shift", "path": DIVISIONS, "nth": 2, "times": 1},
            {"kind": "page-shift", "path": DIVISIONS, "nth": 5, "times": 1},
        ]
    )
    async with connect(sim) as api:
        listing = await api.list_all(DIVISIONS, paged=True)

    assert listing.gap == f"{DIVISIONS} changed between its pages"
    assert len(sim.requests) == 1 + 2 * 3


GAPS = {
    "fewer-than-the-total": ([page(["a"], total=3, pages=2), page(["b"], total=3, pages=2)], "shows 2 of 3"),
    "an-empty-page": ([page(["a"], total=2, pages=2), page([], total=2, pages=2)], "shows 1 of 2"),
    "more-than-the-total": ([page(["a", "b"], total=1, pages=1)], "shows 2 of 1"),
    "another-number-of-pages": ([page(["a"], total=2, pages=2), page(["b"], total=2, pages=3)], "changed"),
    "another-total": ([page(["a"], total=2, pages=2), page(["b"], total=3, pages=2)], "changed"),
    "one-page-twice": ([page([None], total=2, pages=2), page([None], total=2, pages=2)], "one page twice"),
    "some-without-an-id": ([page(["a", None], total=2, pages=1)], "1 without an id"),
    "no-total": ([page(["a"], total=None, pages=1)], "does not say how many"),
    "no-number-of-pages": ([page(["a"], total=1, pages=None)], "does not say how many"),
}


@pytest.mark.parametrize(("bodies", "why"), GAPS.values(), ids=GAPS)
async def test_a_gap_is_named(bodies: list[dict[str, Any]], why: str) -> None:
    _, gap = await listed(paged(*bodies))

    assert why in gap


async def test_an_entity_on_two_pages_is_one() -> None:
    ids, gap = await listed(paged(page(["a", "b"], total=3, pages=2), page(["b", "c"], total=3, pages=2)))

    assert (ids, gap) == (["a", "b", "c"], "")


async def test_entities_without_ids_are_all_kept() -> None:
    sim = simulated()
    async with connect(sim) as api:
        listing = await api.list_all("/api/v2/authorization/permissions", paged=True)

    assert listing.gap == ""
    assert len({each["domain"] for each in listing.entities}) == len(listing.entities) > 50


async def test_an_unpaged_list_is_read_by_one_request() -> None:
    sim = simulated()
    async with connect(sim) as api:
        listing = await api.list_all("/api/v2/oauth/clients", paged=False)

    assert ([each["name"] for each in listing.entities], listing.gap) == (["nw-reconciler"], "")
    assert sim.total == 2


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (page(["a"], total=1, pages=2), "says it has 2 pages"),
        (page(["a", "a"], total=2, pages=1), "shows 1 of 2"),
        (page(["a", None], total=2, pages=1), "1 without an id"),
        (page(["a"], total=1, pages=1), ""),
        (page([], total=0, pages=0), ""),
    ],
)
async def test_an_unpaged_list_says_when_it_was_not_all(body: dict[str, Any], why: str) -> None:
    script = Script(says(json=body))
    _, gap = await listed(script, as_pages=False)

    assert why in gap if why else gap == ""
    assert len(script.seen) == 1


@pytest.mark.parametrize("body", [[], {"items": []}, {"entities": {}}, {"entities": ["a"]}], ids=repr)
async def test_what_is_no_list_is_unreadable(body: Any) -> None:
    with pytest.raises(Unreadable, match="no list of entities"):
        await listed(Script(lambda _: says(json=body if body else [1])))


async def test_a_refused_page_is_a_refusal_and_not_a_shorter_list() -> None:
    def second_refused(request: httpx.Request) -> httpx.Response:
        if request.url.params["pageNumber"] == "2":
            return says(403, {"code": "missing.permissions", "message": "no"})
        return says(json=page(["a"], total=3, pages=3))

    with pytest.raises(Refused, match="403"):
        await listed(Script(second_refused))
