"""The file sink read again: what `file` wrote, for a run that tries each client's own token.

Nothing is made or changed, no link is followed, and no error quotes what a file holds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reconciler.errors import SinkError
from reconciler.model.secret import Destination
from reconciler.ports import Kept
from reconciler.secrets.document import kept, parsed
from reconciler.secrets.tree import Tree, parts_of

_REMEDY = "look where the secrets were delivered, with RECONCILER_SECRETS naming their directory"


class FileSource:
    """Implements `ports.SecretSource` on the directory of the file sink."""

    def __init__(self, root: Path) -> None:
        self._tree = Tree(root)

    async def fetch(self, destination: Destination) -> Kept:
        """The credential that was delivered there; raises `SinkError`."""
        found = kept(await read(self._tree, destination) or {})
        if found is None:
            raise SinkError(f"there is no secret at {destination.path}", remedy=_REMEDY)
        return found


async def read(tree: Tree, destination: Destination) -> Mapping[str, Any] | None:
    """The document in that file; None where no file is. Raises `SinkError` for anything else."""
    parts = parts_of(destination.path)
    try:
        content = await asyncio.to_thread(tree.read, parts)
    except FileNotFoundError:
        return None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise SinkError(
            f"the secret at {destination.path} cannot be read: {reason}", remedy=_REMEDY
        ) from None
    found = parsed(content)
    if found is None:
        raise SinkError(f"{destination.path} holds no credential of ours", remedy=_REMEDY)
    return found
