"""The terminal: results on stdout, progress on stderr, colour only where somebody looks."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from reconciler.errors import UsageError
from reconciler.model.address import Address
from reconciler.model.outcome import Outcome
from reconciler.reports.apply_text import outcome_lines
from reconciler.reports.lines import STYLES, Line, plain, visible

NARROW, WIDE = 80, 120


def width() -> int:
    """Columns to write for: the terminal's, within what stays readable; 80 into pipes and files."""
    if not sys.stdout.isatty():
        return NARROW
    return max(40, min(WIDE, Console().width))


def show(lines: Iterable[Line], *, err: bool = False) -> None:
    """Print lines; styled on a terminal (NO_COLOR honoured), plain elsewhere."""
    stream = sys.stderr if err else sys.stdout
    if not stream.isatty():
        click.echo(plain(lines), nl=False, err=err)
        return
    console = Console(file=stream, soft_wrap=True, highlight=False)
    for line in lines:
        console.print(Text(line.shown, style=STYLES[line.style]))


def say(text: str) -> None:
    """One line of progress on stderr."""
    click.echo(Line(text).shown, err=True)


def save(path: Path, text: str, what: str, option: str) -> None:
    """Write a document where `option` says, and say so. Raises UsageError where that cannot be."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"cannot write {path}: {error.strerror}", remedy=f"choose another {option}"
        ) from error
    say(f"{what} written to {path}")


class PlainProgress:
    """Outcomes as lines among the results, waits on stderr; for pipes and logs."""

    def __init__(self, start: int, *, err: bool) -> None:
        self._start = start
        self._err = err

    def planned(self, writes: int, seconds: int) -> None:
        """What is about to happen."""
        say(f"applying: {writes} writes, about {seconds} s at the organisation's rate")

    def waiting(self, address: Address, seconds: float, reason: str) -> None:
        """A pause that settles something."""
        say(f"  waiting {seconds:g} s: {reason}")

    def finished(self, outcome: Outcome) -> None:
        """One change is through."""
        show(outcome_lines(outcome, self._start, width()), err=self._err)


class BarProgress:
    """A bar with count and time left on a terminal; outcomes scroll above it."""

    def __init__(self, start: int, changes: int, *, err: bool) -> None:
        self._start = start
        self._err = err
        self._console = Console(stderr=True, highlight=False, soft_wrap=True)
        self._bar = Progress(
            TextColumn("applying"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[note]}"),
            console=self._console,
            transient=True,
        )
        self._task = self._bar.add_task("apply", total=changes, note="")

    def __enter__(self) -> BarProgress:
        """Show the bar."""
        self._bar.start()
        return self

    def __exit__(self, *exception: object) -> None:
        """Take it away; what it told stays."""
        self._bar.stop()

    def planned(self, writes: int, seconds: int) -> None:
        """What is about to happen."""
        self._bar.update(self._task, note=f"{writes} writes, about {seconds} s")

    def waiting(self, address: Address, seconds: float, reason: str) -> None:
        """A pause that settles something."""
        self._bar.update(self._task, note=visible(f"waiting {seconds:g} s: {reason}"))

    def finished(self, outcome: Outcome) -> None:
        """One change is through; where results go elsewhere, they go there."""
        self._bar.advance(self._task)
        lines = outcome_lines(outcome, self._start, width())
        if not self._err and not sys.stdout.isatty():
            show(lines)
            return
        for line in lines:
            self._console.print(Text(line.shown, style=STYLES[line.style]))
