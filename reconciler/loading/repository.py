"""Where a file lies in its repository: what is shown beside code is found by that."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path


def from_the_top(file: str) -> str:
    """`file` from the top of the git repository that holds it; as it stands where there is neither."""
    whole = Path(file).resolve()
    top = _top(whole.parent)
    return whole.relative_to(top).as_posix() if top and whole.exists() else file


@lru_cache(maxsize=256)
def _top(directory: Path) -> Path | None:
    return next((each for each in (directory, *directory.parents) if (each / ".git").exists()), None)
