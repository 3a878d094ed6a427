"""Markdown: what stands in a name is never markup."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from reconciler.reports.lines import Line
from reconciler.reports.markdown import escaped, fenced, row


@pytest.mark.parametrize("inner", ["```", "`````", "plain", "a ```` b", "~~~"])
def test_no_line_closes_the_fence_around_it(inner: str) -> None:
    text = "\n".join([*fenced([Line("before"), Line(inner), Line("</details>")]), "", "after"])
    fence, *rest = [token for token in MarkdownIt().parse(text) if token.type in ("fence", "inline")]
    assert fence.content == f"before\n{inner}\n</details>\n" and [each.content for each in rest] == ["after"]


@pytest.mark.parametrize(
    "name", ["a | b", "`a`", "[a](b)", "<b>", "@team", "a\nb", "#1", "www.a.example", "| --- |"]
)
def test_a_cell_stays_a_cell_and_shows_the_name(name: str) -> None:
    table = "\n".join([row("x", "y"), row("---", "---"), row(escaped(name), "end")])
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(table)
    cells = [token for token in tokens if token.type == "inline"]
    assert len(cells) == 4 and cells[3].content == "end"
    words = [each for each in cells[2].children or () if each.type != "html_inline"]
    assert {each.type for each in words} <= {"text", "text_special"}
    assert "".join(each.content for each in words) == name.replace("\n", "\\x0a")
