"""The simulator's own page as people read it: tables by where they stand, cells by their text."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import NamedTuple

from tests.simulator.guest import Guest

VOID = {"meta", "link", "br"}


class Table(NamedTuple):
    """A table: the section and the card it stands in (or an empty text), its name, head and rows."""

    section: str
    card: str
    caption: str
    head: list[str]
    rows: list[list[str]]


class Page(HTMLParser):
    """A page; `text` is all of it, with one space between words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html, self.tables = html, list[Table]()
        self.tags, self.meta = list[str](), list[dict[str, str | None]]()
        self._open: list[tuple[str, dict[str, str | None]]] = []
        self._texts: list[str] = []
        self._cell: list[str] | None = None
        self.feed(html)
        self.close()
        assert self._open == []
        self.text = " ".join(" ".join(self._texts).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "meta":
            self.meta.append(dict(attrs))
        if tag in VOID:
            return
        self._open.append((tag, dict(attrs)))
        if tag == "table":
            self.tables.append(Table(self._near("section"), self._near("div"), self._caption(), [], []))
        if tag == "tr" and self._within("tbody"):
            self.tables[-1].rows.append([])
        if tag in ("th", "td"):
            assert tag == "td" or dict(attrs)["scope"] in ("col", "row")
            self._cell = []

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag
        if tag in ("th", "td") and self._cell is not None:
            table = self.tables[-1]
            (table.rows[-1] if self._within("tbody") else table.head).append(
                " ".join("".join(self._cell).split())
            )
            self._cell = None

    def handle_data(self, data: str) -> None:
        if not self._within("style"):
            self._texts.append(data)
        if self._cell is not None:
            self._cell.append(data)

    def _within(self, tag: str) -> bool:
        return any(each == tag for each, _ in self._open)

    def _near(self, tag: str) -> str:
        found = (attrs.get("id") for each, attrs in reversed(self._open) if each == tag)
        return next(filter(None, found), "")

    def _caption(self) -> str:
        found = (attrs.get("aria-label") for _, attrs in reversed(self._open))
        return next(filter(None, found), "")

    def rows(self, section: str, caption: str, card: str = "") -> list[list[str]]:
        """The rows of the table of that name; none where it says that there are none."""
        found = [each.rows for each in self.tables if each[:3] == (section, card, caption)]
        assert len(found) <= 1
        return found[0] if found else []


async def look(guest: Guest, query: str = "") -> Page:
    """The page as it is now."""
    answer = await guest.http.get(f"/_simulator/{query}")
    assert answer.status_code == 200
    return Page(answer.text)
