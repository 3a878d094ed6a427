"""Tracebacks for those who ask: where it broke, without local variables and without anybody's secret."""

from __future__ import annotations

import traceback

from reconciler.model.concealing import harmless
from reconciler.model.visible import several


def told(error: BaseException) -> str:
    """The traceback with its causes; of messages, only what is harmless to print."""
    return several(harmless("".join(traceback.format_exception(error))))
