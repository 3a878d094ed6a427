"""What the controller knows of each organisation it watches. Nothing of it decides: every look reads anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple, get_args

from reconciler.model.ran import Ran

Ending = Literal[
    "as declared",
    "pending",
    "drifted",
    "leak",
    "corrected",
    "withheld",
    "held",
    "invalid",
    "limited",
    "unreachable",
    "refused",
    "failed",
    "bug",
]
"""How a look ended, in a word for people. From `held` on nobody knows how the organisation stands.

`pending`: nothing drifted, and not everything that is declared has been applied.
"""

ENDINGS: tuple[Ending, ...] = get_args(Ending)
ANSWERED: frozenset[Ending] = frozenset(
    {"as declared", "pending", "drifted", "leak", "corrected", "withheld"}
)
"""Looks that came to an answer."""

Doing = Literal["waiting", "looking", "paused", "stopped"]


class Look(NamedTuple):
    """One look at one organisation: what the run came to, and how it ended."""

    ran: Ran
    ending: Ending


class Glance(NamedTuple):
    """What is kept of a look that is over."""

    ended: datetime
    ending: Ending
    seconds: float
    requests: int


@dataclass(frozen=True, slots=True)
class Watched:
    """One organisation as the controller sees it.

    `name` is that of the last manifests that could be read, before that the root's; `every` seconds lie
    between two looks; `due` is the next one; `fails` counts looks in a row without an answer; `last` is the
    last look, `known` the last one that came to an answer; `past` the last few, newest first; `paused`
    says why nobody looks, "" for nothing.
    """

    root: str
    name: str
    every: float
    due: datetime
    doing: Doing = "waiting"
    fails: int = 0
    last: Look | None = None
    known: Look | None = None
    past: tuple[Glance, ...] = ()
    paused: str = ""
