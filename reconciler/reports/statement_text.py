"""A statement in text and in Markdown: the same lines, in other clothing."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.reports.lines import Line, flow, visible
from reconciler.reports.markdown import escaped
from reconciler.reports.statement import Statement


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
    rows = [
        f"# {escaped(said.title)}",
        "",
        f"**{said.verdict}** · {escaped(said.org)}",
        "",
        escaped(said.lead),
    ]
    for part in said.parts:
        rows += ["", f"## {part.heading}", "", *(f"- {escaped(line)}" for line in part.lines)]
    return "\n".join([*rows, "", escaped(said.source), ""])
