"""When nobody can be told any more: a pipe is closed, a disk is full. The exit code is told all the same."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, suppress
from typing import TextIO, cast

import click

from reconciler.errors import Unfinished


class Forgiving:
    """A stream as those who write see it: what it does not take is not said, and nothing fails for that.

    It has no `buffer`, or there would be a way around it.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.lost = False
        self.encoding, self.errors = stream.encoding, stream.errors

    def write(self, text: str) -> int:
        """Write what can be written; all of it counts as written."""
        self._attempt(lambda: self._stream.write(text))
        return len(text)

    def flush(self) -> None:
        """Hand on what is buffered, as far as it is taken."""
        self._attempt(self._stream.flush)

    def isatty(self) -> bool:
        """Whether somebody looks."""
        return self._stream.isatty()

    def fileno(self) -> int:
        """The number of the file behind it; raises OSError where there is none."""
        return self._stream.fileno()

    def _attempt(self, deed: Callable[[], object]) -> None:
        if self.lost:
            return
        try:
            deed()
        except OSError:
            self.lost = True
            mute(self._stream)
        except ValueError:
            if not self._stream.closed:
                raise
            self.lost = True


@contextmanager
def forgiving_stderr() -> Iterator[None]:
    """Logs and progress may get lost from here on; a run, its secrets, signals and exit code may not."""
    with redirect_stderr(cast(TextIO, Forgiving(sys.stderr))):
        yield


def is_heard() -> bool:
    """Whether stderr took everything so far."""
    return not getattr(sys.stderr, "lost", False)


def mute(stream: TextIO) -> None:
    """What is still in its buffer goes nowhere, or flushing it at the end would decide the exit code."""
    with suppress(OSError, ValueError):  # it is no file, or closed
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def unshown(error: OSError, stream: TextIO, *, interrupted: bool) -> Unfinished | click.Abort:
    """What to raise where a write was sent and `stream` does not take what came of it."""
    mute(stream)
    if interrupted:
        return click.Abort()
    return Unfinished(
        f"what came of this run cannot be shown: {error.strerror or type(error).__name__}",
        remedy="`reconciler history` has it, where a journal is kept; the next run looks first and goes on",
    )
