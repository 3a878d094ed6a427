"""How secrets stand, and what a rotation is about to do, in text. Never a secret."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, get_args

from reconciler.model.address import Address
from reconciler.model.plan import Withheld
from reconciler.model.rotation import QUIET_DAYS, TENDED, USE_DAYS, Move, Standing, State
from reconciler.model.words import counted
from reconciler.planning.rotation.choose import Concerned, Uses, in_use
from reconciler.reports.lines import Line, Style, column, flow

_WORDS: Mapping[State, str] = {
    "undelivered": "undelivered",
    "other-client": "of another client",
    "missing": "missing",
    "due": "due",
    "overlap": "overlapping",
    "unknown": "unknown",
    "not-applied": "not applied yet",
    "external": "external",
    "ok": "ok",
}
_DOES: Mapping[Move, str] = {
    "renew": "to be renewed; the old secret may end the moment the new one is made",
    "succeed": "to get a successor: a second client, and both work until the first one retires",
    "redeliver": "its successor to get a new secret; the last one may end the moment it is made",
    "retire": "to retire: its successor has taken over",
}
_LEFT: frozenset[State] = frozenset({"external", "undelivered", "not-applied"})
_SYMBOLS: Mapping[State, tuple[str, Style]] = {"unknown": ("?", "muted"), "not-applied": ("+", "muted")}
_INDENT = 6


def status_text(found: Sequence[Standing], read_at: str, width: int = 80) -> list[Line]:
    """One entry a line, and a sum."""
    start = column((f"  ✓ {item.address}" for item in found), width)
    lines = [line for item in found for line in _standing(item, start, width)]
    counts = Counter(item.state for item in found)
    told = ", ".join(
        f"{counts[state]} {_WORDS[state]}" for state in reversed(get_args(State)) if counts[state]
    )
    return [*lines, Line(f"secrets: {told or 'none'} · read {read_at}", "total")]


def _standing(item: Standing, start: int, width: int) -> list[Line]:
    symbol, style = _symbol(item.state)
    state = "" if item.state == "ok" else _WORDS[item.state]
    parts = [state, _place(item), _age(item)]
    text = " · ".join(filter(None, parts)) or "nothing of ours"
    lines = flow(f"  {symbol} {item.address}", text, width, style, start=start)
    return lines + (flow(" " * _INDENT, item.said, width, style) if item.said else [])


def _symbol(state: State) -> tuple[str, Style]:
    if state in TENDED:
        return "!", "change"
    return _SYMBOLS.get(state, ("✓", "plain"))


def _place(item: Standing) -> str:
    return f"{item.destination.sink} {item.destination.path}" if item.destination else ""


def _age(item: Standing) -> str:
    if item.age is None:
        return ""
    told = f"{counted(item.age, 'day')} old"
    return f"{told}, due {item.due}" if item.due else told


def rotation_text(
    found: Concerned, moves: Mapping[Address, Move], uses: Uses, now: datetime, width: int = 80
) -> list[Line]:
    """What is about to happen to which secret, and who uses it; what could not be judged."""
    if not found.meant:
        lines = flow("", _nothing(found), width)
    else:
        start = column((f"  ~ {item.address}" for item in found.meant), width)
        view = _View(found.held, moves, uses, now, width, start)
        lines = [Line("Secrets", "title"), *(line for item in found.meant for line in _planned(item, view))]
    return [*lines, *_unjudged(found, width), Line("")]


def _nothing(found: Concerned) -> str:
    if not found.asked.due:
        return "no client has a successor: there is nothing to retire" if found.asked.retire else "no secret"
    days = sorted((item.due, item.address) for item in found.rest if item.due and item.state == "ok")
    return f"no secret is due · the next is {days[0][1]} on {days[0][0]}" if days else "no secret is due"


class _View(NamedTuple):
    """What showing one secret of a rotation takes beside it; `start` is the column of the text."""

    held: Mapping[Address, Withheld]
    moves: Mapping[Address, Move]
    uses: Uses
    now: datetime
    width: int
    start: int


def _planned(item: Standing, view: _View) -> Iterator[Line]:
    symbol, style, does = _does(item, view)
    text = f"{_age(item)}: {does}" if item.age is not None else does
    yield from flow(f"  {symbol} {item.address}", text, view.width, style, start=view.start)
    if symbol == "⊘":
        return
    if item.destination:
        yield from flow(" " * _INDENT, f"who uses it reads {_place(item)}", view.width)
    concerned = item.successor if view.moves.get(item.address) == "redeliver" else item.client
    if concerned:
        yield from flow(" " * _INDENT, f"{concerned}: {_used(concerned, view.uses)}", view.width)


def _does(item: Standing, view: _View) -> tuple[str, Style, str]:
    if item.state in _LEFT or item.address in view.held:
        return "⊘", "withheld", f"left as it is: {item.said}"
    move = view.moves.get(item.address)
    if move is None:
        return "✓", "plain", f"its predecessor stays: {in_use(item, view.uses, view.now)}"
    vouched = f", as you say; {item.said}" if (move, item.state) == ("retire", "unknown") else ""
    return "~", "change", f"{_DOES[move]}{vouched}"


def _used(client: str, uses: Uses) -> str:
    use = uses.by_client.get(client)
    if use is None or not uses.counted:
        return "when it was last used, the organisation does not say"
    if not use.calls:
        return f"no call in {USE_DAYS} days"
    lately = f", {use.lately:,} of them in the last {QUIET_DAYS}"
    return (
        f"{counted(use.calls, 'call')} in {USE_DAYS} days{lately}; the last on {use.last or 'an unknown day'}"
    )


def _unjudged(found: Concerned, width: int) -> Iterator[Line]:
    """What nobody can say whether it is due is neither rotated nor passed over in silence."""
    unsure = ("unknown", "missing", "other-client")
    left = [item for item in found.rest if found.asked.due and item.state in unsure]
    start = column((f"  ? {item.address}" for item in left), width)
    for item in left:
        text = f"not judged by its age, {_WORDS[item.state]}: {item.said}"
        yield from flow(f"  ? {item.address}", text, width, "muted", start=start)
