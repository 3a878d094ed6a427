"""What a token sees, in text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from reconciler.model.access import EVERYWHERE
from reconciler.model.view import Places, View
from reconciler.model.words import counted
from reconciler.reports.lines import Line, dotted, flow, folded, named

_MOST = 6


def view_text(view: View, width: int = 80) -> tuple[Line, ...]:
    """The whole report, `width` cells wide where words allow it."""
    lines = dotted([view.organisation, f"as {view.caller}"], width, "title")
    lines += [Line(""), *_permitted(view, width), *_wide(view, width)]
    for (name, permission), number in sorted(view.counts.items()):
        lines += flow("", f"sees {_number(number)} {name} ({permission})", width, hang=2)
    told = ", ".join(f"{_number(number)} {name}" for name, number in view.open.items())
    lines += flow("", f"sees without any permission: {told}", width, "muted", hang=2)
    for note in view.notes:
        lines += flow("Not known: ", note, width, "withheld", hang=2)
    held = counted(len(view.permitted), "permission")
    size = f"{held} in divisions, {len(view.wide)} in the whole organisation"
    return (*lines, Line(f"seen with this token: {size}", "total"))


def _permitted(view: View, width: int) -> Iterator[Line]:
    by_place: dict[Places, list[str]] = defaultdict(list)
    for permission, places in view.permitted.items():
        by_place[places].append(permission)
    for places, permissions in sorted(by_place.items(), key=lambda item: sorted(item[0])):
        where = "every division" if EVERYWHERE in places else folded(sorted(map(named, places)), _MOST)
        yield from flow(f"in {where}: ", folded(sorted(permissions), _MOST), width, hang=2)


def _wide(view: View, width: int) -> Iterator[Line]:
    if view.wide:
        yield from flow("in the whole organisation: ", folded(view.wide, _MOST), width, "change", hang=2)


def _number(number: int | None) -> str:
    return "an unknown number of" if number is None else f"{number:,}"
