"""A directory that a command fills beside what it prints, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from reconciler.cli.console import say
from reconciler.model.words import counted

Texts = Mapping[str, str]
"""Texts by file name."""
Put = Callable[[Callable[[], Texts]], None]
"""Fills and publishes the directory; asks for nothing where there is none."""


@contextmanager
def shelf(place: Path | None, option: str) -> Iterator[Put]:
    """A way to fill `place`, which `option` named and which is refused at once where it is taken.

    Raises UsageError where it cannot be written.
    """
    if place is None:
        yield lambda texts: None
        return
    from reconciler.authoring.tree import growing

    with growing(place, option) as tree:

        def put(texts: Callable[[], Texts]) -> None:
            found = texts()
            tree.fill(found)
            tree.publish()
            say(f"{counted(len(found), 'file')} written to {place}")

        yield put
