"""The file sink read again: what `file` wrote, for a run that tries each client's own token.

Nothing is made or changed, no link is followed, and no error quotes what a file holds.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from reconciler.errors import SinkError
from reconciler.model.secret import Destination, Secret
from reconciler.ports import Kept
from reconciler.secrets.tree import Tree, parts_of

_REMEDY = "probe where the secrets were delivered, with RECONCILER_SECRETS naming their directory"


class FileSource:
    """Implements `ports.SecretSource` on the directory of the file sink."""

    def __init__(self, root: Path) -> None:
        self._tree = Tree(root)

    async def fetch(self, destination: Destination) -> Kept:
        """The credential that was delivered there; raises `SinkError`."""
        parts = parts_of(destination.path)
        try:
            content = await asyncio.to_thread(self._tree.read, parts)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise SinkError(
                f"the secret at {destination.path} cannot be read: {reason}", remedy=_REMEDY
            ) from None
        kept = _kept(content)
        if kept is None:
            raise SinkError(f"{destination.path} holds no credential of ours", remedy=_REMEDY)
        return kept


def _kept(content: bytes) -> Kept | None:
    try:
        document = json.loads(content)
    except ValueError:
        return None  # and no exception: it would carry the content
    if not isinstance(document, dict):
        return None
    identity, secret = document.get("clientId"), document.get("clientSecret")
    if not (isinstance(identity, str) and identity and isinstance(secret, str) and secret):
        return None
    return Kept(identity, Secret(secret))
