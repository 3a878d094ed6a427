"""Pacing: requests leave evenly spaced, on an absolute schedule, a little below the allowed rate.

Even spacing at 99 % meets no limit of a fixed window, a sliding window or a token bucket, whichever
the vendor uses; a burst is safe with none of them, so there is none. The allowed rate is the one the
last answer named; after a 429 nobody leaves until the vendor's wait is over. Source: §7 of the
performance measurements.
"""

from __future__ import annotations

import asyncio

from reconciler.genesys.answers import Raw, asked_wait
from reconciler.genesys.errors import LONGEST_WAIT
from reconciler.ports import Clock

DEFAULT_RATE = 300
"""Requests a minute of one client, until an answer says otherwise."""

SHARE = 0.99
"""How much of the allowed rate is used, where a client's requests are all ours."""

GUEST = 0.1
"""How much of it a probe takes of a tenant's client, whose application goes on working."""

_MINUTE = 60.0
_CATCH_UP = 0.2
"""Seconds of delay that are made up for. Without, every delay costs rate; after more, it would be a burst."""


class Pacer:
    """One client's pace, a `share` of the allowed rate.

    `flight` bounds the requests in flight; `slot` waits for the moment to leave.
    """

    def __init__(self, clock: Clock, *, concurrency: int, share: float = SHARE) -> None:
        self.flight = asyncio.Semaphore(concurrency)
        self._clock, self._share = clock, share
        self._turn = asyncio.Lock()  # first come, first served, also when somebody is cancelled
        self._interval = _interval(DEFAULT_RATE, share)
        self._next = float("-inf")

    async def slot(self) -> None:
        """Return when the next request may leave."""
        async with self._turn:
            while (wait := self._next - self._clock.monotonic()) > 0:
                await self._clock.sleep(wait)
            now = self._clock.monotonic()
            due = self._next if now - self._next <= _CATCH_UP else now
            self._next = due + self._interval

    def learn(self, raw: Raw) -> None:
        """Take from an answer how many requests are allowed, and on 429 how long to stand still."""
        allowed = raw.headers.get("inin-ratelimit-allowed", "")
        if allowed.isascii() and allowed.isdigit() and int(allowed) > 0:
            before, self._interval = self._interval, _interval(int(allowed), self._share)
            self._next += self._interval - before  # the next turn was fixed before this was known
        if raw.status == 429:
            wait = min(asked_wait(raw) or 1.0, LONGEST_WAIT)
            self._next = max(self._next, self._clock.monotonic() + wait)


def _interval(per_minute: int, share: float) -> float:
    return _MINUTE / (per_minute * share)
