"""What a page says, markup left out: as somebody reads it from top to bottom."""

from __future__ import annotations

from html.parser import HTMLParser

_BLOCKS = frozenset(
    ("p", "h1", "h2", "h3", "li", "dt", "dd", "tr", "caption", "text", "section", "nav", "div", "header")
)
_SILENT = frozenset(("style", "script", "title"))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[str] = [""]
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in _SILENT
        if tag in _BLOCKS:
            self.rows.append("")
        elif tag in ("td", "th"):
            self.rows[-1] += " | "
        elif tag in ("small", "span"):
            self.rows[-1] += " "

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in _SILENT
        if tag in _BLOCKS:
            self.rows.append("")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.rows[-1] += data


def words(html: str) -> str:
    """The text of a page, a line for each block and each row of a table."""
    reader = _Reader()
    reader.feed(html)
    rows = (" ".join(row.split()) for row in reader.rows)
    return "".join(f"{row}\n" for row in rows if row)
