"""The true `apply` of the command line, whoever drives it, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import patch

from reconciler.cli import apply as command
from reconciler.cli.approving import Approval
from reconciler.cli.main import Global
from reconciler.cli.manifests import Judged
from reconciler.cli.prelude import Prelude, as_given
from reconciler.engine.apply import apply
from reconciler.errors import JournalError, LeaseError, ReconcilerError, Unfinished
from reconciler.model.outcome import ApplyReport
from reconciler.model.plan import Plan
from tests.faults.scenario import Scenario

AUTOMATIC = Approval(automatic=True)


def applying(
    scenario: Scenario, approval: Approval, wait: float | None = None, prelude: Prelude = as_given
) -> command.Run:
    """One apply of the scenario's manifests; its session is whatever `wiring` opens."""
    judged = cast(Judged, SimpleNamespace(locate=lambda origin: None))
    place = Global("http://127.0.0.1", 0)
    return command.Run(place, judged, scenario.after, approval, "text", wait, prelude)


@contextmanager
def carrying(told: Callable[[Plan, float], None]) -> Iterator[None]:
    """Whenever a plan is carried out, it is told, and when it was begun to read for it."""

    async def carried(plan: Plan, **ports: Any) -> ApplyReport:
        told(plan, ports["basis"].since)
        return await apply(plan, **ports)

    with patch.object(command, "apply", carried):
        yield


def bug_in(end: Any) -> str:
    """The exception that nobody foresaw, in words; "" for none.

    After a write `apply` tells it as unfinished, with the exit code of a run that lost journal or lease.
    """
    if isinstance(end, Unfinished) and not isinstance(end.__cause__, JournalError | LeaseError):
        end = end.__cause__
    elif isinstance(end, ReconcilerError) or not isinstance(end, BaseException):
        return ""
    return f"{type(end).__name__}: {end}"
