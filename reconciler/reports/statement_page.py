"""A statement as a page: one sheet of paper."""

from __future__ import annotations

from reconciler.reports.page import render
from reconciler.reports.proof_page import WORDS
from reconciler.reports.statement import Statement


def statement_page(said: Statement) -> str:
    """The page; one file, to be opened, printed or mailed."""
    return render("statement.html", said=said, words=WORDS[said.verdict])
