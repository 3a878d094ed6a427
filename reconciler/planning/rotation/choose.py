"""Which secrets a rotation takes, and how: by their age, by who uses the client, or because it was said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from reconciler.model.address import Address, Selector
from reconciler.model.plan import Withheld
from reconciler.model.rotation import QUIET_DAYS, Move, Standing, State, Use
from reconciler.planning.rotation.hindrance import GUARD

_SEEN_TO: frozenset[State] = frozenset({"due", "overlap", "undelivered"})
"""What `due` takes: what its age asks for, and what was begun and is not finished, whatever its age."""


class Asked(NamedTuple):
    """What a person asked for. `due`: what cannot wait; `retire`: end every overlap now; else all."""

    due: bool = False
    retire: bool = False


class Uses(NamedTuple):
    """What is counted of clients, by id; `counted` says whether anything is counted at all."""

    by_client: Mapping[str, Use]
    counted: bool


class Concerned(NamedTuple):
    """The secrets that a rotation is about, and all the others that were looked at.

    `held` are those of which nobody may retire: their sinks do not say that their successors took over.
    """

    asked: Asked
    meant: tuple[Standing, ...]
    rest: tuple[Standing, ...]
    held: Mapping[Address, Withheld]


def concerned(standings: Iterable[Standing], asked: Asked, only: tuple[Selector, ...] = ()) -> Concerned:
    """Tell those that are meant from the rest; what `only` names by its address somebody vouches for."""
    found = tuple(standings)
    meant = tuple(item for item in found if _is_meant(item, asked))
    rest = tuple(item for item in found if item not in meant)
    held = {item.address: why for item in meant if asked.retire and (why := _untaken(item, only))}
    return Concerned(asked, meant, rest, held)


def _untaken(item: Standing, only: tuple[Selector, ...]) -> Withheld | None:
    """Why a predecessor may not retire: whoever reads the sink might be left with nothing."""
    anew = f"`reconciler secrets rotate --only {item.address}` puts a new one there"
    if item.state in ("missing", "other-client"):
        return Withheld(GUARD, "its sink does not hold its successor's secret", anew)
    if item.state == "unknown" and not any(each.key and each.matches(item.address) for each in only):
        reason = "nobody can say whether its sink holds its successor's secret"
        return Withheld(GUARD, reason, f"{anew}; who knows that it is there adds `--retire`")
    return None


def _is_meant(item: Standing, asked: Asked) -> bool:
    if asked.retire:
        return bool(item.successor)
    return item.state in _SEEN_TO if asked.due else True


def chosen(standings: Iterable[Standing], asked: Asked, uses: Uses, now: datetime) -> Mapping[Address, Move]:
    """The move that each entry is to make; those that stay as they are are left out."""
    moves = {item.address: _move(item, asked, uses, now) for item in standings}
    return {address: move for address, move in moves.items() if move is not None}


def _move(item: Standing, asked: Asked, uses: Uses, now: datetime) -> Move | None:
    if asked.retire:
        return "retire" if item.successor else None
    if item.state == "overlap":
        return None if in_use(item, uses, now) else "retire"
    if item.successor:
        return "redeliver"
    return "succeed" if item.upkeep.mode == "overlap" else "renew"


def in_use(item: Standing, uses: Uses, now: datetime) -> str:
    """Why the predecessor of an overlap is to stay, in words; "" where nobody uses it any more."""
    issued = item.held.issued if item.held else None
    if issued is None:
        return "the sink does not tell since when its successor's secret is there"
    if (now - issued).days < QUIET_DAYS:
        return f"its successor's secret is there for {(now - issued).days} days, {QUIET_DAYS} are given"
    use = uses.by_client.get(item.client)
    if use is None or not uses.counted:
        return "whether it is still used, the organisation does not say"
    if use.lately:
        return f"it is still used: {use.lately:,} calls in {QUIET_DAYS} days"
    return ""
