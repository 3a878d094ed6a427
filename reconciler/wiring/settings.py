"""What the environment says: credentials, each also from a file that NAME_FILE names."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from reconciler.errors import UsageError
from reconciler.model.secret import Secret

if TYPE_CHECKING:
    from reconciler.genesys import AccessToken, ClientCredentials

CLIENT_ID = "GENESYSCLOUD_OAUTHCLIENT_ID"
CLIENT_SECRET = "GENESYSCLOUD_OAUTHCLIENT_SECRET"
ACCESS_TOKEN = "GENESYSCLOUD_ACCESS_TOKEN"
REGION = "GENESYSCLOUD_REGION"


def credentials(*, token_allowed: bool) -> AccessToken | ClientCredentials:
    """Who signs in; a ready token only where it is allowed. Raises UsageError where nobody can."""
    from reconciler.genesys import AccessToken, ClientCredentials

    token = setting(ACCESS_TOKEN)
    if token and token_allowed:
        return AccessToken(Secret(token))
    identity, secret = setting(CLIENT_ID), setting(CLIENT_SECRET)
    if identity and secret:
        return ClientCredentials(identity, Secret(secret))
    missing = " and ".join(
        name for name, value in ((CLIENT_ID, identity), (CLIENT_SECRET, secret)) if not value
    )
    raise UsageError(
        f"no credentials: {missing} {'are' if ' and ' in missing else 'is'} not set",
        remedy="set both, or name files with …_FILE; `reconciler demo --keep` prints exports to try",
    )


def kept(directory: Path) -> ClientCredentials:
    """The credentials of one organisation, from the files `client-id` and `client-secret`.

    Raises UsageError where one of them cannot be read or is empty.
    """
    from reconciler.genesys import ClientCredentials

    identity, secret = (_content(directory / name) for name in ("client-id", "client-secret"))
    return ClientCredentials(identity, Secret(secret))


def _content(path: Path) -> str:
    said = ""
    with suppress(OSError, UnicodeDecodeError):
        said = path.read_text(encoding="utf-8").strip()
    if said:
        return said
    raise UsageError(f"{path} cannot be read, or is empty", remedy="write client-id and client-secret there")


def setting(name: str) -> str:
    """An environment variable, or what the file named by its `_FILE` twin holds."""
    path = os.environ.get(f"{name}_FILE", "")
    if not path:
        return os.environ.get(name, "")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        trouble = f"{name}_FILE names {path}, which cannot be read"
    raise UsageError(trouble, remedy="correct the path or its permissions")  # the cause holds what it read
