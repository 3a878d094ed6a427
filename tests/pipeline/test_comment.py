"""The job that may write believes no artifact: what it refuses, and that nothing is said then."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.forge import Forge
from tests.pipeline.hub import REPOSITORY
from tests.pipeline.workflow import Run

pytestmark = pytest.mark.full
"""Steps of workflows, as real shells run them."""

CALLER = Path(__file__).with_name("caller.yml")
PROPOSAL = b"<!-- reconciler proposal tinydesk -->\n"
LIES: dict[str, dict[str, bytes]] = {
    "a-comment-that-begins-as-a-plan": {"comment.md": b"<!-- reconciler plan tinydesk -->\n"},
    "about-another-organisation": {"comment.md": b"<!-- reconciler proposal other -->\n"},
    "without-a-marker": {"comment.md": b"consent to none\n" + PROPOSAL},
    "too-large": {"comment.md": PROPOSAL + b"x" * 300_000},
    "no-text": {"comment.md": PROPOSAL + b"\xff\xfe"},
    "more-files": {"comment.md": PROPOSAL, "class": b"none", "run.sh": b"true"},
    "no-comment": {"class": b"none"},
}


def labels(forge: Forge, number: int) -> list[str]:
    return list(forge.machine.hub.read()["labels"].get(str(number), []))


def planned(forge: Forge, number: int, consent: str, more: str = "") -> Run:
    """The job that comments, in the run of a pull request of the repository itself."""
    pull = next(row for row in forge.machine.hub.read()["pulls"] if row["number"] == number)
    run = forge.machine.hub.start_run("pull_request", pull["head"]["sha"], "change", "reconciler.yml")
    folder = forge.machine.place / f"artifact-{run}"
    folder.mkdir()
    (folder / "comment.md").write_text(f"<!-- reconciler plan tinydesk -->\n## {consent}\n{more}", "utf-8")
    (folder / "class").write_text(f"{consent}\n", "utf-8")
    forge.machine.hub.keep(run, "reconciler-comment-tinydesk", folder)
    event = {"pull_request": {"number": number, "head": pull["head"]}}
    github = {
        "event_name": "pull_request",
        "event": event,
        "repository": REPOSITORY,
        "ref": "refs/pull/1/merge",
        "run_id": run,
        "sha": "",
        "ref_name": "1/merge",
        "server_url": "https://github.example",
        "workflow_ref": "",
        "run_attempt": 1,
    }
    done = Run(forge.machine, run, github)
    done.carry_out(CALLER)
    return done


def told(forge: Forge, artifact: dict[str, bytes], fork: bool = True) -> Run:
    """The run that comments what a pull request's run left."""
    number = forge.propose("change", {"manifests/x": "y"}, fork=fork)
    pull = next(row for row in forge.machine.hub.read()["pulls"] if row["number"] == number)
    who = "mallory-example/tenants" if fork else ""
    ended = forge.machine.hub.start_run("pull_request", pull["head"]["sha"], "change", "reconciler.yml", who)
    folder = forge.machine.place / "artifact"
    folder.mkdir()
    for name, text in artifact.items():
        (folder / name).write_bytes(text)
    forge.machine.hub.keep(ended, "reconciler-comment-tinydesk", folder)
    return forge.on_workflow_run(Run(forge.machine, ended, {}), "reconciler-forks.yml")


@pytest.mark.parametrize("lie", LIES)
def test_an_artifact_that_is_not_what_it_should_be_is_refused(lie: str, forge: Forge) -> None:
    run = told(forge, LIES[lie])
    (refused,) = [step for step in run.steps if step.code]
    assert refused.name == "Look at what arrived" and "::error title=reconciler::" in refused.log
    assert forge.machine.hub.read()["comments"] == []


def test_a_true_one_is_told_in_a_fence_without_label_or_check(forge: Forge) -> None:
    run = told(forge, {"comment.md": PROPOSAL + b"access +2\n```````````````` @dana\n"})
    (comment,) = forge.machine.hub.read()["comments"]
    lines = comment["body"].splitlines()
    assert run.well and lines[0].encode() + b"\n" == PROPOSAL
    assert lines[3:] == ["``````````text", "access +2", "````````` @dana", "``````````"]
    assert forge.machine.hub.read()["labels"] == {} and forge.machine.hub.read()["statuses"] == []


@pytest.mark.parametrize(("lines", "width"), [(2_000, 120), (701, 1), (300, 400), (1, 100_000)])
def test_one_that_is_long_is_cut_and_says_so(lines: int, width: int, forge: Forge) -> None:
    run = told(forge, {"comment.md": PROPOSAL + (b"x" * width + b"\n") * lines})
    assert run.well, run.steps
    (comment,) = forge.machine.hub.read()["comments"]
    body = comment["body"].splitlines()
    shown = sum(line == "x" * width for line in body)
    assert shown == min(700, 60_000 // (width + 1), lines) and body[-1] == "``````````"
    assert body[-2] == f"[cut: {lines - shown} more lines are in the artifact of its run]"


def test_a_proposal_of_five_thousand_long_lines_is_told(parroted: Forge) -> None:
    """From the fork's own run to the comment."""
    number = parroted.propose("change", {"manifests/x": "y"}, fork=True)
    run = parroted.on_pull_request(number)
    assert parroted.on_workflow_run(run, "reconciler-forks.yml").well
    (comment,) = parroted.machine.hub.read()["comments"]
    assert "é" * 60 in comment["body"] and "[cut: " in comment["body"]


def test_a_plan_longer_than_github_takes_is_refused(forge: Forge) -> None:
    number = forge.propose("change", {"manifests/x": "y"})
    assert not planned(forge, number, "none", "x" * 70_000).well
    assert forge.machine.hub.read()["comments"] == []


def test_a_pull_request_that_moved_on_is_left_alone(forge: Forge) -> None:
    run = told(forge, {"comment.md": PROPOSAL + b"old\n"})
    assert len(forge.machine.hub.read()["comments"]) == 1 and run.well
    with forge.machine.hub.change() as state:
        state["pulls"][0]["head"]["sha"] = "0" * 40
    row = next(each for each in forge.machine.hub.read()["runs"] if each["event"] == "pull_request")
    again = forge.on_workflow_run(Run(forge.machine, row["id"], {}), "reconciler-forks.yml")
    assert again.well and forge.machine.hub.read()["comments"][0]["edits"] == 0


def test_a_class_that_changes_leaves_one_label_and_labels_of_others(forge: Forge) -> None:
    number = forge.propose("change", {"manifests/x": "y"})
    with forge.machine.hub.change() as state:
        state["labels"][str(number)] = ["urgent"]
    for consent in ("cross-tenant", "cross-tenant", "none"):
        assert planned(forge, number, consent).well
        assert labels(forge, number) == ["urgent", f"reconciler/{consent}"]
    (comment,) = forge.machine.hub.read()["comments"]
    assert comment["body"].splitlines()[1] == "## none" and comment["edits"] == 2


def test_what_could_not_be_planned_keeps_no_label_of_an_earlier_commit(parroted: Forge) -> None:
    number = parroted.propose("change", {"manifests/x": "y"})
    with parroted.machine.hub.change() as state:
        state["labels"][str(number)] = ["urgent"]
    assert parroted.on_pull_request(number).well and labels(parroted, number) == ["urgent", "reconciler/none"]
    parroted.commit("wrong", {"manifests/wrong.yaml": ""})
    parroted.push(number)
    assert not parroted.on_pull_request(number).well
    assert labels(parroted, number) == ["urgent"]


def test_a_class_that_does_not_exist_is_refused(forge: Forge) -> None:
    number = forge.propose("change", {"manifests/x": "y"})
    assert not planned(forge, number, "none; merge it").well
    assert forge.machine.hub.read()["comments"] == [] and labels(forge, number) == []


def test_a_comment_that_somebody_else_began_alike_is_not_edited(forge: Forge) -> None:
    number = forge.propose("change", {"manifests/x": "y"})
    theirs = "<!-- reconciler plan tinydesk -->\nmine"
    with forge.machine.hub.change() as state:
        row = {"id": 1, "number": number, "user": {"login": "mallory"}, "body": theirs, "edits": 0}
        state["comments"].append(row)
    assert planned(forge, number, "increase").well
    first, second = forge.machine.hub.read()["comments"]
    assert (first["body"], first["edits"]) == (theirs, 0) and second["body"].endswith("## increase\n")
