"""Even spacing uses almost the whole rate, whatever the vendor counts by, and never meets the limit."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import httpx
import pytest

from reconciler.genesys import GUEST, ClientCredentials, GenesysApi, Pacer, endpoint
from reconciler.genesys.answers import Raw, asked_wait
from reconciler.model.secret import Secret
from reconciler.simulator.ratelimit import Bucket, Fixed, Sliding
from tests.genesys.script import Script, says
from tests.support.clock import LoopClock, VirtualLoop
from tests.support.org import Wire, connect, simulated

ME = "/api/v2/organizations/me"


class Limited(Script):
    """Counts by a window model, 50 to 200 ms away."""

    def __init__(self, window: Any, *, lag: float = 0.0) -> None:
        super().__init__()
        self.window, self.lag = window, lag
        self.dice = random.Random(7)
        self.refused = 0

    async def play(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/oauth/token":
            return self.good_token(1)
        await asyncio.sleep(self.dice.uniform(0.025, 0.1))
        now = asyncio.get_running_loop().time()
        quota = self.window.take(now)
        self.times.append(now)
        await asyncio.sleep(self.dice.uniform(0.025, 0.1) + self.lag)
        self.refused += quota.wait > 0
        headers = quota.headers() | ({"Retry-After": str(int(quota.wait) + 1)} if quota.wait else {})
        return httpx.Response(429 if quota.wait else 200, json={}, headers=headers)


async def seconds_for(script: Script, requests: int) -> float:
    async with script.api() as api:
        await asyncio.gather(*(api.read(ME) for _ in range(requests)))
    return asyncio.get_running_loop().time()


@pytest.mark.parametrize(
    "allowed", [300, *(pytest.param(rate, marks=pytest.mark.full) for rate in (180, 600))]
)
@pytest.mark.parametrize("model", [Fixed, Sliding, Bucket])
async def test_at_least_97_percent_of_the_rate_without_a_429(model: Any, allowed: int) -> None:
    script = Limited(model(allowed, 60.0))
    seconds = await seconds_for(script, 2 * allowed)

    assert script.refused == 0
    assert 120 / seconds >= 0.97


async def test_the_rate_holds_when_answers_are_slow() -> None:
    """One request at a time would reach a quarter of it."""
    script = Limited(Sliding(300, 60.0), lag=0.7)

    assert 180 / await seconds_for(script, 900) >= 0.97


async def test_requests_leave_evenly_and_never_in_a_burst() -> None:
    script = Script()
    async with script.api() as api:
        await asyncio.gather(*(api.read(ME) for _ in range(5)))
        await asyncio.sleep(60)
        await asyncio.gather(*(api.read(ME) for _ in range(5)))

    gaps = [later - earlier for earlier, later in zip(script.times, script.times[1:], strict=False)]
    even = pytest.approx(60 / (300 * 0.99))
    assert gaps[:4] == [even] * 4
    assert gaps[5:] == [even] * 4


async def test_a_short_delay_of_ours_is_made_up_for() -> None:
    """An absolute schedule: pauses do not add up."""
    script = Script()
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    async with script.api() as api:
        for number in range(100):
            await api.read(ME)
            loop.advance(0.05 if number % 5 else 0.25)

    assert script.times[-1] - script.times[0] == pytest.approx(99 * 60 / (300 * 0.99), rel=0.01)


async def test_the_rate_follows_what_the_vendor_allows() -> None:
    script = Script(says(inin_ratelimit_allowed="60"))
    async with script.api() as api:
        for _ in range(4):
            await api.read(ME)

    assert script.times[3] - script.times[2] == pytest.approx(60 / (60 * 0.99))


@pytest.mark.parametrize("header", ["retry_after", "inin_ratelimit_reset"])
async def test_after_a_429_everybody_stands_still_until_the_wait_is_over(header: str) -> None:
    script = Script(says(), says(429, **{header: "20"}), says())
    async with script.api() as api:
        await api.read(ME)
        await asyncio.gather(*(api.read(ME) for _ in range(6)))

    limited = script.times[1]
    in_flight = [time for time in script.times[2:] if time < limited + 20]
    assert in_flight == []


NOON = "Fri, 20 Nov 2026 12:00:00 GMT"
PAST = "Fri, 20 Nov 2026 11:00:00 GMT"
WAITS = {
    "seconds": ({"retry_after": "20"}, 20.0),
    "a part of one": ({"retry_after": "20.5"}, 20.5),
    "a date": ({"retry_after": "Fri, 20 Nov 2026 12:00:20 GMT", "date": NOON}, 20.0),
    "a date in another zone": ({"retry_after": "Fri, 20 Nov 2026 14:00:20 +0200", "date": NOON}, 20.0),
    "a date without a zone": ({"retry_after": "Fri, 20 Nov 2026 12:00:20 -0000", "date": NOON}, 20.0),
    "words before the limit's reset": ({"retry_after": "soon", "inin_ratelimit_reset": "20"}, 20.0),
    "a past date before it": ({"retry_after": PAST, "date": NOON, "inin_ratelimit_reset": "20"}, 20.0),
}
MEANINGLESS = {
    "nothing": {},
    "words": {"retry_after": "soon"},
    "a date that is past": {"retry_after": PAST, "date": NOON},
    "the very moment": {"retry_after": NOON, "date": NOON},
    "no time at all": {"retry_after": "0"},
    "no date of its own": {"retry_after": NOON},
    "its own date is none": {"retry_after": NOON, "date": "noon"},
    "below nothing": {"retry_after": "-20"},
    "other digits": {"retry_after": "\u0662\u0660"},
    "no number": {"retry_after": "nan"},
    "far out": {"retry_after": "Fri, 20 Nov 99999 12:00:00 GMT", "date": NOON},
}


@pytest.mark.parametrize(("headers", "seconds"), WAITS.values(), ids=WAITS)
def test_a_wait_is_understood_however_it_is_said(headers: dict[str, str], seconds: float) -> None:
    assert asked_wait(answered(headers)) == seconds


@pytest.mark.parametrize("headers", MEANINGLESS.values(), ids=MEANINGLESS)
def test_what_is_no_wait_asks_for_none(headers: dict[str, str]) -> None:
    assert asked_wait(answered(headers)) is None


def answered(headers: dict[str, str]) -> Raw:
    return Raw(429, {name.replace("_", "-"): text for name, text in headers.items()}, b"")


async def test_turns_are_taken_in_the_order_of_asking() -> None:
    script = Script()
    async with script.api() as api:
        await asyncio.gather(*(api.read(f"/api/v2/authorization/roles/{n}") for n in range(20)))

    assert [each.url.path.rpartition("/")[2] for each in script.seen] == [str(n) for n in range(20)]


async def test_no_more_than_the_agreed_number_is_in_flight() -> None:
    flying, most = 0, 0

    class Slow(Script):
        async def play(self, request: httpx.Request) -> httpx.Response:
            nonlocal flying, most
            flying += 1
            most = max(most, flying)
            await asyncio.sleep(10)
            flying -= 1
            return self.good_token(1)

    async with Slow().api(concurrency=3) as api:
        await asyncio.gather(*(api.read(ME) for _ in range(12)))

    assert most == 3


async def test_a_cancelled_request_gives_its_place_back() -> None:
    sim = simulated(latency=30.0)
    async with connect(sim, concurrency=2) as api:
        tasks = [asyncio.create_task(api.read(ME)) for _ in range(8)]
        await asyncio.sleep(45)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

        assert (await api.read(ME))["id"]


@pytest.mark.parametrize("window", ["fixed", "sliding", "bucket"])
async def test_a_simulated_organisation_never_says_429(window: str) -> None:
    sim = simulated(switches={"rate-window": window}, latency=0.1)
    async with connect(sim) as api:
        await asyncio.gather(*(api.read(ME) for _ in range(700)))

    assert {each.status for each in sim.requests} == {200}


async def test_a_guest_takes_a_tenth_of_what_the_last_answer_allowed_whenever_it_comes_back() -> None:
    sim = simulated(rate_limit="600/60")
    credentials = ClientCredentials("operator", Secret("operator-secret"))
    hosts, clock = endpoint("http://127.0.0.1"), LoopClock()
    pacer = Pacer(clock, concurrency=6, share=GUEST)
    for _ in range(3):
        async with GenesysApi(hosts, credentials, clock, transport=Wire(sim), pacer=pacer) as api:
            await asyncio.gather(*(api.read(ME) for _ in range(7)))
    times = [each.at for each in sim.requests]
    assert (len(times) - 1) / (times[-1] - times[0]) * 60 <= 60.5


async def test_what_an_answer_allows_counts_from_the_next_request_on() -> None:
    sim = simulated(rate_limit="3000/60")
    credentials = ClientCredentials("operator", Secret("operator-secret"))
    hosts, clock = endpoint("http://127.0.0.1"), LoopClock()
    pacer = Pacer(clock, concurrency=1, share=GUEST)
    async with GenesysApi(hosts, credentials, clock, transport=Wire(sim), pacer=pacer) as api:
        for _ in range(3):
            await api.read(ME)
    token, first, second, third = (each.at for each in sim.requests)
    assert first - token == pytest.approx(2.0), "nothing has said yet that more is allowed than usual"
    assert [second - first, third - second] == pytest.approx([0.2, 0.2])


@pytest.mark.full
@pytest.mark.parametrize("model", [Fixed, Sliding, Bucket])
async def test_beside_another_run_that_takes_a_fifth_nine_tenths_of_the_rest_are_used(model: Any) -> None:
    """The same client in another process; nobody tells us of it but the answers."""
    script = Limited(model(300, 60.0))
    dice = random.Random(11)

    async def neighbour() -> None:
        while True:
            script.window.take(asyncio.get_running_loop().time())
            await asyncio.sleep(dice.uniform(0.5, 1.5))

    other = asyncio.create_task(neighbour())
    seconds = await seconds_for(script, 10 * 240)
    other.cancel()
    assert 10 * 60 / seconds >= 0.9
    assert script.refused / (10 * 240) <= 0.02
