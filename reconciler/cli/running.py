"""While a run writes: how it is stopped, and how it is watched."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from reconciler.cli.console import BarProgress, PlainProgress, say, width
from reconciler.model.plan import Plan
from reconciler.ports import Progress
from reconciler.reports.lines import column


@contextmanager
def interruptible(stop: asyncio.Event) -> Iterator[None]:
    """The first Ctrl-C (or SIGTERM) finishes the operation in flight, the second one stops at once."""
    loop = asyncio.get_running_loop()

    def interrupt() -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        say("interrupted: finishing what is in flight (again to stop at once)")
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, interrupt)
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


@contextmanager
def progress(plan: Plan, *, err: bool) -> Iterator[Progress]:
    """A bar where somebody looks, lines elsewhere; `err` keeps stdout for JSON."""
    start = column((f"✓ {change.address}" for change in plan.running), width())
    if not sys.stderr.isatty():
        yield PlainProgress(start, err=err)
        return
    with BarProgress(start, len(plan.running), err=err) as bar:
        yield bar
