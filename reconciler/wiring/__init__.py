"""Wiring: which edge stands behind which port. One async context per organisation; no decisions.

The only module that knows the kinds and reads the environment.
"""

from __future__ import annotations

import json
import os
import pkgutil
import secrets
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module, resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from reconciler.errors import SinkError, UsageError
from reconciler.model.documents import DOCUMENTS
from reconciler.model.finding import errors
from reconciler.model.kind import Registry
from reconciler.model.manifest import Org
from reconciler.model.rule import Rule
from reconciler.model.secret import Secret
from reconciler.model.sight import PATHS
from reconciler.planning.offline import Evidence
from reconciler.ports import Clock, Kept, Lease, Loaded, Locator, OrgApi, SecretSink, TellingApi
from reconciler.telemetry.clock import SystemClock
from reconciler.telemetry.collecting import few_collections
from reconciler.telemetry.logs import bound
from reconciler.wiring.settings import ACCESS_TOKEN as ACCESS_TOKEN
from reconciler.wiring.settings import CLIENT_ID as CLIENT_ID
from reconciler.wiring.settings import CLIENT_SECRET as CLIENT_SECRET
from reconciler.wiring.settings import REGION as REGION
from reconciler.wiring.settings import credentials, kept, setting

if TYPE_CHECKING:
    from reconciler.engine.visit import Doors
    from reconciler.genesys import AccessToken, ClientCredentials, Hosts
    from reconciler.secrets.signing import Signer, Verifier
    from reconciler.store.state import State
    from reconciler.telemetry.webhook import Webhook

STATE = "RECONCILER_STATE"
WEBHOOK = "RECONCILER_WEBHOOK"


@dataclass(frozen=True, slots=True)
class Session:
    """Everything one run needs of the world. `writer` is the client that writes; "" where nobody may."""

    api: OrgApi
    registry: Registry
    clock: Clock
    sinks: Mapping[str, SecretSink]
    lease: Lease
    api_host: str
    login_host: str
    writer: str


@cache
def registry() -> Registry:
    """The kinds this product knows."""
    from reconciler.kinds import REGISTRY

    return REGISTRY


def rules() -> Mapping[str, Rule]:
    """Every rule that findings carry, by its id, from wherever it is written down."""
    found: dict[str, Rule] = {}
    for package in ("model", "kinds", "loading", "planning", "isolation"):
        path = import_module(f"reconciler.{package}").__path__
        for each in pkgutil.walk_packages(path, f"reconciler.{package}."):
            values = vars(import_module(each.name)).values()
            found |= {str(value): value for value in values if isinstance(value, Rule)}
    return found


def read(root: Path) -> tuple[Loaded, Locator]:
    """The manifests below `root` with their profiles expanded, and a way to find their lines."""
    from reconciler import loading
    from reconciler.planning.expand import expand

    loaded = loading.load(root, registry())
    if loaded.manifests is None or errors(loaded.findings):
        return loaded, loading.locator(root)
    expanded, findings = expand(loaded.manifests, registry())
    return Loaded(expanded, loaded.findings + findings, loaded.files), loading.locator(root)


def schema(name: str) -> dict[str, Any]:
    """The published JSON Schema of that name; KeyError for one there is none of."""
    from reconciler import loading
    from reconciler.reports import schemas as reports

    found: dict[str, dict[str, Any]] = {**loading.schemas(registry())}
    found |= {key: reports.schema(key) for key in DOCUMENTS}
    return found[name]


def public_evidence() -> Evidence:
    """What public sources say about permissions; the live catalogue is the authority."""
    text = resources.files("reconciler").joinpath("data/permissions.json").read_text(encoding="utf-8")
    grades = {name: facts["grade"] for name, facts in json.loads(text)["permissions"].items()}
    return Evidence(
        confined=frozenset(name for name, grade in grades.items() if grade == "A"),
        undecided=frozenset(name for name, grade in grades.items() if grade in "CD"),
        known=frozenset(grades),
    )


def today() -> datetime:
    """The present moment, UTC."""
    return SystemClock().now()


def webhook() -> Webhook | None:
    """Who is notified, where RECONCILER_WEBHOOK says so; raises UsageError for what is no such URL."""
    from reconciler.telemetry.webhook import Webhook

    said = setting(WEBHOOK)
    return Webhook(Secret(said)) if said else None


def clock() -> Clock:
    """Real time."""
    return SystemClock()


def plan_signer() -> Signer | None:
    """Who signs plan files, where the environment says so; raises UsageError."""
    from reconciler.secrets import signing

    return signing.signer(setting(signing.KEY), os.environ.get(signing.SIGN, ""), os.environ)


def plan_verifier() -> Verifier | None:
    """Who verifies plan files, where the environment says so; raises UsageError."""
    from reconciler.secrets import signing

    return signing.verifier(setting(signing.KEY), os.environ.get(signing.VERIFY, ""), os.environ)


def new_nonce() -> str:
    """Eight characters that nobody used before."""
    return secrets.token_hex(4)


def run_id() -> str:
    """The name of one run: when it began, and six digits to tell two apart."""
    return f"{today():%Y-%m-%dT%H:%M:%SZ}-{secrets.token_hex(3)}"


def state() -> State:
    """Where runs leave their records; raises UsageError for a place that we cannot use."""
    from reconciler.store.state import state

    return state(setting(STATE), os.environ, today)


@asynccontextmanager
async def session(
    org: Org, endpoint: str, *, read_only: bool, besides: Iterable[str] = (), keys: Path | None = None
) -> AsyncIterator[Session]:
    """Everything connected for one organisation. A ready token is enough for reading, not for writing.

    `besides` are collections that a read-only run may read beside the kinds'; `keys` is a directory of
    credentials by organisation, which goes before the environment.
    Raises UsageError where credentials are missing, or the environment contradicts the Org document.
    """
    from reconciler.engine.keeper import Keeper
    from reconciler.genesys import GenesysApi
    from reconciler.secrets.factory import World, sinks

    hosts = _hosts(org, endpoint)
    clock = SystemClock()
    known = kept(keys / org.name) if keys else credentials(token_allowed=read_only)
    paths = [*(kind.collection.path for kind in registry()), *besides]
    lease = Keeper(lambda: state().lease(), clock)
    fence = None if read_only else lease
    with few_collections(), bound(organisation=org.name):
        async with GenesysApi(
            hosts, known, clock, read_only=read_only, collections=paths, fence=fence
        ) as api:
            yield Session(
                api=api,
                registry=registry(),
                clock=clock,
                sinks=sinks(org, World(os.environ, clock.now)),
                lease=lease,
                api_host=urlsplit(hosts.api).netloc,
                login_host=urlsplit(hosts.login).netloc,
                writer="" if read_only else _client_id(known),
            )


def _client_id(known: AccessToken | ClientCredentials) -> str:
    return getattr(known, "client_id", "")


class Knock(NamedTuple):
    """A read-only connection for looking at what there is, with or without manifests."""

    api: TellingApi
    registry: Registry
    clock: Clock
    hosts: tuple[str, str]


@asynccontextmanager
async def knock(
    org: Org | None, region: str, endpoint: str, besides: Iterable[str] = ()
) -> AsyncIterator[Knock]:
    """Connect to `org`, or without manifests to `region` (default: the environment's).

    `besides` are collections that may be read beside the kinds'.

    Raises UsageError where credentials or a region are missing, or contradict the Org document.
    """
    from reconciler.genesys import GenesysApi

    hosts = _hosts_said(org, region, endpoint)
    clock = SystemClock()
    paths = [*(kind.collection.path for kind in registry()), *besides]
    known = credentials(token_allowed=True)
    with few_collections():
        async with GenesysApi(hosts, known, clock, read_only=True, collections=paths) as api:
            shown = urlsplit(hosts.api).netloc, urlsplit(hosts.login).netloc
            yield Knock(api, registry(), clock, shown)


def unready_sinks(org: Org) -> Mapping[str, SinkError]:
    """The sinks that lack a library or a credential here, with what they lack."""
    from reconciler.secrets.factory import World, unready

    return unready(org, World(os.environ, today))


def doors(org: Org, url: str) -> Doors:
    """How tenants' clients get in, each with the secret that a sink of ours keeps, and at one pace."""
    from reconciler.engine.visit import Doors
    from reconciler.genesys import GUEST, ClientCredentials, GenesysApi, Pacer
    from reconciler.secrets.factory import World, sources

    hosts, clock = _hosts(org, url), SystemClock()
    paces: defaultdict[str, Pacer] = defaultdict(lambda: Pacer(clock, concurrency=1, share=GUEST))

    def connect(kept: Kept) -> GenesysApi:
        known, pacer = ClientCredentials(*kept), paces[kept.client_id]
        return GenesysApi(hosts, known, clock, read_only=True, collections=PATHS, pacer=pacer)

    return Doors(sources(org, World(os.environ, clock.now)), connect)


def _hosts_said(org: Org | None, region: str, url: str) -> Hosts:
    from reconciler.genesys import endpoint, hosts_for

    if org is not None:
        if region and region != org.region:
            raise UsageError(
                f"--region is `{region}`, the Org document says `{org.region}`",
                remedy="leave --region out, or correct `spec.region`",
            )
        return _hosts(org, url)
    if url:
        return endpoint(url)
    if said := region or os.environ.get(REGION, ""):
        return hosts_for(said)
    raise UsageError(
        "neither manifests nor a region: nobody knows which organisation is meant",
        remedy=f"give ROOT, or --region, or set {REGION}",
    )


def _hosts(org: Org, url: str) -> Hosts:
    from reconciler.genesys import endpoint, hosts_for

    said = os.environ.get(REGION, "")
    if said and said != org.region:
        raise UsageError(
            f"{REGION} is `{said}`, the Org document says `{org.region}`",
            remedy=f"unset {REGION}, or correct `spec.region`",
        )
    return endpoint(url) if url else hosts_for(org.region)
