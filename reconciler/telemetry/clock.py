"""Real time."""

from __future__ import annotations

import asyncio
import sys
import time
from datetime import UTC, datetime

_AWAKE_OR_NOT = time.CLOCK_BOOTTIME if sys.platform == "linux" else time.CLOCK_MONOTONIC
"""Linux stops its monotonic clock while the machine sleeps: a plan of last night would look seconds old, and
a lease that others took over long ago like ours. Elsewhere the monotonic clock goes on."""


class SystemClock:
    """Real time."""

    def now(self) -> datetime:
        """The wall clock, UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds since the machine was started, those in which it slept included."""
        return time.clock_gettime(_AWAKE_OR_NOT)

    async def sleep(self, seconds: float) -> None:
        """Let that many seconds pass."""
        await asyncio.sleep(seconds)
