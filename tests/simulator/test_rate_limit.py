"""The rate limit: counted per client, told in headers, refused with Retry-After, in three models."""

from __future__ import annotations

import httpx
import pytest

from reconciler.simulator import Settings, Simulator
from reconciler.simulator.ratelimit import Bucket, Fixed, Sliding, Window
from tests.simulator.guest import Guest, VirtualTime, open_door
from tests.simulator.served import served


async def ask(guest: Guest, times: int = 1) -> httpx.Response:
    for _ in range(times):
        answer = await guest.send("GET", "organizations/me")
    return answer


@pytest.mark.parametrize("window", ["fixed", "sliding", "bucket"])
async def test_one_request_too_many_is_refused_until_retry_after(window: str) -> None:
    guest = await open_door(rate_limit="3/60", switches={"rate-window": window})
    guest.time.now = 61
    last = await ask(guest, 3)
    assert last.status_code == 200
    assert (last.headers["inin-ratelimit-count"], last.headers["inin-ratelimit-allowed"]) == ("3", "3")

    refused = await ask(guest)
    assert (refused.status_code, refused.json()["code"]) == (429, "too.many.requests")
    assert refused.json()["limit"]["value"] == 3
    wait = int(refused.headers["Retry-After"])
    assert wait == {"fixed": 59, "sliding": 60, "bucket": 20}[window]

    guest.time.now += wait - 1
    assert (await ask(guest)).status_code == 429
    guest.time.now += 1
    assert (await ask(guest)).status_code == 200


@pytest.mark.parametrize("window", ["fixed", "sliding", "bucket"])
async def test_each_window_counts_over_a_socket(window: str) -> None:
    time = VirtualTime()
    sim = Simulator(None, Settings(rate_limit="3/60", switches={"rate-window": window}), time, time.sleep)
    async with served(sim) as http:
        answers = [await http.get("/api/v2/organizations/me") for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert {answer.headers["inin-ratelimit-allowed"] for answer in answers} == {"3"}
        time.now = float(answers[-1].headers["retry-after"])
        assert (await http.get("/api/v2/organizations/me")).status_code == 200
        assert (await http.get("/api/v2/organizations/me")).status_code == (
            429 if window == "bucket" else 200
        )


async def test_clients_are_counted_apart_and_tokens_not_at_all() -> None:
    guest = await open_door(rate_limit="2/60")
    other = await guest.as_client(await guest.client("other"))
    assert (await ask(guest)).status_code == 200
    assert (await ask(guest)).status_code == 429
    assert (await ask(other)).headers["inin-ratelimit-count"] == "1"
    again = await other.ask_token("operator", "operator-secret")
    assert (again.status_code, "inin-ratelimit-count" in again.headers) == (200, False)


async def test_several_tokens_of_one_client_share_its_limit() -> None:
    guest = await open_door(rate_limit="2/60")
    twin = await Guest(guest.sim, guest.time).log_in()
    assert (await ask(guest, 1)).status_code == 200
    assert (await ask(twin, 1)).status_code == 200
    assert (await ask(guest)).status_code == 429


async def test_refused_and_failed_requests_carry_the_headers_too() -> None:
    guest = await open_door()
    answer = await guest.send("GET", "no/such/path")
    assert {"inin-ratelimit-count", "inin-ratelimit-allowed", "inin-ratelimit-reset"} <= set(answer.headers)


async def test_zero_means_no_limit_and_no_headers() -> None:
    guest = await open_door(rate_limit="0")
    last = await ask(guest, 400)
    assert (last.status_code, "inin-ratelimit-count" in last.headers) == (200, False)


def passed(window: Window, times: list[float]) -> list[float]:
    return [time for time in times if not window.take(time).wait]


def test_a_fixed_window_lets_two_loads_through_at_its_edge() -> None:
    assert passed(Fixed(2, 60), [58, 59, 59.5, 60, 61, 62]) == [58, 59, 60, 61]


def test_a_sliding_window_does_not() -> None:
    assert passed(Sliding(2, 60), [58, 59, 59.5, 60, 61, 118, 118.5, 119]) == [58, 59, 118, 119]


def test_a_bucket_refills_evenly() -> None:
    assert passed(Bucket(2, 60), [0, 0, 29, 30, 31, 60, 61, 200, 200, 200]) == [0, 0, 30, 60, 200, 200]


@pytest.mark.parametrize(
    "window", [Fixed(2, 60), Sliding(2, 60), Bucket(2, 60)], ids=["fixed", "sliding", "bucket"]
)
def test_reset_says_when_the_account_is_fresh(window: Window) -> None:
    first = window.take(10)
    assert (first.used, first.headers()["inin-ratelimit-reset"]) == (
        1, {Fixed: "50", Sliding: "60", Bucket: "30"}[type(window)],
    )  # fmt: skip
