"""What the process does before anything else, so that what it holds in memory is written down by nobody."""

from __future__ import annotations

import logging
from contextlib import suppress


def harden() -> None:
    """No core file after a crash, and what Python warns of takes the way of our log."""
    logging.captureWarnings(True)
    with suppress(ImportError):  # where there is no such thing as a limit, there is no core file either
        _no_core()


def _no_core() -> None:
    import resource

    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    # One byte, not none: Linux then hands the core to no collector either (core(5)).
    least = 0 if hard == 0 else 1
    resource.setrlimit(resource.RLIMIT_CORE, (least, least))
