"""Any line that a violation was told with, again: a case, a schedule, a history or a kill -9."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial

from tests.faults import processes, retold
from tests.faults.campaign import judge
from tests.faults.rivals import campaign as rivals


def again(line: str) -> Callable[[], int]:
    """What runs it, tells what came of it and gives how many violations. Raises ValueError for no line."""
    given = json.loads(line)
    for name, replay in _SORTS.items():
        if isinstance(given, dict) and name in given:
            return partial(replay, line)
    raise ValueError(f"none of {', '.join(_SORTS)} is in it")


def _case(line: str) -> int:
    _, outcome = judge(line)
    print(f"runs: {list(outcome.runs)}; {outcome.after} wrote after the last fault")
    for violation in outcome.violations:
        print(f"{violation.monitor}: {violation.words}")
    return len(outcome.violations)


def _kill(line: str) -> int:
    return processes.kill([processes.Point.parse(line)])


_SORTS: Mapping[str, Callable[[str], int]] = {
    "accident": rivals.replay,
    "history": retold.replay,
    "committed": _kill,
    "scenario": _case,
}
"""By what only lines of that sort have; a schedule's has a scenario, too."""
