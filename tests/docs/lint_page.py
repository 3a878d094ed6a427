"""The table of docs/lint.md, from the list of wrong recipes.

`python -m tests.docs.lint_page` writes it anew, and a test tells when that is due.
"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.isolation.myths import MYTHS, Myth
from tests.docs.blocks import filled, table
from tests.docs.reading import ROOT

PAGE = ROOT / "docs/lint.md"


def renewed(text: str) -> str:
    """The page with the table as the list has it today."""
    return filled(text, {"recipes": _recipes()}.__getitem__)


def _recipes() -> str:
    rows = (row for myth in MYTHS for row in _rows(myth))
    return table(("recipe", "where", "recognised by", "instead"), rows)


def _rows(myth: Myth) -> Iterator[tuple[str, ...]]:
    said = f"**{myth.says}** `{myth.id}`"
    for (names, instead), wheres in _alike(myth).items():
        yield said, ", ".join(wheres), ", ".join(f"`{name}`" for name in names), instead
        said = ""


def _alike(myth: Myth) -> dict[tuple[tuple[str, ...], str], list[str]]:
    """Where the same names stand for the same."""
    grants = "grants" if myth.remedy.endswith(":") else ""
    found: dict[tuple[tuple[str, ...], str], list[str]] = {}
    for sign in myth.signs:
        found.setdefault((sign.names, sign.instead or grants), []).append(sign.where)
    return found


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
