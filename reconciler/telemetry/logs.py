"""Logs: constant events with variable pairs, on stderr. For people on a terminal, JSON anywhere else.

Nothing that could be a secret is written, tracebacks show no local variables, and text from outside cannot
act on a terminal or make a line of its own. What libraries log from `warning` on takes the same way.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from reconciler.model.concealing import concealed, harmless
from reconciler.model.visible import several, visible

_LEVELS = (logging.WARNING, logging.INFO, logging.DEBUG)
_HIDDEN = ("secret", "token", "password", "authorization", "credential")
_TRACEBACK = "exception"


def bound(**pairs: str) -> AbstractContextManager[None]:
    """Every event below says so: run, command, organisation; operation, tenant and address."""
    return structlog.contextvars.bound_contextvars(**pairs)


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
    _take_over()


def _take_over() -> None:
    """Where nobody listens, Python itself prints what libraries log, traceback and all, as it came."""
    root = logging.getLogger()
    if not any(isinstance(each, _Libraries) for each in root.handlers):
        root.addHandler(_Libraries(logging.WARNING))


class _Libraries(logging.Handler):
    """What a library logs, as an event of ours."""

    def emit(self, record: logging.LogRecord) -> None:
        """Hand it on; a message that cannot even be put together is told as its pattern."""
        try:
            said = record.getMessage()
        except Exception:
            said = str(record.msg)
        structlog.get_logger().log(
            record.levelno, "a library says", library=record.name, said=said, exc_info=record.exc_info or None
        )


def _renderer(stream: TextIO) -> Processor:
    if not stream.isatty():
        return structlog.processors.JSONRenderer()
    plain = structlog.dev.plain_traceback  # the default one prints local variables
    return structlog.dev.ConsoleRenderer(colors=not os.environ.get("NO_COLOR"), exception_formatter=plain)


def _harmless(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Hide what is a secret or is called like one; escape what a terminal would act on."""
    return {key: _shown(key, value) for key, value in event.items()}


def _shown(key: str, value: Any) -> Any:
    if any(word in key.lower() for word in _HIDDEN):
        return "…"
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {visible(str(name)): _shown(str(name), each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_shown("", each) for each in value]
    text = value if isinstance(value, str) else repr(value)
    return several(harmless(text)) if key == _TRACEBACK else visible(concealed(text))
