"""The kinds of faults, and what a request's number makes of those that have several shapes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.faults.case import Where

RETRY_AFTER: tuple[Any, ...] = (1, 7, 60, None, "soon")

REQUEST = (
    "refuse", "timeout-before", "timeout-after", "truncate", "committed-5xx", "unavailable", "limited",
    "expired", "forbidden", "stale", "page-shift", "administrator", "crash-before", "crash-after",
    "proxy-page", "drip", "login-down",
)  # fmt: skip
"""Seventeen, at every request where they can do anything. Source: the reliability study's §3.1, F1 to F17."""

CANCEL = ("cancel-before", "cancel-after", "stop")
"""Cancelled while a request is on its way or its answer is, and the user's wish to stop."""

PAUSE = ("cancel", "stop", "crash")
"""At every pause: cancelled, asked to stop, killed."""

TURN = ("cancel", "cancel-all")
"""At every turn of the loop, and so at every await of ours: the run alone, and every task there is."""

DISK = ("crash-before", "crash-after", "torn", "error", "lost-rename", "fsync-lies")
"""Six, at every write to the journal or a sink; `torn` is a delivery's alone, elsewhere death before it."""

SORTS: Mapping[Where, tuple[str, ...]] = {
    "request": (*REQUEST, *CANCEL),
    "disk": DISK,
    "pause": PAUSE,
    "turn": TURN,
}

STALE_SECONDS = 8.0
LOGIN_DOWN_SECONDS = 90.0


def rule(kind: str, at: int) -> dict[str, Any] | None:
    """The simulator's own fault rule for the next request; None where there is no rule for this kind."""
    rules: dict[str, dict[str, Any]] = {
        "refuse": {"kind": "refuse"},
        "timeout-before": {"kind": "timeout-before"},
        "timeout-after": {"kind": "timeout-after"},
        "truncate": {"kind": "truncate"},
        "committed-5xx": {"kind": "status", "status": (500, 502, 504)[at % 3], "committed": True},
        "unavailable": {"kind": "status", "status": 503},
        "limited": {"kind": "status", "status": 429, "code": "too.many.requests"},
        "expired": {"kind": "status", "status": 401, "code": "bad.credentials"},
        "forbidden": {"kind": "status", "status": 403, "code": "missing.permission"},
        "stale": {"kind": "stale", "seconds": STALE_SECONDS},
        "page-shift": {"kind": "page-shift", "count": -1},
        "proxy-page": {"kind": "html", "status": 200},
        "drip": {"kind": "drip", "seconds": 150.0 if at % 2 else 60.0},
        "login-down": {"kind": "status", "status": 401, "code": "bad.credentials"},
    }
    found = rules.get(kind)
    if found and kind == "limited":
        found = {**found, "retryAfter": RETRY_AFTER[at % len(RETRY_AFTER)]}
    return found or None
