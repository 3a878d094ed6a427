"""Eventual consistency: reads are late, writes are not, and fresh names are not found at once."""

from __future__ import annotations

import pytest

from reconciler.simulator.history import History
from reconciler.simulator.world import World
from tests.simulator.guest import Guest, client_body, grants, open_door, policies

DIVISIONS = "authorization/divisions"


async def lagging(caches: str = "agree") -> Guest:
    return await open_door(lag=5, switches={"caches": caches})


async def test_reads_see_a_write_only_when_the_lag_has_passed() -> None:
    guest = await lagging()
    key = await guest.division("d")
    guest.time.now = 4.9
    assert (await guest.call("GET", f"{DIVISIONS}/{key}"))[0] == 404
    assert (await guest.get(DIVISIONS))["total"] == 1
    guest.time.now = 5
    assert (await guest.get(f"{DIVISIONS}/{key}"))["name"] == "d"
    assert (await guest.get(DIVISIONS))["total"] == 2


async def test_every_kind_is_late() -> None:
    guest = await lagging()
    role, here = await guest.role("r"), await guest.division("d")
    guest.time.now = 5
    await guest.grant("operator", (role, here))
    client = await guest.client("c")
    assert (await guest.call("GET", f"authorization/roles/{role}"))[0] == 200
    assert (role, here) not in await guest.subject_pairs("operator")
    assert (await guest.call("GET", f"oauth/clients/{client['id']}"))[0] == 404
    assert (await guest.get("oauth/clients"))["total"] == 1
    guest.time.now = 10
    assert (role, here) in await guest.subject_pairs("operator")
    assert (await guest.get("oauth/clients"))["total"] == 2


async def test_a_write_acts_on_the_present() -> None:
    guest = await lagging()
    key = await guest.division("d")
    assert (await guest.call("POST", DIVISIONS, {"name": "d", "description": ""}))[0] == 409
    assert (await guest.call("PUT", f"{DIVISIONS}/{key}", {"name": "e", "description": ""}))[0] == 200
    client = await guest.client("c", state="inactive")
    assert (await guest.call("DELETE", f"oauth/clients/{client['id']}"))[0] == 204


async def test_a_grant_on_a_fresh_name_is_not_found_for_a_while() -> None:
    guest = await lagging()
    role, here = await guest.role("r"), await guest.division("d")
    assert (await guest.grant("operator", (role, here)))[0] == 404
    guest.time.now = 5
    assert (await guest.grant("operator", (role, here)))[0] == 204


async def test_holding_is_felt_late() -> None:
    guest = await lagging()
    role, here = await guest.role("r"), await guest.division("d")
    guest.time.now = 5
    await guest.grant("operator", (role, here))
    assert (await guest.call("POST", "oauth/clients", client_body("c", (role, here))))[0] == 403
    guest.time.now = 10
    assert (await guest.call("POST", "oauth/clients", client_body("c", (role, here))))[0] == 200


async def test_permissions_are_felt_late() -> None:
    guest = await lagging()
    role = await guest.role("queues", "routing:queue:view")
    guest.time.now = 5
    await guest.grant("operator", (role, "*"))
    assert (await guest.call("GET", "routing/queues"))[0] == 403
    guest.time.now = 10
    assert (await guest.call("GET", "routing/queues"))[0] == 200


async def test_a_deleted_division_lingers() -> None:
    guest = await lagging()
    key = await guest.division("d")
    guest.time.now = 5
    await guest.call("DELETE", f"{DIVISIONS}/{key}")
    assert (await guest.call("GET", f"{DIVISIONS}/{key}"))[0] == 200
    guest.time.now = 10
    assert (await guest.call("GET", f"{DIVISIONS}/{key}"))[0] == 404


async def test_objects_move_late() -> None:
    guest = await lagging()
    here, queue = await guest.division("d"), guest.find("queues", "NW Overflow")["id"]
    guest.time.now = 5
    guest.sim.edit("POST", f"/api/v2/{DIVISIONS}/{here}/objects/QUEUE", [queue])
    path = f"{DIVISIONS}/{here}?objectCount=true"
    assert (await guest.get(path))["objectCounts"] == {}
    guest.time.now = 10
    assert (await guest.get(path))["objectCounts"] == {"QUEUE": 1}


async def test_a_fresh_client_may_log_in_at_once() -> None:
    guest = await lagging()
    await guest.as_client(await guest.client("c"))


async def totals(guest: Guest) -> list[int]:
    return [(await guest.get(DIVISIONS))["total"] for _ in range(12)]


@pytest.mark.parametrize("late", [0, 2.4, 4.9])
async def test_caches_that_agree_show_no_change_that_they_take_back(late: float) -> None:
    guest = await lagging()
    await guest.division("d")
    guest.time.now = late
    assert await totals(guest) == [1] * 12
    guest.time.now = 5
    assert await totals(guest) == [2] * 12


@pytest.mark.parametrize("late", [0, 2.4, 4.9])
async def test_caches_that_disagree_show_it_and_take_it_back_while_the_lag_lasts(late: float) -> None:
    guest = await lagging("disagree")
    await guest.division("d")
    guest.time.now = late
    seen = await totals(guest)
    assert set(seen) == {1, 2} and seen != sorted(seen)
    guest.time.now = 5
    assert await totals(guest) == [2] * 12


async def test_a_cache_may_be_half_as_late() -> None:
    """Of two changes some see none, some the first, and some both."""
    guest = await lagging("disagree")
    await guest.division("first")
    guest.time.now = 2
    await guest.division("second")
    guest.time.now = 3
    assert set(await totals(guest)) == {1, 2, 3}


async def test_two_runs_disagree_alike() -> None:
    async def run() -> list[int]:
        guest = await lagging("disagree")
        await guest.division("d")
        return await totals(guest)

    assert await run() == await run()


async def statuses(guest: Guest, path: str) -> list[int]:
    return [(await guest.call("GET", path))[0] for _ in range(30)]


async def test_rights_come_and_go_while_caches_disagree() -> None:
    guest = await lagging("disagree")
    role = await guest.role("queues", "routing:queue:view")
    guest.time.now = 5
    await guest.grant("operator", (role, "*"))
    seen = await statuses(guest, "routing/queues")
    assert set(seen) == {200, 403} and seen != sorted(seen)
    guest.time.now = 10
    assert set(await statuses(guest, "routing/queues")) == {200}


async def test_grants_and_roles_are_cached_apart() -> None:
    """Who loses a role before it may do more can be seen with it all the same: no version ever said so."""
    guest = await lagging("disagree")
    role, elsewhere = await guest.role("queues", "routing:queue:search"), await guest.division("d")
    guest.time.now = 5
    await guest.grant("operator", (role, elsewhere))
    guest.time.now = 10
    await guest.call(
        "POST",
        "authorization/subjects/operator/bulkremove?subjectType=PC_OAUTH_CLIENT",
        grants((role, elsewhere)),
    )
    body = {"name": "queues", "permissionPolicies": policies("routing:queue:view")}
    assert (await guest.call("PUT", f"authorization/roles/{role}", body))[0] == 200
    assert 200 in await statuses(guest, "routing/queues")
    guest.time.now = 15
    assert set(await statuses(guest, "routing/queues")) == {403}


async def test_a_third_of_the_caches_know_a_role_at_once_whatever_they_knew_before() -> None:
    guest = await lagging("disagree")
    role = await guest.role("queues", "routing:queue:search")
    guest.time.now = 5
    await guest.grant("operator", (role, "*"))
    guest.time.now = 10
    assert set(await statuses(guest, "routing/queues")) == {403}
    body = {"name": "queues", "permissionPolicies": policies("routing:queue:view")}
    assert (await guest.call("PUT", f"authorization/roles/{role}", body))[0] == 200
    assert 7 <= (await statuses(guest, "routing/queues")).count(200) <= 13


async def test_objects_and_rights_are_cached_apart() -> None:
    """A queue that has left a division is still seen there with a right that came after it left."""
    guest = await lagging("disagree")
    queue, here = guest.find("queues", "NW Overflow")["id"], await guest.division("here")
    role = await guest.role("queues", "routing:queue:view")
    guest.sim.edit("POST", f"/api/v2/{DIVISIONS}/{here}/objects/QUEUE", [queue])
    guest.time.now = 10
    home = guest.find("divisions", "Home")["id"]
    guest.sim.edit("POST", f"/api/v2/{DIVISIONS}/{home}/objects/QUEUE", [queue])
    guest.time.now = 11
    await guest.grant("operator", (role, here))
    seen = [await guest.call("GET", "routing/queues") for _ in range(30)]
    assert [queue] in [[row["id"] for row in body["entities"]] for status, body in seen if status == 200]
    guest.time.now = 16
    assert {(await guest.get("routing/queues"))["total"] for _ in range(12)} == {0}


def test_history_forgets_what_is_too_old_and_keeps_nothing_pending() -> None:
    history = History(World(), 2, keep=10)
    for second in range(100):
        history.put(second, "divisions", "d", {"id": "d", "name": f"n{second}"})
    assert history.seen(99).divisions.rows["d"]["name"] == "n97"
    assert history.seen(1000).divisions.rows["d"]["name"] == "n99"
    assert history.as_of(95).divisions.rows["d"]["name"] == "n95"
    assert history.as_of(0).divisions.rows["d"]["name"] == "n89"


def test_without_lag_readers_share_the_live_world() -> None:
    world = World()
    assert History(world, 0).seen(0) is world
