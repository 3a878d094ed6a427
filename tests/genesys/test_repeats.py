"""What is asked again, how often, after how long, and what never is."""

from __future__ import annotations

import asyncio
import json
import ssl
from dataclasses import dataclass
from typing import Any

import anyio
import httpx
import pytest

from reconciler.errors import JournalError, Refused, Rejected, Unavailable, Unreadable
from reconciler.ports import OrgApi
from tests.genesys.script import Line, Script, cut, html, says
from tests.support.org import connect, simulated

ROLES = "/api/v2/authorization/roles"
DIVISIONS = "/api/v2/authorization/divisions"

BROKEN = httpx.ReadError("connection reset")
SLOW = httpx.ReadTimeout("")
GARBLED = ssl.SSLError(1, "decryption failed or bad record mac")
NEVER_LEFT = httpx.ConnectError("connection refused")


PASSING = {
    "reset": BROKEN,
    "time-out": SLOW,
    "refused": NEVER_LEFT,
    "garbled TLS": GARBLED,
    "cut TLS": anyio.EndOfStream(),
    "408": says(408),
    "429": says(429),
    "500": says(500),
    "503": says(503),
    "504-html": html(504),
}
UNREADABLE = {"html": html(), "cut": cut(), "redirect": says(302, location="http://127.0.0.1/elsewhere")}


@pytest.mark.parametrize("line", [*PASSING.values(), *UNREADABLE.values()], ids=[*PASSING, *UNREADABLE])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_passing_trouble_is_outlived_by(method: str, line: Line) -> None:
    script = Script(line, line, says(json={"id": "a"}))
    async with script.api() as api:
        answer = await api._call(method, f"{ROLES}/a")

    assert answer.body == {"id": "a"}
    assert api.requests.retried == 2


@pytest.mark.parametrize("line", PASSING.values(), ids=PASSING)
async def test_a_read_gives_up_in_the_end(line: Line) -> None:
    script = Script(line)
    async with script.api() as api:
        with pytest.raises(Unavailable) as caught:
            await api.read(ROLES)

    assert len(script.seen) == (10 if line is PASSING["429"] else 6)
    assert caught.value.sent is False
    assert caught.value.remedy


@pytest.mark.parametrize("line", UNREADABLE.values(), ids=UNREADABLE)
async def test_an_unreadable_answer_is_asked_for_a_few_times(line: Line) -> None:
    script = Script(line)
    async with script.api() as api:
        with pytest.raises(Unreadable):
            await api.read(ROLES)

    assert len(script.seen) == 3


AMBIGUOUS = {name: line for name, line in (PASSING | UNREADABLE).items() if name not in ("refused", "429")}


@pytest.mark.parametrize("line", AMBIGUOUS.values(), ids=AMBIGUOUS)
async def test_a_post_that_may_have_been_carried_out_is_never_repeated(line: Line) -> None:
    script = Script(line)
    async with script.api() as api:
        with pytest.raises(Unavailable) as caught:
            await api.write("POST", ROLES, {"name": "A"})

    assert len(script.seen) == 1
    assert caught.value.sent is True


@pytest.mark.parametrize("line", [NEVER_LEFT, says(429)], ids=["refused", "429"])
async def test_a_post_that_surely_was_not_carried_out_is_repeated(line: Line) -> None:
    script = Script(line, says(json={"id": "a"}))
    async with script.api() as api:
        answer = await api.write("POST", ROLES, {"name": "A"})

    assert answer.body == {"id": "a"}
    assert [each.content for each in script.seen] == [b'{"name": "A"}'] * 2


async def test_a_post_that_never_left_says_so() -> None:
    async with Script(NEVER_LEFT).api() as api:
        with pytest.raises(Unavailable, match="connection refused") as caught:
            await api.write("POST", ROLES, {"name": "A"})

    assert caught.value.sent is False


@pytest.mark.parametrize(
    "last", [NEVER_LEFT, says(429), says(409), says(403)], ids=["refused", "429", "409", "403"]
)
async def test_a_write_that_may_have_been_carried_out_stays_so_whatever_comes_after(last: Line) -> None:
    async with Script(BROKEN, last).api() as api:
        with pytest.raises(Unavailable, match="may have been carried out") as caught:
            await api.write("PUT", f"{ROLES}/a", {"name": "A"})

    assert caught.value.sent is True


async def test_a_write_that_may_have_been_carried_out_stays_so_without_a_new_token() -> None:
    refused = says(400, {"error": "invalid_client"})
    script = Script(BROKEN, token=lambda number: Script.good_token(1) if number == 1 else refused)
    async with script.api() as api:
        lost = asyncio.create_task(api.write("PUT", f"{ROLES}/a", {"name": "A"}))
        await asyncio.sleep(0.4)
        api.renew()
        with pytest.raises(Unavailable, match="may have been carried out") as caught:
            await lost

    assert caught.value.sent is True


@dataclass
class Door:
    """Lets so many attempts out, and counts who asked."""

    lets: int = 99
    asked: int = 0

    def __call__(self) -> None:
        self.asked += 1
        if self.asked > self.lets:
            raise JournalError("the disk is full")


async def test_each_attempt_of_a_write_is_announced_where_it_leaves() -> None:
    door, script = Door(), Script(says(401), says(429, retry_after="90"), says(503), says())
    async with script.api() as api:
        await api.write("PUT", f"{ROLES}/a", {}, door)
        await api.read(f"{ROLES}/a")

    assert door.asked == len(script.seen) - 1 == 4


async def test_what_may_not_leave_does_not() -> None:
    script = Script(says(429), says())
    async with script.api() as api:
        with pytest.raises(JournalError):
            await api.write("PUT", f"{ROLES}/a", {}, Door(lets=1))

    assert len(script.seen) == 1


async def test_what_may_not_leave_again_may_have_been_carried_out() -> None:
    script = Script(BROKEN, says())
    async with script.api() as api:
        with pytest.raises(Unavailable, match="the disk is full") as caught:
            await api.write("PUT", f"{ROLES}/a", {}, Door(lets=1))

    assert len(script.seen) == 1 and caught.value.sent is True


async def test_a_post_lost_after_it_arrived_is_carried_out_once() -> None:
    sim = simulated()
    sim.faults([{"kind": "timeout-after", "method": "POST", "path": DIVISIONS}])
    async with connect(sim) as api:
        with pytest.raises(Unavailable) as caught:
            await api.write("POST", DIVISIONS, {"name": "ACME"})
        listing = await api.list_all(DIVISIONS, paged=True)

    assert caught.value.sent
    assert [each["name"] for each in listing.entities].count("ACME") == 1


async def test_a_delete_repeated_that_finds_nothing_is_done() -> None:
    sim = simulated()
    _, division = sim.edit("POST", DIVISIONS, {"name": "ACME"})
    sim.faults([{"kind": "timeout-after", "method": "DELETE", "path": f"{DIVISIONS}/*"}])
    async with connect(sim) as api:
        answer = await api.write("DELETE", f"{DIVISIONS}/{division['id']}", None)

    assert answer.body is None
    assert [each.status for each in sim.writes()][-1] == 404


@pytest.mark.parametrize("before", [[], [says(429)]], ids=["at-once", "after-a-429"])
async def test_a_delete_of_what_never_was_there_is_rejected(before: list[Any]) -> None:
    async with Script(*before, says(404, {"code": "not.found", "message": "no role a"})).api() as api:
        with pytest.raises(Rejected) as caught:
            await api.write("DELETE", f"{ROLES}/a", None)

    assert caught.value.status == 404


@pytest.mark.parametrize(
    ("status", "kind"), [(400, Rejected), (404, Rejected), (409, Rejected), (403, Refused)]
)
async def test_a_plain_no_is_asked_once(status: int, kind: type[Exception]) -> None:
    script = Script(says(status, {"message": "no"}))
    async with script.api() as api:
        with pytest.raises(kind):
            await api.read(ROLES)

    assert len(script.seen) == 1


@pytest.mark.parametrize("status", [429, 503])
async def test_what_the_vendor_asks_to_wait_is_the_least_that_is_waited(status: int) -> None:
    script = Script(says(status, retry_after="17"), says())
    async with script.api() as api:
        await api.read(ROLES)

    assert script.times[1] - script.times[0] >= 17


NOON = "Fri, 20 Nov 2026 12:00:00 GMT"
ASKS_FOR_NO_TIME = {
    "nothing": says(503),
    "this very moment": says(503, retry_after=NOON, date=NOON),
    "an hour ago": says(503, retry_after="Fri, 20 Nov 2026 11:00:00 GMT", date=NOON),
    "0": says(503, retry_after="0"),
}


@pytest.mark.parametrize("line", ASKS_FOR_NO_TIME.values(), ids=ASKS_FOR_NO_TIME)
async def test_the_pauses_grow(line: Line) -> None:
    script = Script(line)
    async with script.api() as api:
        with pytest.raises(Unavailable):
            await api.read(ROLES)

    pauses = [later - earlier for earlier, later in zip(script.times, script.times[1:], strict=False)]
    assert pauses == sorted(pauses)
    assert 10 < sum(pauses) < 25


async def test_nobody_waits_for_a_day() -> None:
    script = Script(says(503, retry_after="86400"))
    async with script.api() as api:
        with pytest.raises(Unavailable, match="it asks to wait 86400 s"):
            await api.read(ROLES)

    assert asyncio.get_running_loop().time() < 10


async def test_an_answer_that_drips_for_ever_is_given_up() -> None:
    class Dripping(Script):
        async def play(self, request: httpx.Request) -> httpx.Response:
            if request.url.path != "/oauth/token":
                await asyncio.sleep(100_000)
            return self.good_token(1)

    async with Dripping().api() as api:
        with pytest.raises(Unavailable, match="TimeoutError"):
            await api.read(ROLES)

    assert asyncio.get_running_loop().time() < 6 * 120 + 60


async def test_every_request_is_counted_and_repeats_besides() -> None:
    sim = simulated()
    sim.faults([{"kind": "status", "method": "GET", "status": 503, "times": 2}])
    async with connect(sim) as api:
        org: OrgApi = api
        await org.read("/api/v2/organizations/me")
        await org.write("POST", DIVISIONS, {"name": "ACME"})

    assert org.requests[:3] == (4, 1, 2)
    assert sim.total == 5


async def test_answers_that_say_too_many_are_counted() -> None:
    script = Script(says(429), says(json={}), says(503), says(json={}))
    async with script.api() as api:
        await api.read("/api/v2/organizations/me")
        await api.read("/api/v2/organizations/me")

    assert (api.requests.limited, api.requests.retried) == (1, 2)


async def test_a_search_by_post_is_a_read() -> None:
    script = Script(BROKEN, says(json={"results": []}))
    async with script.api() as api:
        await api.write("POST", "/api/v2/groups/search", {"query": []})

    assert api.requests[:3] == (3, 0, 1)


async def test_half_a_character_is_sent_as_it_was_read() -> None:
    script = Script(says(json={}))
    async with script.api() as api:
        await api.write("PUT", f"{ROLES}/a", {"name": "half \ud83d, whole ü"})

    assert json.loads(script.seen[0].content) == {"name": "half \ud83d, whole ü"}
