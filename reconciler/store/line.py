"""The line to a PostgreSQL server: hung up when it keeps us waiting.

The server's own limits end statements, not what waits behind them: a commit without its standby, or a server
that is stopped, may take for ever while its kernel says that all is well.
"""

from __future__ import annotations

from collections.abc import Generator
from time import monotonic
from typing import Any

import psycopg

from reconciler.store.opening import PATIENCE

SILENCE = 2 * PATIENCE
"""Seconds to wait for an answer: longer than what the server itself gives a statement."""

AGAIN = PATIENCE // 3
"""The same once it has fallen silent: everything else in the run waits with a write to the journal."""


class Line:
    """Makes every connection of one engine: a listener to SQLAlchemy's `do_connect`."""

    def __init__(self) -> None:
        self.fell_silent = False

    def __call__(self, _dialect: Any, _record: Any, words: Any, settings: Any) -> psycopg.Connection[Any]:
        """Connect; raises `psycopg.OperationalError`."""
        less = {"connect_timeout": AGAIN} if self.fell_silent else {}
        connection = _Bounded.connect(*words, **{**settings, **less})
        connection.line, connection.patience = self, AGAIN if self.fell_silent else SILENCE
        return connection


class _Bounded(psycopg.Connection[Any]):
    """A connection on which nothing is waited for without end."""

    line: Line
    patience: float

    def wait(self, gen: Any, *given: Any, **more: Any) -> Any:
        """Everything that waits for the server goes through here; raises `psycopg.OperationalError`."""
        return super().wait(self._in_time(gen), *given, **more)

    def _in_time(self, gen: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
        """The same steps, each of which hears every tenth of a second that there is nothing yet."""
        until = monotonic() + self.patience
        try:
            state = next(gen)
            while True:
                ready = yield state
                if not ready and monotonic() > until:
                    raise self._silence()
                state = gen.send(ready)
        except StopIteration as end:
            return end.value

    def _silence(self) -> psycopg.OperationalError:
        self.line.fell_silent = True
        self.close()
        return psycopg.OperationalError(f"it did not answer within {self.patience} s")
