"""The thirteen ways in which our libraries give a secret away by themselves, and ours of using them.

Of each: used as it comes it leaks, which shows that the detector would notice; and the same situation in our
program, where it does not. A fourteenth was found on the way.
"""

from __future__ import annotations

import asyncio
import dataclasses
import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import jsonschema
import pydantic
import pytest
import structlog
from deepdiff import DeepDiff

from reconciler.errors import ReconcilerError
from reconciler.genesys import AccessToken, ClientCredentials
from reconciler.genesys.calls import Call
from reconciler.genesys.decoding import decode
from reconciler.genesys.sending import Outgoing
from reconciler.model.address import Address
from reconciler.model.secret import Credential, Secret
from reconciler.telemetry import logs
from tests.genesys.script import Script, says
from tests.journeys.world import World
from tests.support.canary import awkward, drawn, finds
from tests.support.clock import START
from tests.support.thrown import kept_of

CANARY, AWKWARD = drawn(13), awkward(13)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def told(text: Any) -> bool:
    """Whether a canary stands in what somebody shows of it."""
    return bool(finds(str(text), [CANARY, AWKWARD]))


def _breaks(held: str) -> None:
    """A bug, while a secret stands in a local variable."""
    raise RuntimeError("the disk speaks in tongues")


def _logged(stream: io.StringIO) -> str:
    try:
        _breaks(CANARY)
    except RuntimeError:
        structlog.get_logger().exception("it failed")
    return stream.getvalue()


@pytest.mark.parametrize("make", [io.StringIO, Terminal], ids=["json", "terminal"])
def test_1_and_2_tracebacks_with_local_variables(make: Callable[[], io.StringIO]) -> None:
    stream = make()
    json_lines = [structlog.processors.dict_tracebacks, structlog.processors.JSONRenderer()]
    shown: list[Any] = [structlog.dev.ConsoleRenderer(colors=False)] if stream.isatty() else json_lines
    structlog.configure(processors=shown, logger_factory=structlog.PrintLoggerFactory(stream))
    assert told(_logged(stream))

    ours = make()
    logs.configure(2, stream=ours)
    assert "RuntimeError" in _logged(ours)
    assert not told(ours.getvalue())


def _mistake(given: dict[str, Any], hide: bool = False) -> pydantic.ValidationError:
    model = pydantic.create_model(
        "Model", __config__=pydantic.ConfigDict(hide_input_in_errors=hide), client=str, secret=int
    )
    with pytest.raises(pydantic.ValidationError) as caught:
        model.model_validate(given)
    return caught.value


def test_3_and_5_pydantic_quotes_the_field(settled: World) -> None:
    assert told(_mistake({"client": "a", "secret": CANARY}))
    assert told(_mistake({"client": "a", "secret": CANARY}, hide=True).errors())

    settled.change("tenants/acme-retail.yaml", "\nspec:\n", f"\nspec:\n  state: {CANARY}\n")
    for line in (("validate",), ("validate", "-o", "json"), ("plan",)):
        ran = settled.run("-vv", *line)
        assert ran.code == 3 and not told(ran.out + ran.err)


def test_4_pydantic_quotes_everything_beside_a_missing_field(settled: World) -> None:
    assert told(_mistake({"secret": CANARY}))

    matrix = settled.place / "matrix.json"
    matrix.write_text(json.dumps({"formatVersion": "1", "secret": CANARY, "state": AWKWARD}), "utf-8")
    ran = settled.run("-vv", "access", "diff", "matrix.json", "matrix.json")
    assert ran.code == 1 and "is no matrix" in ran.err
    assert not told(ran.out + ran.err)


def test_6_jsonschema_quotes_the_document(settled: World) -> None:
    with pytest.raises(jsonschema.ValidationError) as caught:
        jsonschema.validate({"secret": CANARY}, {"properties": {"secret": {"type": "integer"}}})
    assert told(caught.value)

    wrong = settled.place / "plan.json"  # somebody names another file than the plan, or one gone wrong
    plan = settled.run("plan", "-o", "json").json
    for content in (plan | {"digest": CANARY}, plan | {"org": CANARY}, {"formatVersion": CANARY}, [CANARY]):
        wrong.write_text(json.dumps(content), "utf-8")
        ran = settled.run("-vv", "apply", "--plan", "plan.json")
        assert ran.code == 1 and not told(ran.out + ran.err)
        assert "plan.json" in ran.err


def test_7_deepdiff_quotes_both_sides(make_world: Callable[..., World]) -> None:
    assert told(DeepDiff({"secret": CANARY}, {"secret": AWKWARD}))

    world = make_world(switches={"secret-on-get": "shown"})
    world.settle()
    for number, identity in enumerate(world.sim.org.secrets):
        if identity != "operator":
            world.sim.org.secrets[identity] = CANARY if number % 2 else AWKWARD
    own = world.row("clients", "acme-adherence")["id"]
    assert told(world.drift("GET", f"oauth/clients/{own}"))
    world.change("tenants/acme-retail.yaml", "name: acme-adherence", "name: acme-wfm")
    for line in (("plan",), ("plan", "-o", "json", "--out", "plan.json"), ("drift", "-o", "json")):
        ran = world.run("-vv", *line)
        assert ran.code == 0 and not told(ran.out + ran.err)
    assert not told((world.place / "plan.json").read_text("utf-8"))


def test_8_deepdiff_looks_into_objects() -> None:
    before, after = ({"s": pydantic.SecretStr(each)} for each in (CANARY, AWKWARD))
    assert told(DeepDiff(before, after))

    one, other = ({"s": Secret(each)} for each in (CANARY, AWKWARD))
    assert not told(DeepDiff(one, other))
    assert not told(DeepDiff(one, {"s": 1}, verbose_level=2).pretty())


async def test_9_and_10_httpx_shows_queries(caplog: pytest.LogCaptureFixture) -> None:
    asked: list[httpx.Request] = []

    async def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(400, json={"message": "no"})

    logging.getLogger("httpx").setLevel(logging.INFO)
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        await client.get("http://127.0.0.1/", params={"secret": CANARY})
    assert told(caplog.text) and told(repr(asked[0]))

    caplog.clear()
    written = io.StringIO()
    logs.configure(2, stream=written)
    with caplog.at_level(logging.DEBUG):
        async with Script(says(400, {"message": "no"})).api() as api:
            with pytest.raises(ReconcilerError) as caught:
                await api.read("/api/v2/users", {"q": CANARY})
    assert "request answered" in written.getvalue()
    assert not told(caplog.text + written.getvalue() + kept_of_message(caught.value))


def kept_of_message(error: BaseException) -> str:
    return str(error) + repr(error) + repr(vars(error))


def test_11_headers_but_one_are_shown() -> None:
    headers = {"Authorization": f"Bearer {CANARY}", "X-Vault-Token": CANARY}
    assert told(httpx.Headers(headers))
    assert not told(repr(Outgoing(Call("GET", "/"), "http://127.0.0.1/", headers, content=CANARY.encode())))


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_12_a_json_error_carries_the_whole_document(method: str) -> None:
    body = f'{{"secret": "{CANARY}", '
    with pytest.raises(json.JSONDecodeError) as theirs:
        json.loads(body)
    assert told(kept_of(theirs.value))

    for broken in (body, body + 100_000 * "["):
        assert decode(broken.encode(), keep_secret=True) is None
    cut = httpx.Response(200, content=body.encode(), headers={"Content-Type": "application/json"})
    async with Script(cut).api() as api:
        with pytest.raises(ReconcilerError) as ours:
            await api._call(method, "/api/v2/oauth/clients", body={"name": "a"})
    assert not told(kept_of(ours.value))


def test_13_a_dataclass_shows_its_fields() -> None:
    @dataclasses.dataclass
    class Theirs:
        secret: str

    assert told(repr(Theirs(CANARY)))
    address = Address("acme", "client", "metrics")
    mine = Credential(address, "id", Secret(CANARY), "us-east-1", "api.example", "login.example", START)
    everything = [mine, ClientCredentials("id", Secret(CANARY)), AccessToken(Secret(CANARY))]
    assert not told(
        repr(everything) + str(everything) + "".join(map(str, map(dataclasses.astuple, [NoCopy()])))
    )


@dataclasses.dataclass
class NoCopy:
    """What `astuple` would copy; a secret refuses."""

    def __post_init__(self) -> None:
        with pytest.raises(TypeError):
            dataclasses.astuple(AccessToken(Secret(CANARY)))


@pytest.mark.parametrize("end", ["\n", " ", "\x1b", "é"], ids=["line", "space", "control", "letter"])
def test_14_a_header_that_cannot_be_sent_is_quoted(world: World, monkeypatch: Any, end: str) -> None:
    """A token pasted with its line end: httpx's error says which header it was, and shows it."""
    if end == "\n":
        with pytest.raises(httpx.LocalProtocolError) as caught:
            asyncio.run(_send({"Authorization": f"Bearer {CANARY}{end}"}))
        assert told(caught.value)

    monkeypatch.setenv("GENESYSCLOUD_ACCESS_TOKEN", f"{CANARY}{end}")
    ran = world.run("-vv", "plan")
    assert ran.code == 1 and "GENESYSCLOUD_ACCESS_TOKEN holds" in ran.err
    assert not told(ran.out + ran.err)


async def _send(headers: dict[str, str]) -> None:
    """To a server of one's own on loopback: only a connection that stands looks at headers."""
    over = asyncio.Event()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        await writer.wait_closed()
        over.set()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    try:
        async with server, httpx.AsyncClient() as client:
            host, port = server.sockets[0].getsockname()
            await client.get(f"http://{host}:{port}/", headers=headers)
    finally:
        await over.wait()


@pytest.mark.full
async def test_14_nor_is_what_a_login_server_hands_out() -> None:
    refused = httpx.LocalProtocolError(f"Illegal header value b'Bearer {CANARY}'")
    async with Script(refused).api() as api:
        with pytest.raises(ReconcilerError) as caught:
            await api.read("/api/v2/users")
    assert "LocalProtocolError" in str(caught.value)
    assert not told(kept_of(caught.value))

    script = Script(token=lambda _: says(json={"access_token": f"{CANARY}\n", "expires_in": 300}))
    async with script.api() as api:
        with pytest.raises(ReconcilerError, match="without an access token") as caught:
            await api.read("/api/v2/users")
    assert not told(kept_of(caught.value))


@pytest.mark.parametrize("client_secret", [CANARY, AWKWARD], ids=["drawn", "awkward"])
async def test_a_bug_below_us_finds_no_secret_in_our_variables(client_secret: str) -> None:
    """Where an error is collected with the variables of each frame, ours hold a type that has no echo."""

    async def broken(_: httpx.Request) -> httpx.Response:
        raise RuntimeError("the network speaks in tongues")

    script = Script(token=lambda _: says(json={"access_token": CANARY, "expires_in": 300}))
    async with script.api(ClientCredentials("operator", Secret(client_secret))) as api:
        for path, then in (("/oauth/token", broken), ("/api/v2/users", broken)):
            api._http._transport = _breaking(script, path, then)
            with pytest.raises(RuntimeError) as caught:
                await api.read("/api/v2/users")
            assert not told(kept_of(caught.value))


def _breaking(script: Script, path: str, then: Callable[[httpx.Request], Any]) -> httpx.MockTransport:
    async def answer(request: httpx.Request) -> httpx.Response:
        found: httpx.Response = await (then if request.url.path == path else script.play)(request)
        return found

    return httpx.MockTransport(answer)
