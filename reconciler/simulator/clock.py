"""Time inside the simulator: seconds since it started, and the date that stands for.

The model never reads a clock of its own, so that tests run on a virtual one.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

VIRTUAL_START = datetime(2026, 1, 1, tzinfo=UTC)


async def real_sleep(seconds: float) -> None:
    """Wait for real; the only place that does, and only where no sleep was injected."""
    await asyncio.sleep(seconds)  # noqa: TID251


class Clock:
    """Seconds since start, movable by hand; `source` counts seconds from anywhere."""

    def __init__(self, source: Callable[[], float] | None, start: datetime | None) -> None:
        """`source` None reads the machine's monotonic clock; `start` None is explained in Settings."""
        self._source = source or time.monotonic
        self._zero = self._source()
        self._start = start or (VIRTUAL_START if source else datetime.now(UTC))  # noqa: TID251

    def now(self) -> float:
        """Seconds since the simulator started."""
        return self._source() - self._zero

    def advance(self, seconds: float) -> None:
        """Move the clock forward by `seconds`. Raises ValueError for a step back."""
        if seconds < 0:
            raise ValueError("the clock only moves forward; give seconds of 0 or more")
        self._zero -= seconds

    def stamp(self, seconds: float = 0.0) -> str:
        """The date `seconds` from now as the vendor writes it: 2026-01-01T00:00:00.000Z."""
        moment = self._start + timedelta(seconds=self.now() + seconds)
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
