"""Many schedules on one server: figures, and the line to replay each violation by."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator

from tests.faults.case import Violation
from tests.faults.rivals.arena import Ended, play
from tests.faults.rivals.schedule import Schedule, schedules
from tests.support.database import empty_schema, running_server


def played(chosen: Iterable[Schedule]) -> Iterator[tuple[Schedule, Ended]]:
    """All of them, one after the other, each in a schema of its own."""
    with running_server() as server:
        for schedule in chosen:
            yield schedule, play(schedule, empty_schema(server))


def rivals(number: int) -> int:
    """Play so many, print what came of them; how many were violated."""
    began, bad, taken_over = time.monotonic(), 0, 0
    accidents: Counter[str] = Counter()
    for schedule, ended in played(schedules(number)):
        accidents[schedule.accident or "none"] += 1
        taken_over += len(ended.epochs) > 1
        found = [*ended.violations, *_missed(schedule, ended)]
        bad += bool(found)
        for violation in found[:1]:
            _tell(schedule, ended, violation)
    told = ", ".join(f"{name}: {times}" for name, times in sorted(accidents.items()))
    print(
        f"two runners on PostgreSQL: {number} schedules ({told}), {taken_over} in which both wrote, "
        f"{bad} violated; {time.monotonic() - began:.0f} s",
        flush=True,
    )
    return bad


def _missed(schedule: Schedule, ended: Ended) -> Iterator[Violation]:
    if schedule.accident and not ended.struck:
        yield Violation("harness", f"{schedule.accident} never happened")


def replay(line: str) -> int:
    """One schedule again; how many violations."""
    ((schedule, ended),) = played([Schedule.parse(line)])
    print(f"ends: {list(ended.ends)}; epochs that wrote: {list(ended.epochs)}")
    for violation in ended.violations:
        _tell(schedule, ended, violation)
    return len(ended.violations)


def _tell(schedule: Schedule, ended: Ended, violation: Violation) -> None:
    print(
        f"VIOLATION {violation.monitor}: {violation.words}\n  ends: {list(ended.ends)}\n  replay: {schedule}",
        flush=True,
    )
