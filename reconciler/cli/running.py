"""While a run writes: how it is stopped, and how it is watched."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from reconciler.cli.console import BarProgress, PlainProgress, say, width
from reconciler.model.plan import Plan
from reconciler.ports import Progress
from reconciler.reports.lines import column


class Stopping:
    """Whether somebody wants a run to end. Until it has `begun` to write there is nothing to finish."""

    def __init__(self, stop: asyncio.Event | None = None) -> None:
        self.stop, self.begun = stop or asyncio.Event(), False


@contextmanager
def interruptible() -> Iterator[Stopping]:
    """The first Ctrl-C (or SIGTERM) finishes the operation in flight, the second one stops at once.

    Where nothing was begun the first one ends what is open, in order; raises `Abort`.
    """
    loop, task, stopping = asyncio.get_running_loop(), asyncio.current_task(), Stopping()

    def interrupt() -> None:
        if stopping.stop.is_set():
            raise KeyboardInterrupt
        stopping.stop.set()
        if stopping.begun:
            say("interrupted: finishing what is in flight (again to stop at once)")
        elif task:
            task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, interrupt)
    try:
        yield stopping
    except asyncio.CancelledError:
        if stopping.begun or not stopping.stop.is_set():
            raise
        raise click.Abort from None
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
