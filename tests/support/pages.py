"""Organisations that pages are looked at with, each with what `prove` says of it in every clothing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pytest

from reconciler.simulator import find_seed
from tests.journeys.test_drift_command import QUEUES, grant
from tests.journeys.test_meridian import meridian_seed
from tests.journeys.test_prove import move
from tests.journeys.world import MERIDIAN, World

LONG = "W" * 120
NASTY = (
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>'",
    "</style></svg></title><b>bold",
    "abc \u202egnp.exe \u2066hidden\u2069",
    "{{ 7 * 7 }}{% raw %}",
    "👩\u200d🚀 família 客户 🏴",
    LONG,
)


class Shown(NamedTuple):
    """What `prove` printed, and everything there is; `statements` by tenant and format, where asked for."""

    html: str
    text: str
    json: dict[str, Any]
    state: dict[str, Any]
    statements: dict[str, dict[str, str]]


@contextmanager
def made_world(**given: Any) -> Iterator[World]:
    """A story outside of any test, so that what is shown of it can be kept."""
    with TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patch:
        yield World(Path(place), patch, **given)


def _shown(world: World, *, stated: bool = False) -> Shown:
    clothes = {form: world.run("prove", "-o", form).out for form in ("html", "text", "json")}
    document = json.loads(clothes["json"])
    tenants = [each["tenant"] for each in document["tenants"]] if stated else []
    said = {tenant: _statements(world, tenant) for tenant in tenants}
    return Shown(clothes["html"], clothes["text"], document, world.sim.snapshot(), said)


def _statements(world: World, tenant: str) -> dict[str, str]:
    return {form: world.run("statement", tenant, "-o", form).out for form in ("text", "markdown", "html")}


def inhabited(world: World) -> None:
    """Apply, and give some tenants a queue each."""
    world.settle()
    queues = [row["name"] for row in world.sim.snapshot()["queues"]]
    for queue, division in zip(queues, ("ACME-US", "GLOBEX", "INITECH"), strict=False):
        move(world, queue, division)


def _settled() -> Shown:
    with made_world() as world:
        inhabited(world)
        return _shown(world)


def _leaking() -> Shown:
    """A colleague granted a tenant's client the queues of another."""
    with made_world() as world:
        inhabited(world)
        grant(world, "globex-bank-metrics", QUEUES, "ACME-US")
        return _shown(world, stated=True)


def _broken() -> Shown:
    """One of each misconfiguration, in an organisation that was written down as it is."""
    with made_world(seed=find_seed("northwind-broken")) as world:
        assert world.run("export", "--out", "exported").code == 0
        shutil.rmtree(world.root)
        (world.place / "exported").rename(world.root)
        world.settle()
        return _shown(world, stated=True)


def _meridian() -> Shown:
    with made_world(manifests=MERIDIAN, seed=meridian_seed(), org="meridian") as world:
        world.change("org.yaml", "vault: {type: vault, mount: kv, ", "vault: {type: file, ")
        world.settle()
        return _shown(world)


def _nasty() -> Shown:
    with made_world() as world:
        inhabited(world)
        haunt(world)
        return _shown(world)


def haunt(world: World) -> None:
    """Names that want to be markup, to hide, to turn a line round, or to be too long for any page."""
    where = world.row("divisions", "ACME-US")["id"]
    for name in NASTY:
        policy = {"domain": "routing", "entityName": "queue", "actionSet": ["view"]}
        role = world.drift("POST", "authorization/roles", {"name": name, "permissionPolicies": [policy]})
        wall = world.drift("POST", "authorization/divisions", {"name": name})
        pairs = [{"roleId": role["id"], "divisionId": each} for each in (where, wall["id"], "*")]
        client = {"name": name, "authorizedGrantType": "CLIENT-CREDENTIALS", "roleDivisions": pairs}
        world.drift("POST", "oauth/clients", client)
        own = world.row("clients", "globex-bank-metrics")["id"]
        given = {"grants": [{"roleId": role["id"], "divisionId": wall["id"]}]}
        world.drift("POST", f"authorization/subjects/{own}/bulkadd?subjectType=PC_OAUTH_CLIENT", given)


_MADE: dict[str, Callable[[], Shown]] = {
    "settled": _settled,
    "leaking": _leaking,
    "broken": _broken,
    "meridian": _meridian,
    "nasty": _nasty,
}
NAMES = tuple(_MADE)


@cache
def shown(name: str) -> Shown:
    """What is shown of the organisation of this name; made once."""
    return _MADE[name]()
