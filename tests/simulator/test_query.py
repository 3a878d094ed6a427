"""A list in a query: the contract repeats the name, the SDKs made from it write commas."""

from __future__ import annotations

import pytest

from tests.simulator.guest import open_door


@pytest.mark.parametrize("form", ["id={0}&id={1}", "id={0},{1}", "id={0}%2C{1}"])
async def test_both_forms_of_a_list_ask_for_the_same(form: str) -> None:
    guest = await open_door()
    wanted = [await guest.division("a"), await guest.division("b")]
    await guest.division("c")
    listed = await guest.get(f"authorization/divisions?{form.format(*wanted)}")
    assert [row["id"] for row in listed["entities"]] == wanted


@pytest.mark.parametrize("form", ["permission=a:b:view&permission=a:c:view", "permission=a:b:view,a:c:view"])
async def test_every_value_of_a_list_counts(form: str) -> None:
    guest = await open_door()
    both = await guest.role("both", "a:b:view", "a:c:view")
    await guest.role("one", "a:b:view")
    listed = await guest.get(f"authorization/roles?{form}")
    assert [row["id"] for row in listed["entities"]] == [both]


async def test_the_address_of_the_next_page_keeps_the_list() -> None:
    guest = await open_door()
    wanted = [await guest.division("a"), await guest.division("b")]
    first = await guest.get(f"authorization/divisions?pageSize=1&id={','.join(wanted)}")
    second = await guest.get(first["nextUri"].removeprefix("/api/v2/"))
    assert [row["id"] for row in [*first["entities"], *second["entities"]]] == wanted
