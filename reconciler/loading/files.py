"""Which files are manifests: `*.yaml` and `*.yml` below a root, in one order on every machine."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from reconciler.loading.mistakes import Unreadable
from reconciler.loading.text import MOST_BYTES, decode, too_big
from reconciler.model.finding import Finding, Severity
from reconciler.model.origin import Origin
from reconciler.model.rule import Rule

FILE_NAME = Rule(
    "manifest/file-name",
    "A name that cannot be shown cannot be reviewed or told in a finding.",
    "Rename the file.",
)
SYMLINK = Rule(
    "manifest/symlink",
    "A link can lead out of what was reviewed, so that a change elsewhere becomes access here.",
    "Put the file itself below the root.",
)
NOT_A_FILE = Rule(
    "manifest/not-a-file",
    "What is neither a file nor a directory may give another text each time it is read.",
    "Remove it.",
)
UNREADABLE_FILE = Rule(
    "manifest/unreadable-file",
    "What could not be read must not look like something that was removed: a tenant would lose its access.",
    "Look at the file's permissions.",
)

_SUFFIXES = (".yaml", ".yml")


class File(NamedTuple):
    """A file below the root: its name with forward slashes, its text, or what keeps us from reading it."""

    name: str
    text: str
    finding: Finding | None = None


def read_all(root: Path) -> Iterator[File]:
    """Every manifest file, sorted by name; dot-directories are skipped."""
    inside = root.resolve()
    for name, path, symlink in sorted(_walk(root, "")):
        yield _read(name, path, symlink, inside)


def _walk(directory: Path, prefix: str) -> Iterator[tuple[str, Path, bool]]:
    """Names, paths, and whether it is a symlink."""
    try:
        with os.scandir(directory) as scan:
            entries = list(scan)
    except OSError:
        yield prefix, directory, False  # reading it says why not
        return
    for entry in entries:
        name, path = prefix + entry.name, directory / entry.name
        if entry.is_dir() and not entry.name.startswith("."):
            if entry.is_symlink():
                yield name, path, True
            else:
                yield from _walk(path, name + "/")
        elif entry.name.endswith(_SUFFIXES) and not entry.is_dir():
            yield name, path, entry.is_symlink()


def _read(name: str, path: Path, symlink: bool, inside: Path) -> File:
    if not name.isprintable():
        shown = ascii(name)[1:-1]
        return _refused(shown, FILE_NAME, "a file name that cannot be shown", "rename the file")
    if symlink and (refusal := _strays(path, inside)):
        return _refused(name, SYMLINK, *refusal)
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            os.listdir(path)
        if not stat.S_ISREG(status.st_mode):
            return _refused(name, NOT_A_FILE, "neither a file nor a directory", "remove it")
        if status.st_size > MOST_BYTES:
            raise Unreadable(too_big())
        return File(name, decode(path.read_bytes()))
    except Unreadable as error:
        return File(name, "", error.mistake.finding(name))
    except OSError as error:
        message = f"cannot be read: {error.strerror or 'unknown error'}"
        return _refused(name, UNREADABLE_FILE, message, "look at its permissions")


def _strays(path: Path, inside: Path) -> tuple[str, str] | None:
    """What is wrong with a symlink; None where it stays below the root."""
    if path.is_dir():
        return "a symlink to a directory", "put the files themselves below the root"
    if not path.resolve().is_relative_to(inside):
        return "a symlink that leaves the root", "put the file itself below the root"
    return None


def _refused(name: str, rule: str, message: str, remedy: str) -> File:
    return File(name, "", Finding(rule, Severity.ERROR, message, remedy, name, location=Origin(name)))
