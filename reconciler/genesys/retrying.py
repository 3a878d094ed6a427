"""Repeats: what may be asked again, how often, and after how long.

Reads are repeated after any passing trouble. PUT and DELETE replace and remove, so asking twice is
asking once; a DELETE that finds nothing the second time is done. A POST is repeated only when it
surely was not carried out. Whatever the last attempt says, a write that may have been carried out ends
as `Unavailable(sent=True)`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import stamina

from reconciler.errors import JournalError, LeaseError, OrgError
from reconciler.genesys.calls import Call, Failure, ambiguous
from reconciler.ports import Answer

_GONE = (404, 410)
_MOST = 10


class _Policy:
    """stamina's backoff hook for one call; remembers what its attempts may have done."""

    def __init__(self, call: Call) -> None:
        self.call, self.failed, self.committed = call, 0, False

    def __call__(self, error: Exception) -> bool | float:
        """Seconds where the vendor asks for them, True for the usual backoff, False to give up."""
        if not isinstance(error, Failure):
            return False
        self.failed += 1
        self.committed |= error.committed
        if self.failed >= attempts(self.call, error):
            return False
        return True if error.after is None else error.after


def attempts(call: Call, failure: Failure) -> int:
    """How often a call that failed so may be tried in all."""
    again = call.reads or call.method in ("PUT", "DELETE") or not failure.committed
    return failure.attempts if again else 1


async def persistently(call: Call, attempt: Callable[[int], Awaitable[Answer]]) -> Answer:
    """Run `attempt` (given its number, from 1) until it answers; raises our error when it does not."""
    policy = _Policy(call)
    error: OrgError
    try:
        async for turn in stamina.retry_context(
            on=policy, attempts=_MOST, timeout=None, wait_initial=0.5, wait_max=10.0, wait_jitter=0.5
        ):
            with turn:
                return await attempt(turn.num)
    except Failure as last:
        error = last.error
    except OrgError as last:  # no token to try again with
        error = last
    except (LeaseError, JournalError) as stop:
        if not policy.committed:
            raise
        error = OrgError(stop.message)
    # Raised here, so that no exception drags the attempt's frames and their answer along.
    if call.method == "DELETE" and policy.committed and error.status in _GONE:
        return Answer(None)
    raise ambiguous(call, error) if policy.committed else error
