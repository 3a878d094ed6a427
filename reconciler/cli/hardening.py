"""What the process does before anything else: nobody writes down what it holds; what it says has a place."""

from __future__ import annotations

import codecs
import io
import json
import logging
import os
import sys
from contextlib import suppress

_ESCAPED = "reconciler.escaped"


def harden() -> None:
    """No core file after a crash, a stderr in any case, and what Python warns of takes the way of our log.

    What stdout cannot encode is escaped as JSON escapes it: it ends no run, and spoils no document.
    """
    logging.captureWarnings(True)
    codecs.register_error(_ESCAPED, _escaped)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors=_ESCAPED)
    if sys.stderr is None:  # it was closed; a connection could be given its number
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    with suppress(ImportError):  # where there is no such thing as a limit, there is no core file either
        _no_core()


def _escaped(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end


def _no_core() -> None:
    import resource

    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    # One byte, not none: Linux then hands the core to no collector either (core(5)).
    least = 0 if hard == 0 else 1
    resource.setrlimit(resource.RLIMIT_CORE, (least, least))
