"""Who hands on a pair must hold it, and who edits a client must hold what it holds."""

from __future__ import annotations

from tests.simulator.guest import Guest, client_body, grants, open_door


async def prepared() -> tuple[Guest, tuple[str, str]]:
    guest = await open_door()
    return guest, (await guest.role("r"), await guest.division("d"))


async def test_a_pair_must_be_held_to_put_it_on_a_client() -> None:
    guest, pair = await prepared()
    status, error = await guest.call("POST", "oauth/clients", client_body("c", pair))
    assert (status, error["code"], pair[0] in error["message"]) == (403, "not.authorized", True)
    assert [row["name"] for row in guest.sim.snapshot()["clients"]] == ["nw-reconciler"]

    assert (await guest.grant("operator", pair))[0] == 204
    assert (await guest.call("POST", "oauth/clients", client_body("c", pair)))[0] == 200


async def test_the_role_in_another_division_is_not_enough() -> None:
    guest, pair = await prepared()
    await guest.grant("operator", (pair[0], await guest.division("other")))
    assert (await guest.call("POST", "oauth/clients", client_body("c", pair)))[0] == 403


async def test_the_role_in_every_division_covers_each_and_new_ones() -> None:
    guest, pair = await prepared()
    await guest.grant("operator", (pair[0], "*"))
    later = await guest.division("later")
    body = client_body("c", pair, (pair[0], later), (pair[0], "*"))
    assert (await guest.call("POST", "oauth/clients", body))[0] == 200


async def test_every_division_is_not_covered_by_each_single_one() -> None:
    guest, pair = await prepared()
    await guest.grant("operator", pair)
    assert (await guest.call("POST", "oauth/clients", client_body("c", (pair[0], "*"))))[0] == 403


async def test_even_taking_away_needs_what_the_client_holds() -> None:
    guest, pair = await prepared()
    client = await guest.client("c", pair)
    path = "authorization/subjects/operator/bulkremove"
    await guest.call("POST", path, grants(pair))
    status, _ = await guest.call("PUT", f"oauth/clients/{client['id']}", client_body("c"))
    assert status == 403
    assert await guest.pairs(client["id"]) == {pair}


async def test_permissions_do_not_replace_the_pair() -> None:
    """Another role with the same permissions is still another role."""
    guest, pair = await prepared()
    await guest.grant("operator", (await guest.role("twin"), "*"))
    assert (await guest.call("POST", "oauth/clients", client_body("c", pair)))[0] == 403


async def test_an_administrator_may_hand_on_everything() -> None:
    guest, pair = await prepared()
    status, made = guest.sim.edit("POST", "/api/v2/oauth/clients", client_body("c", pair))
    assert (status, made["roleDivisions"]) == (200, [{"roleId": pair[0], "divisionId": pair[1]}])
