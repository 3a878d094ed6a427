"""Lines of text: what every report is made of before somebody prints it.

A line carries a style by meaning, never a colour; the command line decides whether to colour at all.
No character of a name can move the cursor, hide itself or turn the direction of a line: whatever
goes into a line is made visible first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from rich.cells import cell_len

from reconciler.model.visible import json_text as json_text
from reconciler.model.visible import unled
from reconciler.model.visible import visible as visible
from reconciler.model.words import counted as counted

Style = Literal["plain", "title", "muted", "add", "change", "remove", "withheld", "alarm", "total"]

STYLES: dict[Style, str] = {
    "plain": "",
    "title": "bold",
    "muted": "dim",
    "add": "green",
    "change": "yellow",
    "remove": "red",
    "withheld": "magenta",
    "alarm": "bold red",
    "total": "bold",
}
"""Style → what rich calls it. The symbols say the same without colour."""

_NAME_CELLS = 60


class Line(NamedTuple):
    """One line, without its end, and what it means."""

    text: str
    style: Style = "plain"

    @property
    def shown(self) -> str:
        """The text as it is printed: one line, whatever stands in it, that nobody takes for a command."""
        return unled(visible(self.text))


def plain(lines: Iterable[Line]) -> str:
    """The text alone, each line ended; for pipes, files and tests."""
    return "".join(f"{line.shown}\n" for line in lines)


def named(name: str) -> str:
    """A name as it stands in a sentence: quoted where it could be taken for our words, cut at 60 cells."""
    shown = visible(name)
    if cell_len(shown) > _NAME_CELLS:
        shown = f"{shown[:_NAME_CELLS].rstrip()}…"
    clean = all(char.isalnum() or char in " -_./@&+'…" for char in shown)
    if clean and shown and shown == " ".join(shown.split()):
        return shown
    return f"“{shown}”"


def folded(items: Sequence[str], most: int, last: str = "", between: str = ", ") -> str:
    """`a, b and 7 more`; all of them where at most one would be left over.

    `between` joins them, `last` the last two of all where it differs.
    """
    if len(items) > most + 1:
        return f"{between.join(items[:most])} and {len(items) - most:,} more"
    return (last or between).join([between.join(items[:-1]), items[-1]] if len(items) > 1 else items)


def flow(
    head: str, text: str, width: int, style: Style = "plain", *, start: int = 0, hang: int = 0
) -> list[Line]:
    """`head` and then `text`, wrapped at spaces.

    `start` is the column where the text begins (default: right behind the head), `hang` the one where
    further lines begin (default: below the text). A head that reaches over `start` stands alone. A
    word is never broken, so that addresses and ids can be copied whole.
    """
    head, words = visible(head), [word for word in visible(text).split(" ") if word]
    indent = " " * (hang or start or cell_len(head))
    if not words:
        return [Line(head.rstrip(), style)]
    if start and cell_len(head.rstrip()) + 2 > start:
        lines, row = [Line(head.rstrip(), style)], indent
    else:
        lines, row = [], head + " " * (start - cell_len(head))
    row += words[0]
    for word in words[1:]:
        if cell_len(row) + 1 + cell_len(word) > width:
            lines.append(Line(row, style))
            row = indent + word
        else:
            row = f"{row} {word}"
    return [*lines, Line(row, style)]


def block(indent: int, text: str, width: int, style: Style = "plain") -> list[Line]:
    """A text of several lines, such as a remedy with YAML in it: its own indentation is kept."""
    lines: list[Line] = []
    for row in text.split("\n"):
        words = row.lstrip(" ")
        lines += flow(" " * (indent + len(row) - len(words)), words, width, style)
    return lines if text else []


def dotted(parts: Iterable[str], width: int, style: Style = "plain") -> list[Line]:
    """`a · b · c`, broken between parts only while they fit; further lines are indented by two."""
    rows: list[str] = []
    for part in map(visible, parts):
        joined = f"{rows[-1]} · {part}" if rows else part
        if rows and cell_len(joined) > width:
            rows.append(f"  {part}")
        else:
            rows[-1:] = [joined]
    return [Line(row, style) for row in rows]


def column(heads: Iterable[str], width: int) -> int:
    """Where the second column starts: behind the longest head, but before the middle of the page."""
    most = width * 9 // 20
    fitting = [size for head in heads if (size := cell_len(head) + 2) <= most]
    return max(fitting, default=most)
