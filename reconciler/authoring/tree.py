"""A directory that appears whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from reconciler.errors import UsageError


class Tree:
    """A directory in the making, beside the place that it is for."""

    def __init__(self, out: Path, root: Path) -> None:
        self.root = root
        self._out = out

    def fill(self, texts: Mapping[str, str]) -> None:
        """Hold these files and no others; paths are relative, with forward slashes."""
        for old in self.root.iterdir():
            shutil.rmtree(old) if old.is_dir() else old.unlink()
        for name, text in texts.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def publish(self) -> None:
        """Take the place; it must still be free."""
        self.root.chmod(0o777 & ~_umask())
        os.rename(self.root, self._out)


@contextmanager
def growing(out: Path, option: str = "--out") -> Iterator[Tree]:
    """A tree that takes the place of `out` when it is published; otherwise nothing is left of it.

    `option` is what gave us the place, for messages.

    Raises:
        UsageError: `out` is there and not empty, or cannot be written.
    """
    refuse_taken(out, option)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        root = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    except OSError as error:
        raise _unwritable(out, error, option) from error
    try:
        yield Tree(out, root)
    except OSError as error:
        raise _unwritable(out, error, option) from error
    finally:
        shutil.rmtree(root, ignore_errors=True)


def refuse_taken(out: Path, option: str = "--out") -> None:
    """Raises UsageError when there is anything at `out` but an empty directory."""
    try:
        taken = out.is_symlink() or (out.exists() and (not out.is_dir() or any(out.iterdir())))
    except OSError as error:
        raise _unwritable(out, error, option) from error
    if taken:
        raise UsageError(
            f"{out} is there already, and is not an empty directory",
            remedy=f"nothing was written; name a directory that is not there yet with {option}",
        )


def _unwritable(out: Path, error: OSError, option: str) -> UsageError:
    reason = error.strerror or type(error).__name__
    return UsageError(f"cannot write {out}: {reason}", remedy=f"nothing was written; choose another {option}")


def _umask() -> int:
    """What new directories are denied; it can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
