"""History: what a run was, and what it sent. Written by the journal as it happens; never a body.

Times are ISO 8601 UTC with milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

from reconciler.model.address import Address
from reconciler.model.plan import FORMAT_VERSION

Fate = Literal["done", "failed", "unresolved"]
"""What became of a write; `unresolved`: nobody saw the answer, it may have arrived."""


class Intent(NamedTuple):
    """A write as it is announced: the operation's id in its plan, and the path with ids filled in.

    `nonce` is the one in the marker of what is being born, "" where there is none; no secret.
    """

    operation: str
    address: Address
    method: str
    path: str
    nonce: str = ""


class Step(NamedTuple):
    """An intent, when it was announced, and what was heard of it: `concluded` is "" for nothing.

    `error` says why, also where nothing was heard.
    """

    intent: Intent
    intended: str
    concluded: str = ""
    error: str = ""

    @property
    def fate(self) -> Fate:
        """What became of it."""
        if not self.concluded:
            return "unresolved"
        return "failed" if self.error else "done"


class Recent(NamedTuple):
    """What runs wrote in the last moments, in order, and what that clock says `now` by which they are dated.

    `whole`: no run that wrote can be missing from it.
    """

    steps: tuple[Step, ...]
    now: datetime
    whole: bool


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a command that writes. `ended` is "" and `code` None until it has ended.

    `actor` is who started it, as far as the machine says; `digest` that of the plan, "" without one;
    `summary` counts what became of its changes, as the apply document does; `error` is what ended it
    early, "" for nothing; `unresolved` how many of its writes nobody saw an answer to.
    """

    id: str
    org_name: str
    organization_id: str
    command: str
    tool: str
    actor: str
    started: str
    digest: str = ""
    ended: str = ""
    code: int | None = None
    summary: Mapping[str, int] = field(default_factory=dict)
    error: str = ""
    unresolved: int = 0


def moment(time: datetime) -> str:
    """A time as history writes it: ISO 8601, UTC, milliseconds."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def history_document(place: str, runs: tuple[Run, ...], total: int) -> dict[str, Any]:
    """The history document: `runs` are the newest of `total`, `place` is where they are kept."""
    return {
        "formatVersion": FORMAT_VERSION,
        "place": place,
        "total": total,
        "runs": [_run(run) for run in runs],
    }


def run_document(run: Run, steps: tuple[Step, ...]) -> dict[str, Any]:
    """The document of one run, with everything it sent in the order of the intents."""
    return {"formatVersion": FORMAT_VERSION, **_run(run), "operations": [_step(step) for step in steps]}


def _run(run: Run) -> dict[str, Any]:
    return {
        "runId": run.id,
        "org": {"name": run.org_name, "id": run.organization_id},
        "command": run.command,
        "tool": run.tool,
        "actor": run.actor,
        "digest": run.digest or None,
        "startedAt": run.started,
        "endedAt": run.ended or None,
        "exitCode": run.code,
        "summary": dict(run.summary),
        "error": run.error or None,
        "unresolved": run.unresolved,
    }


def _step(step: Step) -> dict[str, Any]:
    intent = step.intent
    return {
        "id": intent.operation,
        "address": str(intent.address),
        "method": intent.method,
        "path": intent.path,
        "nonce": intent.nonce or None,
        "intendedAt": step.intended,
        "concludedAt": step.concluded or None,
        "outcome": step.fate,
        "error": step.error or None,
    }
