"""Rotation: how secrets are looked after, how each of them stands, and what is to happen to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from reconciler.model.address import Address
from reconciler.model.secret import Destination, Held

Mode = Literal["in-place", "overlap"]

Move = Literal["renew", "succeed", "redeliver", "retire"]
"""A new secret for the same client; a second client beside it; a new secret for that one; the first goes."""


class Upkeep(NamedTuple):
    """What a manifest says of a secret. `external`: somebody else keeps it; `after_days` None: never due."""

    external: bool = False
    after_days: int | None = None
    mode: Mode = "in-place"


class Reading(NamedTuple):
    """What a sink said of a place: what it holds (None: nothing), or why it did not say."""

    held: Held | None = None
    trouble: str = ""


State = Literal[
    "undelivered", "other-client", "missing", "due", "overlap", "unknown", "not-applied", "external", "ok"
]
"""How a secret stands, in a word; `TENDED` need somebody's hand, of `unknown` nobody can say."""

TENDED: frozenset[State] = frozenset({"undelivered", "other-client", "missing", "due"})


@dataclass(frozen=True, slots=True)
class Standing:
    """How one entry's secret stands.

    `client` and `successor` are live ids, "" where there is none; `age` is in whole days since it was
    made and `due` the day on which it is to be rotated, None where nobody can say or nobody asked for
    it; `said` tells in words what the state means here.
    """

    address: Address
    upkeep: Upkeep
    destination: Destination | None
    client: str
    successor: str
    held: Held | None
    age: int | None
    due: date | None
    state: State
    said: str


class Use(NamedTuple):
    """What an organisation counts of a client: calls in `USE_DAYS` days, lately, and the day of the last.

    `lately` is the last `QUIET_DAYS` days; `last` is an ISO 8601 date, "" for none.
    """

    calls: int
    lately: int
    last: str


USE_DAYS = 90
"""How far back it is asked who used a client."""

QUIET_DAYS = 7
"""After so many days without a call nobody is taken to use a client that has a successor."""
