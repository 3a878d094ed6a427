"""How many requests a client may send: a fixed window, a sliding one, or a token bucket (§2).

Which of them the vendor uses is unknown (switch `rate-window`). Each keeps at most `limit` numbers a client.
"""

from collections import deque
from math import ceil, floor
from typing import NamedTuple, Protocol

from reconciler.simulator.bounded import ACCOUNTS, trim
from reconciler.simulator.errors import ApiError, too_many
from reconciler.simulator.settings import Settings, parse_rate
from reconciler.simulator.switches import resolve


class Quota(NamedTuple):
    """What the rate limit says of one request: `reset` and `wait` are seconds, `wait` 0 when it may pass."""

    used: int
    allowed: int
    reset: float
    wait: float

    def headers(self) -> dict[str, str]:
        """The headers every answer carries."""
        return {
            "inin-ratelimit-count": str(self.used),
            "inin-ratelimit-allowed": str(self.allowed),
            "inin-ratelimit-reset": str(ceil(self.reset)),
        }

    def refusal(self) -> ApiError:
        """429 with `Retry-After` in whole seconds."""
        seconds = max(1, ceil(self.wait))
        error = too_many(self.allowed, seconds)
        error.headers["Retry-After"] = str(seconds)
        return error


class Window(Protocol):
    """One client's account."""

    def take(self, now: float) -> Quota:
        """Ask for one request at `now` (seconds)."""


class Fixed:
    """So many requests in each window; windows stand side by side on the clock."""

    def __init__(self, limit: int, seconds: float) -> None:
        self._limit, self._seconds = limit, seconds
        self._window, self._count = -1, 0

    def take(self, now: float) -> Quota:
        """Count a request in the window of `now`."""
        window = floor(now / self._seconds)
        if window != self._window:
            self._window, self._count = window, 0
        rest = (window + 1) * self._seconds - now
        if self._count >= self._limit:
            return Quota(self._count, self._limit, rest, rest)
        self._count += 1
        return Quota(self._count, self._limit, rest, 0)


class Sliding:
    """So many requests in any stretch of `seconds`."""

    def __init__(self, limit: int, seconds: float) -> None:
        self._limit, self._seconds = limit, seconds
        self._times: deque[float] = deque()

    def take(self, now: float) -> Quota:
        """Count a request unless the last `seconds` are full."""
        while self._times and self._times[0] + self._seconds <= now:
            self._times.popleft()
        full = len(self._times) >= self._limit
        if not full:
            self._times.append(now)
        rest = self._times[0] + self._seconds - now
        return Quota(len(self._times), self._limit, rest, rest if full else 0)


class Bucket:
    """A bucket of `limit` requests that refills evenly over `seconds`."""

    def __init__(self, limit: int, seconds: float) -> None:
        self._limit, self._rate = limit, limit / seconds
        self._level, self._at = float(limit), 0.0

    def take(self, now: float) -> Quota:
        """Take one request out if there is a whole one."""
        self._level = min(self._limit, self._level + (now - self._at) * self._rate)
        self._at = now
        full = self._level >= 1
        self._level -= full
        used = self._limit - floor(self._level)
        wait = 0 if full else (1 - self._level) / self._rate
        return Quota(used, self._limit, (self._limit - self._level) / self._rate, wait)


_MODELS: dict[str, type[Fixed] | type[Sliding] | type[Bucket]] = {
    "fixed": Fixed,
    "sliding": Sliding,
    "bucket": Bucket,
}


class Limiter:
    """The accounts of all clients; with a limit of 0 there are none."""

    def __init__(self, settings: Settings) -> None:
        self._limit, self._seconds = parse_rate(settings.rate_limit)
        self._model = _MODELS[resolve(settings.switches)["rate-window"]]
        self._windows: dict[str, Window] = {}

    def take(self, client: str, now: float) -> Quota | None:
        """Ask for one request of a client; None when there is no limit."""
        if not self._limit:
            return None
        window = self._windows.get(client)
        if window is None:
            window = self._windows[client] = self._model(self._limit, self._seconds)
            trim(self._windows, ACCOUNTS)
        return window.take(now)
