"""The file sink: one JSON file per client (`document`) below one directory, for its owner's eyes only.

It never writes outside its root, never into a git work tree unless git ignores the place, and not on
a CI runner, whose disk is thrown away, unless the sink says `persistent: true`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from reconciler.errors import SinkError
from reconciler.model.secret import Credential, Destination, Held, Receipt
from reconciler.secrets.document import document, held
from reconciler.secrets.git import check_ignored
from reconciler.secrets.reading import read
from reconciler.secrets.tree import Tree, parts_of

T = TypeVar("T")


class FileSink:
    """Implements `ports.SecretSink` on a directory.

    `root` is that directory (RECONCILER_SECRETS), made when it is missing; `settings` are the sink's
    own from the Org document (`persistent`); `ci` says that this is a CI job (`CI` is set).
    """

    def __init__(self, root: Path, settings: Mapping[str, Any], *, ci: bool) -> None:
        self._tree = Tree(root)
        self._vanishes = ci and settings.get("persistent") is not True

    async def reserve(self, destination: Destination) -> None:
        """Prove that the file could be written, by writing an empty one beside it; raises `SinkError`."""
        await _at(destination, lambda: self._tree.probe(self._allowed(destination)))

    async def deliver(self, destination: Destination, credential: Credential) -> Receipt:
        """Write the file, or replace it, in one step; raises `SinkError`."""
        await _at(destination, lambda: self._tree.write(self._allowed(destination), _content(credential)))
        return Receipt(destination.sink, destination.path)

    async def status(self, destination: Destination) -> Held | None:
        """What the file says beside the secret; raises `SinkError`."""
        found = await read(self._tree, destination)
        return held(found) if found else None

    def _allowed(self, destination: Destination) -> tuple[str, ...]:
        """The path's parts, once nothing speaks against writing there."""
        if self._vanishes:
            raise SinkError(
                f"sink `{destination.sink}` writes files, and the disk of a CI job is thrown away",
                remedy="use another sink, or set `persistent: true` on this one if the disk stays",
            )
        parts = parts_of(destination.path)
        check_ignored(self._tree.places(parts))
        return parts


def _content(credential: Credential) -> bytes:
    return (json.dumps(document(credential), indent=2, ensure_ascii=False) + "\n").encode()


async def _at(destination: Destination, deed: Callable[[], T]) -> T:
    """Run a deed on files beside the event loop; what the system refuses becomes a `SinkError`."""
    try:
        return await asyncio.to_thread(deed)
    except OSError as error:
        raise SinkError(
            f"{destination.path} cannot be written: {error.strerror or type(error).__name__}",
            remedy="check the directory RECONCILER_SECRETS, its permissions and its free space",
        ) from None
