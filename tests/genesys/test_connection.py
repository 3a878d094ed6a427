"""Where requests go, and where they never go."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
from pathlib import Path
from typing import Any

import httpx
import pytest

from reconciler import __version__
from reconciler.errors import Unreadable, UsageError
from reconciler.genesys import AccessToken, GenesysApi, endpoint, hosts_for
from reconciler.genesys.connection import tls
from reconciler.model.regions import REGIONS
from reconciler.model.secret import Secret
from tests.genesys.script import Script
from tests.support.certificate import self_signed
from tests.support.clock import LoopClock

ME = "/api/v2/organizations/me"


def network_of(api: GenesysApi) -> Any:
    return api._http._transport


async def test_requests_say_who_we_are() -> None:
    script = Script()
    async with script.api() as api:
        await api.read(ME)

    assert script.seen[0].headers["User-Agent"] == f"genesyscloud-reconciler/{__version__}"


async def test_a_redirect_is_not_followed() -> None:
    script = Script(httpx.Response(302, headers={"Location": "http://127.0.0.1:9/elsewhere"}))
    async with script.api() as api:
        with pytest.raises(Unreadable, match="redirect, which is never followed"):
            await api.read(ME)

    assert {each.url.path for each in script.seen} == {ME}


def test_proxies_and_certificates_of_the_environment_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    """Over a real socket: with any of these in force the request would end somewhere else."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{unused_port()}")
    monkeypatch.setenv("SSL_CERT_FILE", "/dev/null")
    monkeypatch.setenv("SSLKEYLOGFILE", "/dev/null")
    tls.cache_clear()

    assert asyncio.run(asked_over_a_socket()) == {"id": "here"}
    assert tls().keylog_filename is None
    assert len(tls().get_ca_certs()) > 50


def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


WELL = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\n{"id": "here"}'


async def asked_over_a_socket() -> Any:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(WELL)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        token = AccessToken(Secret("brought"))
        async with GenesysApi(endpoint(f"http://127.0.0.1:{port}"), token, LoopClock()) as api:
            return await api.read(ME)


@pytest.mark.full
def test_an_exchange_that_breaks_inside_tls_is_asked_for_again(tmp_path: Path) -> None:
    """Over a real socket, as httpx does not tell this by an error of its own."""
    certificate = self_signed(tmp_path / "both.pem")

    assert asyncio.run(asked_where_the_first_answer_is_garbled(certificate)) == {"id": "here"}


async def asked_where_the_first_answer_is_garbled(certificate: Path) -> Any:
    asked = 0

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        await reader.readuntil(b"\r\n\r\n")
        asked += 1
        if asked == 1:  # a record that nobody encrypted, past the TLS of this end
            os.write(writer.get_extra_info("socket").fileno(), b"\x17\x03\x03\x00\x20" + bytes(32))
            return
        writer.write(WELL)
        await writer.drain()
        writer.close()

    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(certificate)
    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=theirs)
    url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    ours, token = httpx.AsyncHTTPTransport(verify=trusting()), AccessToken(Secret("brought"))
    async with server, GenesysApi(endpoint(url), token, LoopClock(), transport=ours) as api:
        return await api.read(ME)


def trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def test_certificates_are_verified_and_one_context_serves_all() -> None:
    apis = [
        GenesysApi(hosts_for(region), AccessToken(Secret("x")), LoopClock())
        for region in ("us-east-1", "eu-west-1")
    ]
    contexts = [network_of(api)._pool._ssl_context for api in apis]

    assert contexts[0] is contexts[1]
    assert contexts[0].verify_mode is ssl.CERT_REQUIRED
    assert contexts[0].check_hostname
    assert contexts[0].minimum_version >= ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize("region", REGIONS)
def test_a_region_decides_the_hosts(region: str) -> None:
    assert hosts_for(region) == (f"https://api.{REGIONS[region]}", f"https://login.{REGIONS[region]}")


def test_an_unknown_region_names_those_there_are() -> None:
    with pytest.raises(UsageError, match="eu-central-1"):
        hosts_for("mars-1")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8085",
        "http://127.9.9.9",
        "http://localhost:1/",
        "http://[::1]:8085",
        "https://127.0.0.1",
    ],
)
def test_an_endpoint_may_be_on_this_machine(url: str) -> None:
    assert endpoint(url) == (url.rstrip("/"), url.rstrip("/"))


@pytest.mark.parametrize(
    "url",
    [
        "http://evil.example",
        "http://127.0.0.1@evil.example",
        "http://user:pw@127.0.0.1",
        "http://localhost.evil.example",
        "http://127.0.0.1.evil.example",
        "http://0.0.0.0",
        "http://10.0.0.1",
        "http://[::ffff:10.0.0.1]",
        "http://127.0.0.1/path",
        "http://127.0.0.1?x",
        "http://127.0.0.1:notaport",
        "http://[::1",
        "ftp://127.0.0.1",
        "127.0.0.1:8085",
        "",
    ],
)
def test_an_endpoint_is_nowhere_else(url: str) -> None:
    with pytest.raises(UsageError, match="not a bare http address of this machine"):
        endpoint(url)
