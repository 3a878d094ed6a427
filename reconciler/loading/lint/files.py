"""Which files are looked at: those that are named, and source text below directories that are named.

Below a directory, links are not followed, and what nobody wrote by hand is left out: dot-directories but
`.github`, packages that were installed, minified code. What cannot be looked at is said, never guessed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from reconciler.errors import UsageError

MOST_BYTES = 1024 * 1024
"""A larger file was made by a machine."""

STDIN, STDIN_NAME = "-", "<stdin>"
"""How standard input is asked for, and what it is called in findings."""

_SOURCE = re.compile(
    r"(?i)\.(?:bash|bicep|bru|c|cc|cfg|clj|cpp|cs|csx|dart|env|exs?|fs|go|gradle|groovy|hcl|http|ini|ipynb|java"
    r"|json[5c]?|[cm]?jsx?|kts?|lua|php|pl|properties|psm?1|py|r|rb|rest|rs|scala|sh|svelte|swift|tf|tfvars|toml"
    r"|tsx?|vb|vue|ya?ml|zsh)"
)
_INSTALLED = frozenset({"node_modules", "__pycache__", "site-packages", "bower_components"})


class Source(NamedTuple):
    """A file: its name as it was reached, its text, or why it was not read."""

    name: str
    text: str
    skipped: str = ""


def sources(paths: Iterable[Path]) -> Iterator[Source]:
    """Every file, each once, in an order that does not depend on the machine.

    Raises:
        UsageError: a file that was named cannot be looked at.
    """
    seen: set[str] = set()
    for path in paths:
        for each in _below(path) if path.is_dir() else [path]:
            real = os.path.realpath(each)
            if real not in seen:
                seen.add(real)
                yield _read(each, named=each is path)


def standard_input(data: bytes) -> Source:
    """What was piped in. Raises UsageError where it is no text."""
    if why := _unfit(data):
        raise UsageError(f"standard input {why}", remedy="pipe in text: JSON, YAML, Terraform or source code")
    return Source(STDIN_NAME, _text(data))


def _below(directory: Path) -> Iterator[Path]:
    for place, directories, files in os.walk(directory, followlinks=False):
        here = Path(place)
        directories[:] = sorted(name for name in directories if _walked(here / name))
        for name in sorted(files):
            path = here / name
            if _SOURCE.fullmatch(path.suffix) and ".min." not in name and not path.is_symlink():
                yield path


def _walked(directory: Path) -> bool:
    name = directory.name
    hidden = name.startswith(".") and name != ".github"
    return not (hidden or name in _INSTALLED or (directory / "pyvenv.cfg").exists())


def _read(path: Path, named: bool) -> Source:
    why = ""
    try:
        if not path.is_file():
            why = "is neither a file nor a directory" if path.exists() else "does not exist"
        elif path.stat().st_size > MOST_BYTES:
            why = f"is larger than {MOST_BYTES // 1024} KiB"
        else:
            data = path.read_bytes()
            why = _unfit(data)
    except OSError as error:
        why = f"cannot be read: {error.strerror or 'unknown error'}"
    if why and named:
        raise UsageError(f"`{path}` {why}", remedy="name a text file, or the directory around it")
    return Source(path.as_posix(), "" if why else _text(data), why)


def _unfit(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        return f"is larger than {MOST_BYTES // 1024} KiB"
    if b"\0" in data:
        return "is binary"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "is not UTF-8"
    return ""


def _text(data: bytes) -> str:
    return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
