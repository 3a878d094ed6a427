"""What a person approved, carried out by the true `apply --approved DIGEST`, in one life without a server."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager, redirect_stderr, redirect_stdout
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from reconciler import wiring
from reconciler.cli.approving import Approval
from reconciler.cli.recording import recording
from reconciler.model.plan import Plan
from reconciler.planning.digest import digest_of
from reconciler.planning.options import PlanOptions
from reconciler.wiring import Session
from tests.faults.case import Violation
from tests.faults.command import applying, carrying
from tests.faults.edits import Told

if TYPE_CHECKING:
    from tests.faults.place import Place
    from tests.faults.runs import Run

_WHOLE = (0, 4)
"""Exit codes of a run that did all of its plan: well, or something else is withheld."""


async def apply_reviewed(run: Run, options: PlanOptions) -> str:
    """Apply what was reviewed, and nothing else; how it ended, raises what the command does."""
    place, carried = run.place, list[str]()
    before = len(place.sim.writes())
    try:
        with carrying(partial(_carried, place, carried)):
            code = await _command(run, options)
    finally:
        if len(place.sim.writes()) > before:
            _insist_on(place, carried)
    if not carried:
        return "nothing"
    return "done" if code in _WHOLE else "unfinished"


def _carried(place: Place, carried: list[str], plan: Plan, since: float) -> None:
    """By what the plan says, not by the digest that it claims."""
    carried.append(digest_of(plan))
    place.told.append(Told.of(plan, since, remembers=place.case.store == "kept"))


async def _command(run: Run, options: PlanOptions) -> int:
    scenario = run.place.scenario
    with _world(run), recording(scenario.after.org, "apply", None) as record:
        record.code = await applying(scenario, Approval(run.place.approved)).carry_out(options, record)
    return record.code


def _insist_on(place: Place, carried: list[str]) -> None:
    """Who writes carries out what was approved: not after a refusal, and no other plan (I19)."""
    if carried != [place.approved]:
        words = f"{place.approved[:8]} was approved, written was by {[each[:8] for each in carried]}"
        place.watch.violations.append(Violation("I19 stale plan", words))


@contextmanager
def _world(run: Run) -> Iterator[None]:
    """What the command opens is this life's, and what it says is heard."""
    said, kept = io.StringIO(), SimpleNamespace(
        actor="somebody", host="here", is_off=run.place.case.store == "off", journal=lambda tell: run.journal
    )  # fmt: skip

    @asynccontextmanager
    async def session(*given: Any, **named: Any) -> AsyncIterator[Session]:
        yield run.session

    with ExitStack() as stack:
        for manager in (
            redirect_stdout(said),
            redirect_stderr(said),
            run.remembering(),
            patch.object(wiring, "session", session),
            patch.object(wiring, "state", lambda: kept),
            patch.object(wiring, "run_id", lambda: run.name),
            patch.object(wiring, "today", run.session.clock.now),
            patch.object(wiring, "new_nonce", run.place.nonce),
        ):
            stack.enter_context(manager)
        try:
            yield
        finally:
            run.place.said.append(said.getvalue())
