"""A search by POST is a read: every page of it, repeated when it fails, let through in a read-only run."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from reconciler.errors import Unreadable
from reconciler.simulator import default_seed
from tests.genesys.script import Script, says
from tests.support.org import connect, simulated

GROUPS = "/api/v2/groups/search"


def with_groups(count: int) -> Any:
    seed = default_seed()
    seed.groups.extend(
        {"name": "Twins", "id": f"{number:08x}-0000-4000-8000-000000000000"} for number in range(count)
    )
    return simulated(seed=seed)


@pytest.mark.parametrize("count", [0, 1, 99, 250])
async def test_every_result_is_found_in_a_read_only_run(count: int) -> None:
    sim = with_groups(count)
    async with connect(sim, read_only=True) as api:
        listing = await api.search(GROUPS, "name", "Twins")
        assert api.requests.write == 0

    assert (len(listing.entities), listing.gap) == (count, "")
    assert {each["name"] for each in listing.entities} <= {"Twins"}


async def test_a_search_is_repeated_as_a_read_is() -> None:
    sim = with_groups(1)
    sim.faults([{"kind": "status", "status": 503, "method": "POST", "path": GROUPS}])
    async with connect(sim) as api:
        assert len((await api.search(GROUPS, "name", "Twins")).entities) == 1


async def test_what_is_no_list_of_results_is_not_taken_for_nobody() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return says(json={"total": 1, "pageCount": 1})

    async with Script(answer).api() as api:
        with pytest.raises(Unreadable, match="no list of results"):
            await api.search(GROUPS, "name", "Twins")
