"""What is wrong with the text of a file, before it means anything: rule, words and the very place."""

from __future__ import annotations

from typing import NamedTuple

from reconciler.model.finding import Finding, Severity
from reconciler.model.origin import Origin

TEXT = -1
"""As an origin's document: its path is (line, column, width) of a place in the text itself."""


class Mistake(NamedTuple):
    """One mistake in a text; `line` and `column` count from 1, `first` is the place it repeats."""

    rule: str
    message: str
    remedy: str
    line: int
    column: int
    width: int = 1
    hint: str = ""
    first: tuple[int, int, int] | None = None

    def finding(self, file: str) -> Finding:
        """The mistake as a finding about `file`."""
        related = (Origin(file, TEXT, self.first),) if self.first else ()
        place = Origin(file, TEXT, (self.line, self.column, self.width))
        return Finding(
            self.rule,
            Severity.ERROR,
            self.message,
            self.remedy,
            address=file,
            location=place,
            related=related,
            hint=self.hint,
        )


class Unreadable(Exception):
    """A text that cannot be read as a manifest at all; nothing after the mistake is known."""

    def __init__(self, mistake: Mistake) -> None:
        self.mistake = mistake
        super().__init__(mistake.message)
