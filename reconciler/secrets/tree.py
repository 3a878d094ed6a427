"""Files below one directory, written as a whole or not at all, reached without following a link."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from reconciler.errors import SinkError

_FILE, _DIRECTORY = 0o600, 0o700
_WALK = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
MOST_BYTES = 65_536
"""More than any credential takes."""

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL


def parts_of(path: str) -> tuple[str, ...]:
    """The parts of a relative path; raises `SinkError` where it is not plainly below its root."""
    parts = tuple(path.split("/"))
    if not all(part not in ("", ".", "..") and part.isprintable() and "\\" not in part for part in parts):
        raise SinkError(
            f"{path!r} is not a path below the sink's root",
            remedy='give the sink a relative path such as "{tenant}/{key}.json"',
        )
    return parts


class Tree:
    """A directory and what is below it. Errors of the system come as OSError."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()

    def places(self, parts: tuple[str, ...]) -> tuple[Path, Path]:
        """Where the file stands and where, for a moment or after a crash, its content does."""
        target = self.root.joinpath(*parts)
        return target, target.with_name(_temporary(target.name))

    def probe(self, parts: tuple[str, ...]) -> None:
        """Show that `write` would succeed: make the directories, and an empty file that is gone at once."""
        with self._directory(parts) as directory:
            os.close(_fresh(directory, _temporary(parts[-1])))
            os.unlink(_temporary(parts[-1]), dir_fd=directory)

    def write(self, parts: tuple[str, ...], content: bytes) -> None:
        """Replace the file in one step that survives a crash: the old content stands, or the new one does."""
        temporary = _temporary(parts[-1])
        with self._directory(parts) as directory:
            try:
                with open(_fresh(directory, temporary), "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                os.rename(temporary, parts[-1], src_dir_fd=directory, dst_dir_fd=directory)
            except BaseException:
                with suppress(FileNotFoundError):
                    os.unlink(temporary, dir_fd=directory)
                raise
            os.fsync(directory)

    def read(self, parts: tuple[str, ...]) -> bytes:
        """The file's content, of at most `MOST_BYTES`; nothing is made that is not there."""
        descriptor = os.open(self.root, _WALK)
        try:
            for part in parts[:-1]:
                below = os.open(part, _WALK, dir_fd=descriptor)
                os.close(descriptor)
                descriptor = below
            file = os.open(parts[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=descriptor)
        finally:
            os.close(descriptor)
        with open(file, "rb") as opened:
            return opened.read(MOST_BYTES)

    @contextmanager
    def _directory(self, parts: tuple[str, ...]) -> Iterator[int]:
        """A descriptor of the directory that holds the file, made where it is missing."""
        self.root.mkdir(mode=_DIRECTORY, parents=True, exist_ok=True)
        descriptor = os.open(self.root, _WALK)
        try:
            for index, part in enumerate(parts[:-1], 1):
                below = _enter(descriptor, part, "/".join(parts[:index]))
                os.close(descriptor)
                descriptor = below
            _check_plain(descriptor, parts)
            yield descriptor
        finally:
            os.close(descriptor)


def _enter(directory: int, name: str, path: str) -> int:
    with suppress(FileExistsError):
        os.mkdir(name, _DIRECTORY, dir_fd=directory)
    try:
        return os.open(name, _WALK, dir_fd=directory)
    except NotADirectoryError:
        raise _in_the_way(path) from None


def _check_plain(directory: int, parts: tuple[str, ...]) -> None:
    """What stands at the file's place may only be a file."""
    with suppress(FileNotFoundError):
        if not stat.S_ISREG(os.stat(parts[-1], dir_fd=directory, follow_symlinks=False).st_mode):
            raise _in_the_way("/".join(parts))


def _in_the_way(path: str) -> SinkError:
    return SinkError(
        f"{path} below the sink's root is a link or something else in the way",
        remedy="remove it; the sink follows no links",
    )


def _temporary(name: str) -> str:
    """Always the same name, so that what a crash left is replaced; the ending stays, for .gitignore."""
    return f".new.{name}"


def _fresh(directory: int, name: str) -> int:
    with suppress(FileNotFoundError):
        os.unlink(name, dir_fd=directory)
    return os.open(name, _NEW, _FILE, dir_fd=directory)
