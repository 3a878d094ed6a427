"""Which sink of the Org document is which code. The only place that knows the types.

A sink's library is imported when the sink is first used: a plan needs none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from reconciler.errors import SinkError
from reconciler.model.manifest import Org, Sink
from reconciler.ports import SecretSink, SecretSource
from reconciler.secrets.file import FileSink
from reconciler.secrets.reading import FileSource
from reconciler.secrets.ready import require_library, required, safe_url
from reconciler.secrets.remote import RemoteSink, RemoteSource

if TYPE_CHECKING:
    from reconciler.secrets.aws import AwsPlace
    from reconciler.secrets.command import CommandPlace
    from reconciler.secrets.github import GithubPlace
    from reconciler.secrets.vault import VaultPlace

SECRETS = "RECONCILER_SECRETS"


class World(NamedTuple):
    """What a sink may know beside its settings: the environment, and what time it is."""

    environment: Mapping[str, str]
    now: Callable[[], datetime]

    @property
    def root(self) -> Path:
        """The directory for files."""
        return Path(self.environment.get(SECRETS) or "secrets")


def sinks(org: Org, world: World) -> Mapping[str, SecretSink]:
    """The organisation's sinks by name. Nothing is imported or asked yet."""
    return {name: _TYPES[sink.type].open(sink, world) for name, sink in org.sinks.items()}


def sources(org: Org, world: World) -> Mapping[str, SecretSource]:
    """Those of its sinks that hand a secret out again: nobody can read GitHub's, or asks a command to."""
    readable = {name: _TYPES[sink.type].read(sink, world) for name, sink in org.sinks.items()}
    return {name: source for name, source in readable.items() if source is not None}


def unready(org: Org, world: World) -> Mapping[str, SinkError]:
    """The sinks that lack a library or a credential, with what they lack. Asks none."""
    found = {name: _lack(sink, world) for name, sink in org.sinks.items()}
    return {name: error for name, error in found.items() if error is not None}


def _lack(sink: Sink, world: World) -> SinkError | None:
    try:
        _TYPES[sink.type].check(world)
    except SinkError as error:
        return SinkError(
            f"sink `{sink.name}` (type {sink.type}) cannot be used: {error.message}", remedy=error.remedy
        )
    return None


class _Type(NamedTuple):
    """`check` raises `SinkError`; `open` and `read` make the two ports, `read` None where it cannot be."""

    check: Callable[[World], None]
    open: Callable[[Sink, World], SecretSink]
    read: Callable[[Sink, World], SecretSource | None]


def _nothing(*_given: Any) -> None:
    return None


def _file(sink: Sink, world: World) -> FileSink:
    return FileSink(world.root, sink.settings, ci=bool(world.environment.get("CI")))


def _vault(sink: Sink, world: World) -> RemoteSource[VaultPlace]:
    def connect() -> VaultPlace:
        _check_vault(world)
        from reconciler.secrets.vault import VaultPlace

        return VaultPlace(sink.settings, world.environment, world.now)

    return RemoteSource(connect)


def _check_vault(world: World) -> None:
    require_library("hvac", "vault")
    safe_url(required(world.environment, "VAULT_ADDR"), "VAULT_ADDR")
    required(world.environment, "VAULT_TOKEN")


def _aws(sink: Sink, world: World) -> RemoteSource[AwsPlace]:
    def connect() -> AwsPlace:
        _check_aws(world)
        from reconciler.secrets.aws import AwsPlace

        return AwsPlace(sink.settings)

    return RemoteSource(connect)


def _check_aws(_world: World) -> None:
    require_library("boto3", "aws")


def _github(sink: Sink, world: World) -> RemoteSink[GithubPlace]:
    def connect() -> GithubPlace:
        _check_github(world)
        from reconciler.secrets.github import GithubPlace

        return GithubPlace(sink.settings, world.environment)

    return RemoteSink(connect, singly=True)  # PyGithub keeps the request on a connection that all share


def _check_github(world: World) -> None:
    require_library("github", "github")
    required(world.environment, "GITHUB_TOKEN")


def _command(sink: Sink, world: World) -> RemoteSink[CommandPlace]:
    def connect() -> CommandPlace:
        from reconciler.secrets.command import CommandPlace

        return CommandPlace(sink.name, sink.settings, world.environment)

    return RemoteSink(connect)


_TYPES: Mapping[str, _Type] = {
    "file": _Type(_nothing, _file, lambda sink, world: FileSource(world.root)),
    "vault": _Type(_check_vault, _vault, _vault),
    "aws": _Type(_check_aws, _aws, _aws),
    "github": _Type(_check_github, _github, _nothing),
    "command": _Type(_nothing, _command, _nothing),
}
