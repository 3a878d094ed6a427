"""Whether a place may be committed: a secret in a work tree is one `git add .` away from everybody."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from reconciler.errors import SinkError

_SECONDS = 10
_ANSWERS = (0, 1)
"""Some of the places are ignored, or none; any other code is no answer."""

_HANDED_ON = frozenset({"PATH", "HOME", "XDG_CONFIG_HOME", "USERPROFILE", "SYSTEMROOT", "TMPDIR", "LANG"})
"""The variables that git gets: what finds it and the user's ignore rules, and nothing else."""


def check_ignored(places: Sequence[Path]) -> None:
    """Raises `SinkError` where one directory's `places` are in a git work tree and not all ignored."""
    top = next((parent for parent in places[0].parents if (parent / ".git").exists()), None)
    if top is None:
        return
    ignored = _ignored(top, [str(place.relative_to(top)) for place in places])
    if ignored is None:
        raise _refusal(places[0], top, "and git cannot tell whether it is ignored")
    if ignored < len(places):
        raise _refusal(places[0], top, "and git does not ignore it")


def _ignored(top: Path, names: list[str]) -> int | None:
    """How many of the names git ignores; None where git cannot be asked."""
    command = ["git", "-C", str(top), "check-ignore", "-z", "--stdin"]
    asked = "\0".join(names).encode()
    # A hook's GIT_DIR would make git answer for another repository, and our credentials are not its business.
    clean = {name: value for name, value in os.environ.items() if name in _HANDED_ON}
    try:
        run = subprocess.run(
            command, input=asked, env=clean, check=False, capture_output=True, timeout=_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return run.stdout.count(b"\0") if run.returncode in _ANSWERS else None


def _refusal(target: Path, top: Path, why: str) -> SinkError:
    return SinkError(
        f"{target.relative_to(top)} lies in the git work tree {top.name}, {why}",
        remedy="add it to .gitignore (git must be installed), or point RECONCILER_SECRETS elsewhere",
    )
