"""Eventual consistency: reads are late, writes are not, and fresh names are not found at once."""

from __future__ import annotations

from reconciler.simulator.history import History
from reconciler.simulator.world import World
from tests.simulator.guest import Guest, client_body, open_door

DIVISIONS = "authorization/divisions"


async def lagging() -> Guest:
    return await open_door(lag=5)


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


def test_history_forgets_what_is_too_old_and_keeps_nothing_pending() -> None:
    history = History(World(), lag=2, keep=10)
    for second in range(100):
        history.put(second, "divisions", "d", {"id": "d", "name": f"n{second}"})
    assert history.seen(99).divisions.rows["d"]["name"] == "n97"
    assert history.seen(1000).divisions.rows["d"]["name"] == "n99"
    assert history.as_of(95).divisions.rows["d"]["name"] == "n95"
    assert history.as_of(0).divisions.rows["d"]["name"] == "n89"


def test_without_lag_readers_share_the_live_world() -> None:
    world = World()
    assert History(world, lag=0).seen(0) is world
