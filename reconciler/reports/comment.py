"""A comment on a proposed change: the consent it asks for first, the rest folded, never too long.

Where it does not fit, the end of each part goes, and it says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from reconciler.model.consent import Ground, gravest
from reconciler.model.words import counted
from reconciler.reports.lines import Line, folded
from reconciler.reports.markdown import escaped, fenced, row

MOST = 65_536 - 536
"""Characters of a comment on GitHub, which is the least of those that show it, and room for a line of the
pipeline's own. Source: its API.
"""
WIDTH = 100
"""Columns of what stands between fences."""
_MOST_GROUNDS, _MOST_ASKED = 40, 3
_FRAME = 200
"""Characters for what frames a part, and for the line that tells of the rest."""

Part = tuple[str, Sequence[Line]]
"""A heading, "" for what is not folded, and its lines."""


def joined(rows: Iterable[str]) -> str:
    """The text of a comment."""
    return "\n".join(rows) + "\n"


def marker(name: str, org: str) -> str:
    """The first line, which nobody sees: by it the comment is found again and replaced."""
    return f"<!-- reconciler {name} {org} -->"


def asks(grounds: Sequence[Ground], *, plain: bool = False) -> str:
    """Whose consent is needed, for a title; `plain` without Markdown."""
    consent = gravest(grounds)
    said = consent if plain else f"**{consent}**"
    return "nobody has to consent" if consent == "none" else f"consent to {said}"


def linked(details: str) -> Iterator[str]:
    """Where all of it is to be seen; nothing without a place. `details` is a URL without markup."""
    if details:
        yield from (f"[All of it]({details})", "")


def consent_table(grounds: Sequence[Ground]) -> Iterator[str]:
    """A row for each ground, in the order given; nothing where nobody is asked."""
    if not grounds:
        return
    yield from (row("consent", "whose", "what", "who is asked"), row("---", "---", "---", "---"))
    for each in grounds[:_MOST_GROUNDS]:
        who = escaped(folded(each.asked, _MOST_ASKED))
        yield row(f"**{each.consent}**", escaped(each.address), escaped(each.message), who)
    if len(grounds) > _MOST_GROUNDS:
        yield row("", "", "", f"and {len(grounds) - _MOST_GROUNDS:,} more")
    yield ""


def parts(found: Iterable[Part], room: int, all_of_it: str) -> Iterator[str]:
    """Each takes what those before it left of the room; `all_of_it` is the command that prints everything.

    What is behind it gets its room too, but for two thirds that a part may always have.
    """
    several = list(found)
    for number, (title, lines) in enumerate(several):
        behind = sum(_size(each) for _, each in several[number + 1 :])
        shown = _fitting(lines, max(room - behind, room * 2 // 3), all_of_it)
        if shown:
            block = fenced(shown)
            folded = ["<details>", f"<summary>{title}</summary>", "", *block, "", "</details>", ""]
            part = folded if title else [*block, ""]
            room -= len(joined(part))
            yield from part


def _size(lines: Sequence[Line]) -> int:
    """Characters that a part takes, fences and heading included."""
    return sum(len(line.shown) + 1 for line in lines) + 2 * _FRAME if lines else 0


def _fitting(lines: Sequence[Line], room: int, all_of_it: str) -> list[Line]:
    """As many lines as there is room for, and how many that leaves out."""
    used, kept = _FRAME, 0
    for line in lines:
        used += len(line.shown) + 1
        if used > room:
            break
        kept += 1
    left = len(lines) - kept
    rest = [Line(f"… {counted(left, 'line')} more: `{all_of_it}` prints all")] if left else []
    return [*lines[:kept], *rest]
