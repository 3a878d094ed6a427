"""When a write may leave, and when a lease whose holder fell silent may be taken over. Pure.

The organisation checks no fencing number, so the life of access tokens is the fence: whoever takes over
waits until no token of the former holder opens anything, and a holder sends only what surely arrives while
its lease stands. Source: reliability study of the reconciler's protocols, lease with fencing (§4.3).
"""

from __future__ import annotations

from datetime import UTC, datetime

from reconciler.model.lease import Held, Lease

REQUEST_SECONDS = 120.0
"""The longest that one request may take from its sending to the end of its answer."""

LEASE_SECONDS = 2 * REQUEST_SECONDS
"""How long a lease stands after a heartbeat."""

BEAT_SECONDS = LEASE_SECONDS / 4
"""Between two heartbeats."""

SKEW_SECONDS = 10.0
"""How far the clocks of the organisation and of whoever keeps the lease may be apart."""

PATIENCE = 1000.0
"""Seconds to wait for a silent holder where nobody says how long: what tokens of 900 s need, and some."""

LOOK_AGAIN = 10.0
"""Seconds between two looks at a lease that somebody else has: it may be given back at any moment."""


ROUNDING_SECONDS = 0.001
"""Durations on two clocks are compared."""


def may_write(now: float, deadline: float) -> bool:
    """Whether a request that leaves now (monotonic seconds) has ended before the lease does."""
    return now + REQUEST_SECONDS < deadline


def free_from(lease: Lease) -> float:
    """From when a lease may be taken: at once where it was given back, else when its holder is fenced off."""
    if not lease.run:
        return 0.0
    return max(lease.expires, lease.token_until) + SKEW_SECONDS


def is_good_still(quiet: float, age: float) -> bool:
    """Whether a reading that began `age` seconds ago stands: nobody held the lease for `quiet` before us."""
    return age <= quiet + ROUNDING_SECONDS


def next_look(held: Held, waited: float, patience: float | None) -> float | None:
    """Seconds until it is worth looking again; None to give up.

    `patience` is how long somebody said to wait, whoever holds it. Where nobody did (None), a holder that
    is alive is not waited for, and a silent one for `PATIENCE`.
    """
    left = (PATIENCE if patience is None else patience) - waited
    hopeless = held.alive if patience is None else False
    if hopeless or left <= 0 or (not held.alive and held.seconds > left):
        return None
    return min(LOOK_AGAIN, left) if held.alive else min(LOOK_AGAIN, max(held.seconds, 1.0))


def described(lease: Lease | None) -> str:
    """Who holds it, for people."""
    if lease is None or not lease.run:
        return "a run that has not said yet who it is"
    return (
        f"run {lease.run} of {lease.actor} on {lease.host}, since {moment(lease.since)}, epoch {lease.epoch}"
    )


def moment(seconds: float) -> str:
    """A time on the keeper's clock as ISO 8601 UTC, whole seconds."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"
