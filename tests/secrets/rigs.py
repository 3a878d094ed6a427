"""Each type of sink with the realest server to be had, and a way to look at what arrived there."""

from __future__ import annotations

import base64
import json
import logging
import sys
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from reconciler.model.address import Address
from reconciler.model.manifest import Org, Sink
from reconciler.model.origin import Origin
from reconciler.model.secret import Credential, Destination, Secret
from reconciler.ports import SecretSink, SecretSource
from reconciler.secrets.factory import World, sinks, sources
from tests.support import github
from tests.support.github import GitHub
from tests.support.listener import Listener
from tests.support.vault import Vault

ISSUED = datetime(2026, 11, 20, 14, 2, 25, tzinfo=UTC)
NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
PLACE, OTHER = ("acme", "metrics"), ("globex", "metrics")
_ORIGIN = Origin("org.yaml")
_SCRIPT = Path(__file__).with_name("store.py")

Arrived = dict[str, tuple[str, str]]


@dataclass
class Rig:
    """One sink. `look` is what arrived, client id and secret by place; `server` what it was asked over HTTP.

    `refuse` takes the right to write away; `whose` is whether the sink can tell whose its content is.
    `settings` and `environment` are what an Org document and a shell would say.
    """

    kind: str
    template: str
    settings: Mapping[str, Any]
    environment: Mapping[str, str]
    look: Callable[[], Arrived]
    refuse: Callable[[], object]
    whose: bool = True
    server: Listener | None = None
    sink: SecretSink = field(init=False)
    source: SecretSource | None = field(init=False)

    def __post_init__(self) -> None:
        self.sink, self.source = opened(self.kind, self.settings, self.environment)

    def place(self, tenant: str = "acme", key: str = "metrics") -> Destination:
        return Destination("safe", self.template.format(tenant=tenant, key=key))


def credential(
    secret: str, client_id: str = "id-1", issued: datetime = ISSUED, nonce: str = "n0nce000"
) -> Credential:
    address = Address("acme", "client", "metrics")
    return Credential(
        address, client_id, Secret(secret), "us-east-1", "api.example", "login.example", issued, nonce
    )


def opened(
    kind: str, settings: Mapping[str, Any], environment: Mapping[str, str]
) -> tuple[SecretSink, SecretSource | None]:
    """The sink `safe` and, where it can be read, its source."""
    org = Org(
        "northwind", "us-east-1", "x", "op", _ORIGIN, sinks={"safe": Sink("safe", kind, settings, _ORIGIN)}
    )
    world = World(environment, lambda: NOW)
    return sinks(org, world)["safe"], sources(org, world).get("safe")


@contextmanager
def file_rig(tmp_path: Path, _patch: pytest.MonkeyPatch) -> Iterator[Rig]:
    root = tmp_path / "secrets"

    def look() -> Arrived:
        found = {path: json.loads(path.read_text()) for path in root.rglob("*.json")}
        return {
            str(path.relative_to(root)): (it["clientId"], it["clientSecret"]) for path, it in found.items()
        }

    def refuse() -> None:
        root.rename(tmp_path / "away")
        root.write_text("")

    root.mkdir()
    yield Rig("file", "{tenant}/{key}.json", {}, {"RECONCILER_SECRETS": str(root)}, look, refuse)


@contextmanager
def vault_rig(_tmp_path: Path, _patch: pytest.MonkeyPatch) -> Iterator[Rig]:
    with Vault() as server:
        environment = {"VAULT_ADDR": server.url, "VAULT_TOKEN": "made-up-vault-token"}
        may = {"read", "create", "update"}
        policy = {"kv/data/bpo/": may, "kv/metadata/bpo/": may}
        server.policies["made-up-vault-token"] = policy

        def look() -> Arrived:
            last = {path: key.versions[-1] for path, key in server.keys.items() if key.versions}
            return {path: (it["clientId"], it["clientSecret"]) for path, it in last.items() if it}

        def refuse() -> None:
            policy["kv/data/bpo/"] = {"read"}

        yield Rig("vault", "bpo/{tenant}/{key}", {"mount": "kv"}, environment, look, refuse, server=server)


@contextmanager
def aws_rig(_tmp_path: Path, patch: pytest.MonkeyPatch) -> Iterator[Rig]:
    import boto3

    url = _aws()
    urllib.request.urlopen(urllib.request.Request(f"{url}/moto-api/reset", method="POST")).close()
    as_if_in_aws(patch, url)
    client: Any = boto3.client("secretsmanager", region_name="eu-central-1")

    def look() -> Arrived:
        found = {}
        for each in client.list_secrets()["SecretList"]:
            stored = json.loads(current(client, each["Name"]))
            if "clientId" in stored:
                found[each["Name"]] = (stored["clientId"], stored["clientSecret"])
        return found

    def refuse() -> None:
        if not look():
            client.create_secret(Name="bpo/acme/metrics")
        client.delete_secret(SecretId="bpo/acme/metrics", RecoveryWindowInDays=7)

    yield Rig("aws", "bpo/{tenant}/{key}", {"region": "eu-central-1"}, {}, look, refuse)


@cache
def _aws() -> str:
    """The URL of a server that lives as long as this process: stopping one takes half a second."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    return "http://{}:{}".format(*server.get_host_and_port())


def current(client: Any, path: str) -> str:
    """What an application reads; moto's default stays on the last version that was current when written."""
    return str(client.get_secret_value(SecretId=path, VersionStage="AWSCURRENT")["SecretString"])


def as_if_in_aws(patch: pytest.MonkeyPatch, url: str) -> None:
    """Nothing but that server, and nobody's own credentials."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
        patch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        patch.setenv(name, "/dev/null")
    patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    patch.setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", url)
    patch.setenv("AWS_ACCESS_KEY_ID", "made-up-key-id")
    patch.setenv("AWS_SECRET_ACCESS_KEY", "made-up-access-key")


@contextmanager
def github_rig(_tmp_path: Path, _patch: pytest.MonkeyPatch) -> Iterator[Rig]:
    with GitHub() as server:
        environment = {"GITHUB_API_URL": server.url, "GITHUB_TOKEN": github.TOKEN}

        def look() -> Arrived:
            names = {name.removesuffix("_SECRET") for name in server.secrets if name.endswith("_SECRET")}
            return {
                name: (server.secrets.get(f"{name}_ID", ""), server.secrets[f"{name}_SECRET"])
                for name in names
            }

        def refuse() -> None:
            server.may_write = False

        settings = {"repository": github.REPOSITORY}
        yield Rig(
            "github", "BPO_{tenant}__{key}", settings, environment, look, refuse, whose=False, server=server
        )


@contextmanager
def command_rig(tmp_path: Path, _patch: pytest.MonkeyPatch) -> Iterator[Rig]:
    """A real process; it keeps what it was told, and how it was started, in a directory."""
    kept = tmp_path / "kept"
    kept.mkdir()
    settings = {"program": sys.executable, "arguments": ["-IS", str(_SCRIPT), str(kept)], "seconds": 20}

    def look() -> Arrived:
        found = {path.stem: json.loads(path.read_text()) for path in kept.glob("*.kept")}
        named = {base64.urlsafe_b64decode(name).decode(): it for name, it in found.items()}
        return {path: (it["clientId"], it["clientSecret"]) for path, it in named.items()}

    environment = {"PATH": "/usr/bin", "GENESYSCLOUD_OAUTHCLIENT_SECRET": "ours", "PGPASSWORD": "ours"}
    yield Rig("command", "{tenant}/{key}", settings, environment, look, (kept / "refuse").touch)


RIGS = {
    "file": file_rig,
    "vault": vault_rig,
    "aws": aws_rig,
    "github": github_rig,
    "command": command_rig,
}
