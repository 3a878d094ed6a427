"""Parts of a page that the code knows better: between `<!-- NAME -->` and `<!-- end -->`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

BLOCK = re.compile(r"<!-- ((?!end )[^\n]+) -->\n.*?<!-- end -->", re.DOTALL)


def names(text: str) -> list[str]:
    """The blocks of a page, in order."""
    return [match[1] for match in BLOCK.finditer(text)]


def filled(text: str, part: Callable[[str], str]) -> str:
    """The page with its blocks as they are today."""
    return BLOCK.sub(lambda match: f"<!-- {match[1]} -->\n{part(match[1])}\n<!-- end -->", text)


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table, its cells as they are."""
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def cell(text: str) -> str:
    """Plain text as it may stand in a table."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")
