"""No byte of any secret in what is printed, logged or planned, however it is written down."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest

from tests.journeys.world import World

CANADA = ("tenants/acme-retail.yaml", "divisions: [us]}", "divisions: [us, ca]}")


def _spellings(secret: str) -> set[str]:
    """A secret as it is, and as people and programs write it down."""
    raw = secret.encode()
    basic = base64.b64encode(b"operator:" + raw).decode()
    return {secret, raw.hex(), base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode(), basic}


def hidden(world: World, texts: list[str]) -> None:
    """No secret of the world stands in any of the texts, however it is spelt."""
    secrets = {"operator-secret"} | {file["clientSecret"] for file in world.delivered().values()}
    secrets |= set(world.sim.org.secrets.values()) - {""}
    assert len(secrets) >= 7
    for secret in secrets:
        for spelling in _spellings(secret):
            for text in texts:
                assert spelling not in text and spelling.upper() not in text


@pytest.mark.full
@pytest.mark.parametrize("switches", [{}, {"secret-on-get": "shown"}], ids=["absent", "shown"])
def test_no_secret_is_said(make_world: Callable[..., World], switches: dict[str, str]) -> None:
    world = make_world(switches=switches)
    ran = [
        world.run("-vv", "plan", "--out", "first.json"),
        world.run("-vv", "apply", "--auto-approve"),
        world.run("-vv", "apply", "--auto-approve", "-o", "json"),
    ]
    world.change(*CANADA)
    ran += [
        world.run("-vv", "plan", "-o", "json", "--out", "second.json"),
        world.run("-vv", "apply", "--plan", "second.json", "-o", "json"),
    ]
    assert all(each.code == 0 for each in ran)
    plans = [path.read_text("utf-8") for path in world.place.glob("*.json")]
    assert len(plans) == 2
    hidden(world, [text for each in ran for text in (each.out, each.err)] + plans)


@pytest.mark.full
def test_no_secret_is_said_when_things_fail(make_world: Callable[..., World]) -> None:
    texts: list[str] = []
    world = make_world()
    for kind in ("truncate", "garble", "timeout-after", "html"):
        for path in ("/api/v2/oauth/clients", "/oauth/token"):
            world.sim.faults([{"kind": kind, "path": path, "method": "POST", "nth": 2, "times": 3}])
            ran = world.run("-vv", "apply", "--auto-approve")
            texts += [ran.out, ran.err]
    world.sim.faults([])
    world.apply()
    hidden(world, texts)


def test_secrets_lie_where_only_their_owner_reads_them(settled: World) -> None:
    for path in settled.secrets.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path


@pytest.mark.parametrize("store", ["kept"])
def test_nothing_but_the_sink_holds_a_secret(settled: World) -> None:
    secrets = {file["clientSecret"].encode() for file in settled.delivered().values()}
    paths = [path for path in settled.place.rglob("*") if path.is_file()]
    assert settled.history in paths
    for path in paths:
        if settled.secrets not in path.parents:
            assert not any(secret in path.read_bytes() for secret in secrets), path
