"""Manifests as they stood at a revision of their git repository, without checking anything out.

Objects are read as they are: no hook, filter or attribute of the repository is heard, as a proposed change
may have written them.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from reconciler.errors import UsageError
from reconciler.model.frame import Revision as Checkout

_SECONDS = 60
_ALONE = {"GIT_NO_LAZY_FETCH": "1", "GIT_OPTIONAL_LOCKS": "0"}
"""What a partial clone lacks is not fetched in passing: nobody is asked but the disk, and nothing is written
there."""
_LINK, _MODULE = "120000", "160000"


class Revision(NamedTuple):
    """`commit` is whole; below `root` lies what lay there: nothing, where there was no such directory."""

    commit: str
    root: Path


class _Blob(NamedTuple):
    mode: str
    identity: str
    path: str


@contextmanager
def at_revision(root: Path, revision: str) -> Iterator[Revision]:
    """What lay below `root` at `revision`, for as long as the context is open.

    Raises UsageError: git is missing, `root` lies in no repository, it lacks the revision, all or part.
    """
    asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    commit = _git(root, *asked, trouble=f"there is no revision `{revision}` here").decode().strip()
    prefix = _git(root, "rev-parse", "--show-prefix").decode().removesuffix("\n")
    with tempfile.TemporaryDirectory(prefix="reconciler-") as directory:
        place = Path(directory, root.resolve().name)
        place.mkdir()
        _write(root, commit, prefix, place)
        yield Revision(commit, place)


def standing(root: Path) -> Checkout | None:
    """The commit that is checked out around `root`; None where git knows of none."""
    try:
        commit = _git(root, "rev-parse", "--verify", "--quiet", "HEAD^{commit}").decode().strip()
        changed = _git(root, "status", "--porcelain", "-z", "--", ".")
    except UsageError:
        return None
    return Checkout(commit, bool(changed))


def _write(root: Path, commit: str, prefix: str, place: Path) -> None:
    listing = _git(root, "ls-tree", "-r", "-z", "--full-tree", commit, "--", prefix or ".")
    blobs = [_blob(line) for line in listing.decode("utf-8", "surrogateescape").split("\0") if line]
    wanted = [blob for blob in blobs if blob.mode != _MODULE]
    for blob, content in zip(wanted, _contents(root, wanted), strict=True):
        path = place / blob.path.removeprefix(prefix)
        path.parent.mkdir(parents=True, exist_ok=True)
        if blob.mode == _LINK:
            path.symlink_to(content.decode("utf-8", "surrogateescape"))
        else:
            path.write_bytes(content)


def _blob(line: str) -> _Blob:
    about, _, path = line.partition("\t")
    mode, _, identity = about.split(" ")
    return _Blob(mode, identity, path)


def _contents(root: Path, blobs: list[_Blob]) -> Iterator[bytes]:
    """Of each blob, from git's answer to all of them: a line that ends with its size, and so many bytes."""
    asked = "".join(f"{blob.identity}\n" for blob in blobs).encode()
    told = _git(root, "cat-file", "--batch", given=asked)
    at = 0
    for _ in blobs:
        begins = told.index(b"\n", at) + 1
        if told[at:begins].endswith(b" missing\n"):
            raise UsageError(
                "git lacks some of what lies there", remedy="fetch it whole (`git fetch --refetch`)"
            )
        ends = begins + int(told[at:begins].split()[-1])
        yield told[begins:ends]
        at = ends + 1


def _git(root: Path, *arguments: str, given: bytes = b"", trouble: str = "") -> bytes:
    command = ["git", "-c", "core.quotePath=false", "-c", "core.fsmonitor=false", "-C", str(root), *arguments]
    try:
        done = subprocess.run(
            command, input=given, capture_output=True, timeout=_SECONDS, check=False, env=os.environ | _ALONE
        )
    except FileNotFoundError:
        raise UsageError("git is not installed", remedy="install it, or compare where it is") from None
    except subprocess.TimeoutExpired:
        raise UsageError(f"git does not answer within {_SECONDS} s", remedy="try again") from None
    if done.returncode == 0:
        return done.stdout
    said = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
    raise UsageError(
        ": ".join(part for part in (trouble or f"git {arguments[0]} failed", said) if part),
        remedy="give a branch, tag or commit that was fetched, of the repository that holds ROOT",
    )
