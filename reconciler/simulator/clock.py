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
        self._source, self._given = source or time.monotonic, start or (VIRTUAL_START if source else None)
        self.restart()

    def restart(self) -> None:
        """Back to the first moment; that is the present when nobody said otherwise."""
        self._zero, self.advanced = self._source(), 0.0
        self._start = self._given or datetime.now(UTC)  # noqa: TID251

    def now(self) -> float:
        """Seconds since the simulator started."""
        return self._source() - self._zero

    def advance(self, seconds: float) -> None:
        """Move the clock forward by `seconds`. Raises ValueError for a step back."""
        if seconds < 0:
            raise ValueError("the clock only moves forward; give seconds of 0 or more")
        self._zero -= seconds
        self.advanced += seconds

    def resume(self, date: datetime) -> None:
        """Go on from `date`, unless it is later than that already."""
        self._start += max(date - self.date(), timedelta())

    def date(self, seconds: float = 0.0) -> datetime:
        """The date `seconds` from now, UTC."""
        return self._start + timedelta(seconds=self.now() + seconds)

    def since(self, date: datetime) -> float:
        """Seconds on the clock at `date`; below 0 before it started."""
        return (date - self._start).total_seconds()

    def stamp(self, seconds: float = 0.0) -> str:
        """The date `seconds` from now as the vendor writes it: 2026-01-01T00:00:00.000Z."""
        return self.date(seconds).isoformat(timespec="milliseconds").replace("+00:00", "Z")
