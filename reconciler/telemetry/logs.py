"""Logs: constant events with variable pairs, on stderr. For people on a terminal, JSON anywhere else.

Nothing that could be a secret is written, tracebacks show no local variables, and text from outside cannot
act on a terminal.
"""

from __future__ import annotations

import logging
import os
import sys
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

_LEVELS = (logging.WARNING, logging.INFO, logging.DEBUG)
_HIDDEN = ("secret", "token", "password", "authorization", "credential")


def configure(verbose: int, *, stream: TextIO | None = None) -> None:
    """Log warnings (0), what happens (1) or every request (2 and more) to `stream`, by default stderr."""
    stream = stream or sys.stderr
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _harmless,
            _renderer(stream),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[min(verbose, len(_LEVELS) - 1)]),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )


def _renderer(stream: TextIO) -> Processor:
    if not stream.isatty():
        return structlog.processors.JSONRenderer()
    plain = structlog.dev.plain_traceback  # the default one prints local variables
    return structlog.dev.ConsoleRenderer(colors=not os.environ.get("NO_COLOR"), exception_formatter=plain)


def _harmless(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Hide what is called like a secret; escape what a terminal would act on."""
    return {
        key: "…" if _is_hidden(key) else _printable(value) if isinstance(value, str) else value
        for key, value in event.items()
    }


def _is_hidden(key: str) -> bool:
    return any(word in key.lower() for word in _HIDDEN)


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in text)
