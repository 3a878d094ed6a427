"""The signals that ask a run to end: Ctrl-C, SIGTERM, and the terminal that closes."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def asked_to_end(stop: asyncio.Event, first: Callable[[int], None]) -> Iterator[None]:
    """The first of them sets `stop` and is told to `first`; a second Ctrl-C or SIGTERM stops at once.

    A closing terminal says so more than once (shell and kernel), and systemd may after SIGTERM: a later
    SIGHUP asks for nothing more. Whoever is told to ignore it (nohup) ignores it.
    """
    loop = asyncio.get_running_loop()

    def ask(number: int) -> None:
        if not stop.is_set():
            stop.set()
            first(number)
        elif number != signal.SIGHUP:
            raise KeyboardInterrupt

    heeded = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        heeded.append(signal.SIGHUP)
    for number in heeded:
        loop.add_signal_handler(number, ask, number)
    try:
        yield
    finally:
        for number in heeded:
            loop.remove_signal_handler(number)


@contextmanager
def interrupting_at_once() -> Iterator[None]:
    """Ctrl-C raises `KeyboardInterrupt` where a person is asked: asyncio would tell only who awaits."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
