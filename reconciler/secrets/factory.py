"""Which sink of the Org document is which code. The only place that knows the types."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from reconciler.model.manifest import Org, Sink
from reconciler.ports import SecretSink, SecretSource
from reconciler.secrets.file import FileSink
from reconciler.secrets.reading import FileSource

SECRETS = "RECONCILER_SECRETS"


class World(NamedTuple):
    """What a sink may know beside its settings: the environment, and the directory for files."""

    environment: Mapping[str, str]
    root: Path


def sinks(org: Org, environment: Mapping[str, str]) -> Mapping[str, SecretSink]:
    """The organisation's sinks by name."""
    world = _world(environment)
    return {name: _SINKS[sink.type](sink, world) for name, sink in org.sinks.items() if sink.type in _SINKS}


def sources(org: Org, environment: Mapping[str, str]) -> Mapping[str, SecretSource]:
    """Those of its sinks that hand a secret out again."""
    world = _world(environment)
    return {
        name: _SOURCES[sink.type](sink, world) for name, sink in org.sinks.items() if sink.type in _SOURCES
    }


def _world(environment: Mapping[str, str]) -> World:
    return World(environment, Path(environment.get(SECRETS, "secrets")))


def _file(sink: Sink, world: World) -> SecretSink:
    return FileSink(world.root, sink.settings, ci=bool(world.environment.get("CI")))


_SINKS: Mapping[str, Callable[[Sink, World], SecretSink]] = {"file": _file}
_SOURCES: Mapping[str, Callable[[Sink, World], SecretSource]] = {
    "file": lambda sink, world: FileSource(world.root),
}
