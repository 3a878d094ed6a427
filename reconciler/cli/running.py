"""While a run writes: how it is stopped, and how it is watched."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from reconciler.cli.console import BarProgress, PlainProgress, say, width
from reconciler.cli.signals import asked_to_end
from reconciler.model.plan import Plan
from reconciler.ports import Progress
from reconciler.reports.lines import column


class Stopping:
    """Whether somebody wants a run to end. Until it has `begun` to write there is nothing to finish."""

    def __init__(self, stop: asyncio.Event | None = None) -> None:
        self.stop, self.begun = stop or asyncio.Event(), False


@contextmanager
def interruptible() -> Iterator[Stopping]:
    """The first Ctrl-C, SIGTERM or SIGHUP finishes what is in flight; another Ctrl-C or SIGTERM ends at once.

    Where nothing was begun the first one ends what is open, in order; raises `Abort`.
    """
    task, stopping = asyncio.current_task(), Stopping()

    def interrupt(_: int) -> None:
        if stopping.begun:
            say("interrupted: finishing what is in flight (again to stop at once)")
        elif task:
            task.cancel()

    with asked_to_end(stopping.stop, interrupt):
        try:
            yield stopping
        except asyncio.CancelledError:
            if stopping.begun or not stopping.stop.is_set():
                raise
            raise click.Abort from None


@contextmanager
def progress(plan: Plan, *, err: bool) -> Iterator[Progress]:
    """A bar where somebody looks, lines elsewhere; `err` keeps stdout for JSON."""
    start = column((f"✓ {change.address}" for change in plan.running), width())
    if not sys.stderr.isatty():
        yield PlainProgress(start, err=err)
        return
    with BarProgress(start, len(plan.running), err=err) as bar:
        yield bar
