"""The lease: which run may write to an organisation, and until when another one has to wait.

Times are seconds since 1970 on the clock of whoever keeps the lease.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Claim(NamedTuple):
    """Who asks to be the one writer of an organisation: a run, whose it is, and on which host."""

    organization_id: str
    org_name: str
    run: str
    actor: str
    host: str


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease as it is kept. `epoch` rises with every holder; `run` is "" once it was given back.

    The holder is heard of until `expires` at least; `token_until` is when the last of its tokens ends;
    `released` is when it gave the lease back, None while it has not.
    """

    epoch: int
    run: str
    actor: str
    host: str
    since: float
    expires: float = 0.0
    token_until: float = 0.0
    released: float | None = None


class Held(NamedTuple):
    """Somebody else has it. `lease` is None where it does not say who; `alive` where its holder lives.

    `seconds` from now it may be taken over if nothing more is heard of its holder.
    """

    lease: Lease | None
    alive: bool
    seconds: float = 0.0


class Taken(NamedTuple):
    """It is ours. For `quiet` seconds nobody had held it before; 0 where that is not known."""

    epoch: int
    quiet: float
