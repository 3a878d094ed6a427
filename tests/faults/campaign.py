"""Many cases in several processes: progress, figures, and the line to replay each violation by."""

from __future__ import annotations

import logging
import multiprocessing
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

import structlog

from tests.faults.case import Case, Violation
from tests.faults.pruned import judge_idle
from tests.faults.rehearsal import new_place
from tests.faults.runs import Outcome, run_case

Judged = tuple[str, Outcome]
_EVERY = 20.0
_STARTED = "fork" if sys.platform == "linux" else "spawn"
"""How workers begin: a fork has all rehearsals of its parent, where that is safe."""


def quietly() -> None:
    """No line of the program's own log: they cost more than the cases."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


def judge(line: str) -> Judged:
    """Run the case of one line."""
    try:
        case = Case.parse(line)
        return line, _reached(case, judge_idle(case) if case.idle else run_case(new_place(case)))
    except Exception as error:  # a case that breaks the harness is told like one that breaks the program
        return line, Outcome((Violation("harness", f"{type(error).__name__}: {error}"),), (), 0, 0)


def _reached(case: Case, outcome: Outcome) -> Outcome:
    """A single fault that never struck has shown nothing; of two the second may come too late for a run."""
    if outcome.reached or len(case.faults) != 1:
        return outcome
    missed = Violation("harness", "the fault was never reached")
    return outcome._replace(violations=(*outcome.violations, missed))


@dataclass
class Figures:
    """What came of many cases; `left_out` are those that came before them, as in a run that goes on."""

    left_out: int = 0
    cases: int = 0
    unreached: int = 0
    seconds: float = 0.0
    writing: Counter[int] = field(default_factory=Counter)
    violated: Counter[str] = field(default_factory=Counter)
    lines: list[tuple[str, Violation]] = field(default_factory=list)

    def add(self, judged: Judged) -> None:
        """Count one case."""
        line, outcome = judged
        self.cases += 1
        self.unreached += outcome.reached < len(Case.parse(line).faults)
        self.writing[outcome.after] += 1
        for violation in outcome.violations[:1]:
            self.violated[violation.monitor] += 1
            self.lines.append((line, violation))

    def told(self) -> str:
        """The figures in one line."""
        runs = ", ".join(f"{number}: {times}" for number, times in sorted(self.writing.items()))
        rate = self.cases / self.seconds if self.seconds else 0.0
        before = f"behind the first {self.left_out}: " if self.left_out else ""
        return (
            f"{before}{self.cases} cases, {len(self.lines)} violations, "
            f"{self.unreached} with a fault never reached; "
            f"runs that wrote after the last fault {{{runs}}}; {self.seconds:.0f} s, {rate:.0f} cases/s"
        )


def campaign(
    cases: Iterable[Case], workers: int = 0, skip: int | None = None, before: int = 0, shown: int = 20
) -> Figures:
    """Run the cases behind the first `skip`, or all of them where nobody can go on by such a number.

    Progress goes to stderr, violations to stdout as they come, in the order of the cases. `before` is how
    many others were counted before these.
    """
    figures, began, told = Figures(skip or 0), time.monotonic(), time.monotonic()
    for judged in _judged(map(str, islice(cases, skip, None)), workers or os.cpu_count() or 1):
        figures.add(judged)
        if judged[1].violations and len(figures.lines) <= shown:
            _tell(judged)
        if time.monotonic() - told > _EVERY:
            told = time.monotonic()
            _tell_progress(figures, None if skip is None else before + skip + figures.cases)
    figures.seconds = time.monotonic() - began
    return figures


def _judged(lines: Iterator[str], workers: int) -> Iterator[Judged]:
    if workers == 1:
        yield from map(judge, lines)
        return
    with multiprocessing.get_context(_STARTED).Pool(workers, initializer=quietly) as pool:
        while batch := list(islice(lines, 5_000)):
            yield from pool.imap(judge, batch, chunksize=20)


def _tell_progress(figures: Figures, done: int | None) -> None:
    """How far it is, and how to go on from here if it ends now: those so far are done, every one."""
    again = "" if done is None else f"; to go on behind them: --skip {done}"
    sys.stderr.write(f"… {figures.cases} cases, {len(figures.lines)} violations{again}\n")


def _tell(judged: Judged) -> None:
    line, outcome = judged
    first = outcome.violations[0]
    print(
        f"VIOLATION {first.monitor}: {first.words}\n  runs: {list(outcome.runs)}\n  replay: {line}",
        flush=True,
    )


def summary(title: str, figures: Figures) -> int:
    """Print the figures; how many cases were violated."""
    print(f"{title}: {figures.told()}", flush=True)
    for monitor, number in figures.violated.most_common():
        print(f"  {monitor}: {number}")
    return len(figures.lines)
