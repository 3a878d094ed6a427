"""The file of an SQLite database: for its owner's eyes only, set aside when damaged, never deleted."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from errno import EACCES, EISDIR, ENOTDIR
from pathlib import Path
from threading import Lock

from reconciler.errors import JournalError
from reconciler.store.place import GO_ON

_BESIDE = ("-wal", "-shm", "")
_MAKING = Lock()


def prepare(path: Path) -> None:
    """Make the file (0600) and its directory (0700) where they are missing; raises `JournalError`.

    A file that is there is not opened: closing it again would drop the locks that SQLite has on it in this
    process, and others would take its log away. https://www.sqlite.org/howtocorrupt.html, section 2.2.
    """
    with _told(path, "the journal", "written"):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _MAKING, suppress(FileExistsError):  # no other thread of ours locks what is closed here
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        _require_writable(path)


def require_usable(path: Path) -> None:
    """Raises `JournalError` where the file could not be made or written; makes and opens nothing."""
    with _told(path, "the journal", "written"):
        if _is_there(path):
            _require_writable(path)
        directory = next(each for each in path.parents if _is_there(each))
        if not directory.is_dir():
            raise NotADirectoryError(ENOTDIR, os.strerror(ENOTDIR))
        _require(directory, os.W_OK | os.X_OK)


def is_there(path: Path) -> bool:
    """Whether there is a history to be read; raises `JournalError` where that cannot be seen."""
    with _told(path, "the history", "read"):
        return _is_there(path)


@contextmanager
def _told(path: Path, what: str, deed: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise JournalError(
            f"{what} {path} cannot be {deed}: {error.strerror or type(error).__name__}", remedy=GO_ON
        ) from None


def _is_there(path: Path) -> bool:
    """`Path.exists` takes some of what cannot be seen for missing, which depends on the Python."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def _require_writable(path: Path) -> None:
    """Raises OSError where it is known without opening it: SQLite would notice with the first write only."""
    if path.is_dir():
        raise IsADirectoryError(EISDIR, os.strerror(EISDIR))
    _require(path, os.R_OK | os.W_OK)


def _require(path: Path, access: int) -> None:
    if not os.access(path, access):
        raise PermissionError(EACCES, os.strerror(EACCES))


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """No other process sets that file aside meanwhile; raises `JournalError`."""
    with _movable(path):
        lock = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        with _movable(path):
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def set_aside(path: Path, now: datetime) -> Path:
    """Rename a damaged database and what lies beside it; its new name. Raises `JournalError`.

    The log goes first: one that was left behind would be played into the next file of that name.
    """
    name, number = f"{path.name}.damaged-{now:%Y%m%dT%H%M%SZ}", 1
    aside = path.with_name(name)
    with _movable(path):
        while any(_is_there(Path(f"{aside}{suffix}")) for suffix in _BESIDE):
            number += 1
            aside = path.with_name(f"{name}-{number}")
        for suffix in _BESIDE:
            if _is_there(old := Path(f"{path}{suffix}")):
                old.rename(f"{aside}{suffix}")
    return aside


@contextmanager
def _movable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise JournalError(
            f"the journal {path} is damaged and cannot be moved aside: {error.strerror}",
            remedy=f"move it by hand, or {GO_ON}",
        ) from None
