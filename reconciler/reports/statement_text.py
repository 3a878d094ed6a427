"""A statement in text and in Markdown: the same lines, in other clothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reconciler.reports.lines import Line, flow, visible
from reconciler.reports.statement import Statement

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~!&]|(?<=:)/(?=/)|(?<=www)\.)")
"""What is markup, and what makes a link of bare words."""

_MENTION = re.compile(r"(?<!\w)@(?=\w)")
"""Somebody is told of it wherever it is shown, escaped or not; an empty comment takes it apart."""


def statement_text(said: Statement, width: int) -> Iterator[Line]:
    """Lines of at most `width` columns."""
    yield Line(visible(f"{said.title} · {said.org}"), "title")
    yield Line("")
    yield from flow(f"{said.verdict}  ", said.lead, width, "title")
    for part in said.parts:
        yield Line("")
        yield Line(part.heading, "title")
        for line in part.lines:
            yield from flow("  - ", line, width, hang=4)
    yield Line("")
    yield from flow("", said.source, width, "muted")


def statement_markdown(said: Statement) -> str:
    """The same as a document; nothing that stands in a name is markup."""
    rows = [f"# {_plain(said.title)}", "", f"**{said.verdict}** · {_plain(said.org)}", "", _plain(said.lead)]
    for part in said.parts:
        rows += ["", f"## {part.heading}", "", *(f"- {_plain(line)}" for line in part.lines)]
    return "\n".join([*rows, "", _plain(said.source), ""])


def _plain(text: str) -> str:
    return _MENTION.sub("@<!-- -->", _MARKS.sub(r"\\\1", visible(text)))
