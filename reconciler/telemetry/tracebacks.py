"""Tracebacks for those who ask: where it broke, without local variables and without anybody's secret."""

from __future__ import annotations

import traceback

from reconciler.model.concealing import harmless
from reconciler.model.visible import several


def told(error: BaseException) -> str:
    """The traceback with its causes; of messages, only what is harmless to print."""
    return several(harmless("".join(traceback.format_exception(error))))


def where(error: BaseException) -> list[str]:
    """Its calls, innermost last, and not one word of its message: for a log that is kept and sent on."""
    calls = [
        f"{each.filename}:{each.lineno} {each.name}" for each in traceback.extract_tb(error.__traceback__)
    ]
    inner = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    return calls + [call for each in inner for call in where(each)]
