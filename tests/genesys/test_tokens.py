"""One token for everybody, renewed in time, and no second chance for bad credentials."""

from __future__ import annotations

import asyncio
import math

import httpx
import pytest

from reconciler.errors import Refused, Unavailable, Unreadable
from reconciler.genesys import AccessToken
from reconciler.genesys.auth import Token, Tokens
from reconciler.model.secret import Secret
from tests.genesys.script import Script, says
from tests.support.clock import LoopClock
from tests.support.org import connect, simulated

ME = "/api/v2/organizations/me"


def unauthorised() -> httpx.Response:
    return says(401, {"code": "bad.credentials", "message": "Invalid login credentials.", "status": 401})


async def test_twenty_concurrent_requests_share_one_token() -> None:
    sim = simulated()
    async with connect(sim, concurrency=20) as api:
        await asyncio.gather(*(api.read(ME) for _ in range(20)))

    assert [each.path for each in sim.requests].count("/oauth/token") == 1


async def test_a_token_request_says_what_the_vendor_documents() -> None:
    requests: list[httpx.Request] = []

    def noted(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return Script.good_token(1)

    script = Script()
    async with script.api() as api:
        api._http._transport = httpx.MockTransport(noted)
        await api.read(ME)

    first = requests[0]
    assert (first.method, first.url.path) == ("POST", "/oauth/token")
    assert first.content == b"grant_type=client_credentials"
    assert first.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert first.headers["Authorization"] == "Basic b3BlcmF0b3I6b3BlcmF0b3Itc2VjcmV0"


@pytest.mark.parametrize(("life", "early"), [(3600, 60), (300, 30)], ids=["a-minute", "a-tenth"])
async def test_a_token_is_renewed_before_it_ends(life: int, early: int) -> None:
    script = Script(token=lambda number: says(json={"access_token": f"t{number}", "expires_in": life}))
    async with script.api() as api:
        await api.read(ME)
        await asyncio.sleep(life - early - 10)
        await api.read(ME)
        before = script.tokens
        await asyncio.sleep(10)
        await api.read(ME)

    assert (before, script.tokens) == (1, 2)


@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE"])
async def test_a_401_renews_the_token_once_and_repeats_the_call_once(method: str) -> None:
    script = Script(unauthorised(), says(json={"id": "x"}))
    async with script.api() as api:
        answer = await api._call(method, "/api/v2/authorization/roles", body=None)

    assert answer.body == {"id": "x"}
    assert [each.headers["Authorization"] for each in script.seen] == ["Bearer token-1", "Bearer token-2"]
    assert api.requests.retried == 1


async def test_concurrent_401s_renew_the_token_once() -> None:
    def by_token(request: httpx.Request) -> httpx.Response:
        return unauthorised() if request.headers["Authorization"] == "Bearer token-1" else says()

    script = Script(by_token)
    async with script.api() as api:
        await asyncio.gather(*(api.read(ME) for _ in range(6)))

    assert script.tokens == 2


async def test_a_late_401_does_not_throw_away_the_token_that_replaced_its_own() -> None:
    async def fetch() -> Token:
        return Token(Secret("text"), math.inf, math.inf)

    tokens = Tokens(fetch, LoopClock())
    old = await tokens.current()
    tokens.discard(old)
    new = await tokens.current()
    tokens.discard(old)

    assert new is not old
    assert await tokens.current() is new


async def test_a_second_401_is_a_refusal() -> None:
    script = Script(unauthorised())
    async with script.api() as api:
        with pytest.raises(Refused, match=r"401 bad\.credentials") as caught:
            await api.read(ME)

    assert len(script.seen) == 2
    assert "GENESYSCLOUD_OAUTHCLIENT_SECRET" in caught.value.remedy


async def test_a_brought_token_is_never_renewed() -> None:
    script = Script(unauthorised())
    async with script.api(AccessToken(Secret("brought"))) as api:
        with pytest.raises(Refused) as caught:
            await api.read(ME)

    assert (len(script.seen), script.tokens) == (1, 0)
    assert script.seen[0].headers["Authorization"] == "Bearer brought"
    assert "GENESYSCLOUD_ACCESS_TOKEN" in caught.value.remedy


@pytest.mark.parametrize("status", ["400", "401"])
async def test_bad_credentials_are_refused_in_the_vendors_words(status: str) -> None:
    sim = simulated(switches={"token-failure": status})
    async with connect(sim, client_secret="not-the-one") as api:
        with pytest.raises(Refused, match="authentication failed") as caught:
            await api.read(ME)

    assert [(each.path, each.status) for each in sim.requests] == [("/oauth/token", int(status))]
    assert "GENESYSCLOUD_OAUTHCLIENT_ID" in caught.value.remedy
    assert "not-the-one" not in str(caught.value)


async def test_bad_credentials_are_tried_once_however_many_wait() -> None:
    sim = simulated(latency=0.1)
    async with connect(sim, client_secret="not-the-one") as api:
        results = await asyncio.gather(*(api.read(ME) for _ in range(6)), return_exceptions=True)

    assert {type(result) for result in results} == {Refused}
    assert sim.total == 1


async def test_an_unreachable_login_server_is_tried_again_by_the_next_call() -> None:
    def first_down(number: int) -> httpx.Response:
        return says(503) if number <= 6 else Script.good_token(number)

    async with Script(token=first_down).api() as api:
        with pytest.raises(Unavailable, match="POST /oauth/token answered 503"):
            await api.read(ME)
        assert await api.read(ME) == {}


async def test_an_answer_without_a_token_is_unreadable() -> None:
    async with Script(token=lambda _: says(json={"token_type": "bearer"})).api() as api:
        with pytest.raises(Unreadable, match="without an access token"):
            await api.read(ME)


async def test_a_cancelled_waiter_leaves_the_token_to_the_others() -> None:
    sim = simulated(latency=1.0)
    async with connect(sim) as api:
        first = asyncio.create_task(api.read(ME))
        others = [asyncio.create_task(api.read(ME)) for _ in range(3)]
        await asyncio.sleep(0.5)
        first.cancel()
        bodies = await asyncio.gather(*others)

    assert len(bodies) == 3


async def test_renewing_acts_with_a_new_token() -> None:
    script = Script()
    async with script.api() as api:
        await api.read(ME)
        api.renew()
        await api.read(ME)

    assert [each.headers["Authorization"] for each in script.seen] == ["Bearer token-1", "Bearer token-2"]


async def test_a_token_proves_a_secret() -> None:
    sim = simulated()
    async with connect(sim) as api:
        assert await api.proves("operator", Secret("operator-secret"))
        assert not await api.proves("operator", Secret("something else"))

    assert sim.total == 2


async def test_proving_is_not_deciding_while_the_login_server_is_down() -> None:
    async with Script(token=lambda _: says(503)).api() as api:
        with pytest.raises(Unavailable):
            await api.proves("operator", Secret("operator-secret"))


async def test_a_brought_token_lasts() -> None:
    script = Script()
    async with script.api(AccessToken(Secret("brought"))) as api:
        await api.read(ME)
        await asyncio.sleep(10 * 86_400)
        await api.read(ME)

    assert script.tokens == 0
    assert math.isinf((await api._new_token()).renew_at)
