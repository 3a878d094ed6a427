"""The file of an SQLite database: for its owner's eyes only, set aside when damaged, never deleted."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from reconciler.errors import JournalError
from reconciler.store.place import GO_ON

_BESIDE = ("", "-wal", "-shm")


def prepare(path: Path) -> None:
    """Make the file (0600) and its directory (0700) where they are missing; raises `JournalError`."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise JournalError(
            f"the journal {path} cannot be written: {error.strerror or type(error).__name__}", remedy=GO_ON
        ) from None


def set_aside(path: Path, now: datetime) -> Path:
    """Rename a damaged database and what lies beside it; its new name. Raises `JournalError`."""
    name, number = f"{path.name}.damaged-{now:%Y%m%dT%H%M%SZ}", 1
    aside = path.with_name(name)
    while aside.exists():
        number += 1
        aside = path.with_name(f"{name}-{number}")
    try:
        for suffix in _BESIDE:
            if (old := Path(f"{path}{suffix}")).exists():
                old.rename(f"{aside}{suffix}")
    except OSError as error:
        raise JournalError(
            f"the journal {path} is damaged and cannot be moved aside: {error.strerror}",
            remedy=f"move it by hand, or {GO_ON}",
        ) from None
    return aside
