"""A secret has one road and no echo: whatever goes wrong, nothing else ever holds it."""

from __future__ import annotations

import base64
import contextlib
import gc
import io
import json
import logging
import traceback
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from reconciler.errors import OrgError
from reconciler.genesys import AccessToken, ClientCredentials
from reconciler.genesys.calls import Call
from reconciler.genesys.decoding import decode
from reconciler.genesys.sending import Outgoing
from reconciler.model.secret import Secret
from reconciler.telemetry import logs
from tests.genesys.script import Script, says
from tests.support.org import connect, simulated

CANARY = "CANARY-7/f+3=&x"
ASKED = "CANARY-in-a-query"
CLIENTS = "/api/v2/oauth/clients"


def encodings(secret: str) -> list[str]:
    """The secret as it is, in base64 (alone and in a Basic header), and as a URL may show it."""
    basic = base64.b64encode(f"operator:{secret}".encode()).decode()
    return [secret, base64.b64encode(secret.encode()).decode(), basic, quote(secret, safe="")]


def assert_absent(text: str) -> None:
    assert [found for found in encodings(CANARY) if found in text] == []


@pytest.fixture
def everything_logged() -> Iterator[io.StringIO]:
    """Our log and everybody else's, at their most talkative."""
    written = io.StringIO()
    logs.configure(2, stream=written)
    root, handler = logging.getLogger(), logging.StreamHandler(written)
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
async def test_only_a_post_hands_out_a_secret(method: str) -> None:
    async with Script(says(json={"id": "a", "secret": CANARY})).api() as api:
        answer = await api._call(method, CLIENTS)

    assert answer == ({"id": "a"}, None)


async def test_a_created_clients_secret_comes_beside_its_body() -> None:
    sim = simulated()
    body = {"name": "a", "authorizedGrantType": "CLIENT-CREDENTIALS", "state": "active"}
    async with connect(sim) as api:
        answer = await api.write("POST", CLIENTS, body)
        assert answer.secret is not None
        assert "secret" not in answer.body
        assert await api.proves(answer.body["id"], answer.secret)


@pytest.mark.parametrize("shown", ["absent", "empty", "shown"])
async def test_no_reading_holds_a_secret(shown: str) -> None:
    sim = simulated(switches={"secret-on-get": shown})
    async with connect(sim, read_only=True) as api:
        listing = await api.list_all(CLIENTS, paged=False)
        one = await api.read(f"{CLIENTS}/operator")

    assert "operator-secret" not in str(listing) + str(one)
    assert "secret" not in one


def test_secrets_are_dropped_at_any_depth() -> None:
    nested = {"entities": [{"id": "a", "secret": CANARY, "more": {"secret": CANARY, "x": [{"secret": 1}]}}]}

    answer = decode(json.dumps(nested).encode(), keep_secret=True)

    assert answer == ({"entities": [{"id": "a", "more": {"x": [{}]}}]}, None)


@pytest.mark.parametrize("text", ['{"s\\u0065cret": "x"}', '{"secret": "x", "secret": "y"}'])
def test_spelling_it_otherwise_does_not_help(text: str) -> None:
    answer = decode(text.encode())

    assert answer is not None
    assert answer.body == {}


@pytest.mark.parametrize(
    "body", ['[{"secret": "x"}]', '{"a": {"secret": "x"}}', '{"secret": ""}', '{"secret": 1}']
)
def test_only_the_outermost_object_names_the_new_clients_secret(body: str) -> None:
    answer = decode(body.encode(), keep_secret=True)

    assert answer is not None
    assert answer.secret is None


TROUBLE: dict[str, Any] = {
    "cut": httpx.Response(
        200, content=f'{{"secret": "{CANARY}", '.encode(), headers={"Content-Type": "application/json"}
    ),
    "html": httpx.Response(200, html=f"<p>{CANARY}</p>"),
    "rejected": says(400, {"code": "x", "message": "no", "secret": CANARY, "details": [{"secret": CANARY}]}),
    "unavailable": says(503, {"secret": CANARY}),
    "redirect": httpx.Response(302, headers={"Location": f"http://127.0.0.1/?{quote(CANARY)}"}),
    "no-answer": httpx.ReadError("reset"),
}


@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
@pytest.mark.parametrize("trouble", TROUBLE)
async def test_no_error_holds_a_secret(trouble: str, method: str, everything_logged: io.StringIO) -> None:
    """Neither in its text nor in the local variables of its traceback, nor in any log."""
    script = Script(TROUBLE[trouble], token=lambda _: says(json={"access_token": CANARY, "expires_in": 3600}))
    async with script.api(ClientCredentials("operator", Secret(CANARY))) as api:
        with pytest.raises(OrgError) as caught:
            await api._call(method, f"{CLIENTS}?x={ASKED}", body={"name": "a"})

    error = caught.value
    assert_absent(
        "".join(traceback.format_exception(error)) + repr(error) + str(vars(error)) + locals_of(error)
    )
    assert error.__context__ is None
    assert error.__cause__ is None
    assert_absent(everything_logged.getvalue())
    assert ASKED not in str(error) + everything_logged.getvalue()
    assert "attempt" in everything_logged.getvalue()


def locals_of(error: BaseException) -> str:
    """What a traceback with local variables would show of our frames."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    ours = [frame for frame in frames if "/reconciler/genesys/" in frame.f_code.co_filename]
    return repr([frame.f_locals for frame in ours])


async def test_a_refused_credential_does_not_show_itself(everything_logged: io.StringIO) -> None:
    sim = simulated()
    async with connect(sim, client_secret=CANARY) as api:
        with pytest.raises(OrgError) as caught:
            await api.read(CLIENTS)
        await api.proves("operator", Secret(CANARY))

    assert_absent(str(caught.value) + everything_logged.getvalue())


async def test_nothing_we_make_prints_a_secret() -> None:
    credentials = ClientCredentials("operator", Secret(CANARY))
    headers = {"Authorization": credentials.basic()}
    out = Outgoing(Call("GET", "/"), "http://127.0.0.1/", headers, content=CANARY.encode())
    async with Script().api(credentials) as api:
        await api.read(CLIENTS)
        everything = [credentials, AccessToken(Secret(CANARY)), out, api, vars(api), vars(api._tokens)]

    for one in everything:
        assert_absent(repr(one) + str(one))


async def test_no_answer_is_kept() -> None:
    only_here = "CANARY-of-this-test"
    script = Script(lambda _: says(json={"id": "a", "secret": only_here}))
    async with script.api() as api:
        await api.read(CLIENTS)
        with contextlib.suppress(OrgError):
            await api._call("POST", CLIENTS, body={})
        script.seen.clear()
        gc.collect()
        kept = [
            each for each in gc.get_objects() if isinstance(each, httpx.Response) and only_here in each.text
        ]

    assert kept == []


async def test_every_attempt_is_logged_without_its_query(everything_logged: io.StringIO) -> None:
    async with Script(says(503), says(inin_correlation_id="abc")).api() as api:
        await api.read(f"{CLIENTS}?name=x", {"name": "y"})

    lines = [json.loads(line) for line in everything_logged.getvalue().splitlines() if line.startswith("{")]
    told = [{key: line[key] for key in ("path", "status", "attempt")} for line in lines]
    assert told == [
        {"path": "/oauth/token", "status": 200, "attempt": 1},
        {"path": CLIENTS, "status": 503, "attempt": 1},
        {"path": CLIENTS, "status": 200, "attempt": 2},
    ]
    assert lines[-1] | {"event": "request answered", "method": "GET", "correlation": "abc"} == lines[-1]
