"""Plans as runs keep them, for tests of what counts as reviewed; and what a run said of them."""

from __future__ import annotations

from tests.pipeline.forge import WORKFLOW, Forge
from tests.pipeline.machine import Machine
from tests.pipeline.workflow import Run


def name(number: int, head: str) -> str:
    """What the artifact with the plan of a pull request is called."""
    return f"reconciler-plan-tinydesk-{number}-{head}"


def reviewed(
    forge: Forge,
    number: int,
    text: str,
    event: str = "pull_request",
    workflow: str = WORKFLOW,
    claims: int = 0,
) -> None:
    """A plan of this text that a run at the head of the pull request left; it may claim to be another's."""
    head = next(row for row in forge.machine.hub.read()["pulls"] if row["number"] == number)["head"]
    run = forge.machine.hub.start_run(event, head["sha"], head["ref"], workflow)
    keep(forge.machine, run, name(claims or number, head["sha"]), text)


def keep(machine: Machine, run: int, name: str, text: str) -> None:
    """An artifact that is one plan of this text."""
    folder = machine.place / f"plan-of-{run}"
    folder.mkdir()
    (folder / "plan.json").write_text(text, "utf-8")
    machine.hub.keep(run, name, folder)


def said(run: Run, step: str) -> str:
    """What the steps of a name printed."""
    return "".join(each.log for each in run.steps if each.name == step)
