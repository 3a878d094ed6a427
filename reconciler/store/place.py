"""Where records are kept, read from one setting: a file, a PostgreSQL database, or nowhere.

Loads no database, so that what writes nothing pays for none.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from reconciler.errors import UsageError

OFF = "off"
GO_ON = "set RECONCILER_STATE to another file or to a PostgreSQL URL, or to `off` to run without a journal"
"""How to go on where the place is of no use."""

_SCHEMES = ("postgresql", "postgres")
_BRACKETED = re.compile(r"\[[^\[\]]+\](:\d+)?")


@dataclass(frozen=True, slots=True)
class Nowhere:
    """No journal and no history."""

    @property
    def shown(self) -> str:
        """For people."""
        return "nowhere (RECONCILER_STATE is off)"


@dataclass(frozen=True, slots=True)
class File:
    """An SQLite file."""

    path: Path

    @property
    def shown(self) -> str:
        """For people."""
        return str(self.path)

    @property
    def itself(self) -> Path:
        """The one file, whichever links lead to it."""
        return Path(os.path.realpath(self.path))


@dataclass(frozen=True, slots=True)
class Server:
    """A PostgreSQL database. URL and password are in no `repr`; `shown` is for people."""

    url: str = field(repr=False)
    shown: str
    password: str = field(repr=False)


Place = Nowhere | File | Server


def place_of(setting: str, environ: Mapping[str, str]) -> Place:
    """The place that RECONCILER_STATE names; an empty setting is the user's state directory.

    Raises UsageError, which never quotes a URL, for a URL we cannot use and where there is no home.
    """
    if setting == OFF:
        return Nowhere()
    if "://" in setting:
        return _server(setting)
    return File(Path(setting) if setting else _state_directory(environ) / "history.sqlite")


def _state_directory(environ: Mapping[str, str]) -> Path:
    """`$XDG_STATE_HOME/reconciler`, or below the home directory where that is not set."""
    said = environ.get("XDG_STATE_HOME", "")
    if said and Path(said).is_absolute():  # the specification has anything else ignored
        return Path(said) / "reconciler"
    try:
        return Path.home() / ".local" / "state" / "reconciler"
    except RuntimeError:
        raise UsageError("there is no home directory to keep the journal in", remedy=GO_ON) from None


def _server(url: str) -> Server:
    try:
        parts = urlsplit(url)
        said = dict(parse_qsl(parts.query))
        host = said.get("host") or parts.hostname or "localhost"
        where = f"{host}:{said.get('port') or parts.port or 5432}"
        _require_plain(url, parts.netloc)
    except ValueError:
        raise UsageError(
            "RECONCILER_STATE is a URL that cannot be read",
            remedy="write postgresql://USER:PASSWORD@HOST:5432/NAME, with what is special in it %-encoded: "
            "`@` as %40, `/` as %2F",
        ) from None
    if parts.scheme not in _SCHEMES:
        raise UsageError(
            f"RECONCILER_STATE is a `{parts.scheme}` URL", remedy=f"this version knows postgresql://; {GO_ON}"
        )
    password = unquote(parts.password or "") or said.get("password", "")
    return Server(url, f"postgresql://{where}{parts.path}", password)


def _require_plain(url: str, netloc: str) -> None:
    """Raises ValueError for what the driver may read otherwise, so that we show what it takes for secret."""
    stray = "#" in url or url.count("@") > 1 or url.count("@") != netloc.count("@")
    host = netloc.rpartition("@")[2]
    bracketed = _BRACKETED.fullmatch(host) or not set("[]") & set(host)
    if stray or netloc.endswith(":") or not bracketed or not url.isprintable():
        raise ValueError("it can be read in two ways")
