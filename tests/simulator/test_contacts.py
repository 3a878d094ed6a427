"""External contacts show in the divisions one may see them in; those of every division show in each."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.simulator import Simulator
from reconciler.simulator.seed import parse_seed
from tests.simulator.guest import Guest, open_door

SEED = """
base: bare
organisation: {id: 77777777-7777-7777-7777-777777777777, name: Contacts}
divisions: [{name: East}, {name: West}]
contacts:
  - {name: Rosa Maria Lind, title: Buyer, division: East, type: Identified}
  - {name: Zoe Abel, title: Head of buying, division: West}
  - {name: Cher, division: "*"}
  - {name: Olaf Nord}
"""
CONTACTS = "externalcontacts/contacts"
RIGHTS = ("relate:contact:view", "externalContacts:contact:view")


async def contacts(**switches: str) -> Guest:
    return await open_door(parse_seed(SEED), switches=switches)


async def reader(guest: Guest, *divisions: str, rights: tuple[str, ...] = RIGHTS[1:]) -> Guest:
    """A client that may see contacts in these divisions."""
    role = await guest.role(f"r {len(guest.sim.requests)}", *rights)
    pairs = [(role, each if each == "*" else division(guest, each)) for each in divisions]
    return await guest.as_client(await guest.client("reader", *pairs))


def division(guest: Guest, name: str) -> str:
    return str(guest.find("divisions", name)["id"])


async def found(guest: Guest, query: str = "") -> list[str]:
    """First names."""
    answer = await guest.get(f"{CONTACTS}?{query}")
    return [row["firstName"] for row in answer["entities"]]


@pytest.mark.parametrize("right", RIGHTS)
async def test_contacts_are_cut_to_the_divisions_of_either_permission(right: str) -> None:
    guest = await contacts()
    assert await found(await reader(guest, "East", rights=(right,))) == ["Rosa", "Cher"]
    assert await found(await reader(guest, "East", "West", rights=(right,))) == ["Rosa", "Zoe", "Cher"]
    assert await found(await reader(guest, "*", rights=(right,))) == ["Rosa", "Zoe", "Cher", "Olaf"]
    stranger = await reader(guest, "*", rights=("routing:queue:view",))
    assert (await stranger.call("GET", CONTACTS))[0] == 403


async def test_divisions_in_the_query_filter_and_confine_nobody() -> None:
    guest = await contacts()
    east, west = division(guest, "East"), division(guest, "West")
    everywhere, confined = await reader(guest, "*"), await reader(guest, "East")
    assert await found(everywhere, f"divisionIds={west}") == ["Zoe", "Cher"]
    assert await found(everywhere, f"divisionIds={west},{east}") == ["Rosa", "Zoe", "Cher"]
    assert await found(confined, f"divisionIds={west}") == ["Cher"]
    assert await found(confined, f"divisionId={west}") == ["Rosa", "Cher"]
    left_out = await contacts(**{"starred-filter": "left-out"})
    assert await found(await reader(left_out, "*"), f"divisionIds={west}") == ["Zoe"]
    assert await found(everywhere, "divisionIds=" + ",".join([east] * 50)) == ["Rosa", "Cher"]
    assert (await everywhere.call("GET", f"{CONTACTS}?divisionIds={','.join([east] * 51)}"))[0] == 400


async def test_every_word_that_is_sought_is_in_the_name_or_title() -> None:
    everywhere = await reader(await contacts(), "*")
    assert await found(everywhere, "q=BUY") == ["Rosa", "Zoe"]
    assert await found(everywhere, "q=buying+abel") == ["Zoe"]
    assert await found(everywhere, "q=buyer+abel") == []


async def test_contacts_are_sorted_by_a_field_and_a_direction() -> None:
    everywhere = await reader(await contacts(), "*")
    assert await found(everywhere, "sortOrder=firstName:asc") == ["Cher", "Olaf", "Rosa", "Zoe"]
    assert await found(everywhere, "sortOrder=lastName:desc") == ["Olaf", "Rosa", "Zoe", "Cher"]
    assert (await found(everywhere, "sortOrder=title"))[2:] == ["Rosa", "Zoe"]
    for wrong in ("division:asc", "title:up", ":asc"):
        assert (await everywhere.call("GET", f"{CONTACTS}?sortOrder={wrong}"))[0] == 400


async def test_only_the_first_thousand_can_be_reached() -> None:
    everywhere = await reader(await contacts(), "*")
    first = await everywhere.get(CONTACTS)
    assert (first["pageSize"], first["total"]) == (20, 4)
    assert await found(everywhere, "pageSize=1&pageNumber=2") == ["Zoe"]
    assert await found(everywhere, "pageSize=100&pageNumber=10") == []
    for wrong in ("pageSize=100&pageNumber=11", "pageNumber=51", "pageSize=101", "pageNumber=0"):
        assert (await everywhere.call("GET", f"{CONTACTS}?{wrong}"))[0] == 400


async def test_a_contact_says_who_it_is_and_names_its_division_when_asked_to() -> None:
    guest = await contacts()
    everywhere, east = await reader(guest, "*"), division(guest, "East")
    rosa, _, cher, _ = (await everywhere.get(CONTACTS))["entities"]
    told = {name: rosa[name] for name in ("firstName", "lastName", "title", "type")}
    assert told == {"firstName": "Rosa", "lastName": "Maria Lind", "title": "Buyer", "type": "Identified"}
    uri = f"/api/v2/authorization/divisions/{east}"
    assert rosa["division"] == {"id": east, "selfUri": uri}
    assert (cher["division"]["id"], cher["lastName"], cher["type"]) == ("*", "", "Curated")
    expanded: Any = (await everywhere.get(f"{CONTACTS}?expand=division"))["entities"]
    assert expanded[0]["division"] == {"id": east, "selfUri": uri, "name": "East"}
    unstarred = await reader(await contacts(**{"starred-shown": "absent"}), "*")
    assert "division" not in (await unstarred.get(f"{CONTACTS}?expand=division"))["entities"][2]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("division: Wst", r"contacts \(Zoe Abel\).*Wst"),
        ("type: Foe", r"contacts\[1\] \(Zoe Abel\): type.*'Foe'"),
    ],
)
def test_a_mistake_in_a_contact_is_told_with_its_place(wrong: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Simulator(parse_seed(SEED.replace("division: West", wrong), "own.yaml"))
