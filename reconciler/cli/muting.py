"""When nobody can be told any more: a pipe is closed, a disk is full. The exit code is told all the same."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

from reconciler.errors import Unfinished


def mute(stream: TextIO) -> None:
    """What is still in its buffer goes nowhere, or flushing it at the end would decide the exit code."""
    with suppress(OSError, ValueError):  # it is no file, or closed
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def unshown(error: OSError, stream: TextIO) -> Unfinished:
    """What to raise where a write was sent and `stream` does not take what came of it."""
    mute(stream)
    return Unfinished(
        f"what came of this run cannot be shown: {error.strerror or type(error).__name__}",
        remedy="`reconciler history` has it, where a journal is kept; the next run looks first and goes on",
    )


@contextmanager
def unless_nobody_reads(stream: TextIO) -> Iterator[None]:
    """Whatever `stream` does not take is not said."""
    try:
        yield
    except OSError:
        mute(stream)
