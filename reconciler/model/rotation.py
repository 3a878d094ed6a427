"""Rotation: how an entry's secret is looked after, and what is to happen to it."""

from __future__ import annotations

from typing import Literal, NamedTuple

Mode = Literal["in-place", "overlap"]

Move = Literal["renew", "succeed", "retire"]
"""A new secret for the same client; a second client beside it; the first of two goes."""


class Upkeep(NamedTuple):
    """What a manifest says of a secret. `external`: somebody else keeps it; `after_days` None: never due."""

    external: bool = False
    after_days: int | None = None
    mode: Mode = "in-place"
