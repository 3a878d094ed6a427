"""What a run takes for reviewed, and that no run writes an old commit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.pipeline.actions import git
from tests.pipeline.callers import files
from tests.pipeline.forge import WORKFLOW, Forge
from tests.pipeline.kept import reviewed, said

pytestmark = pytest.mark.full
"""Steps of workflows, as real shells run them."""

CALLER = f".github/workflows/{WORKFLOW}"
GUIDE = files("tinydesk")[CALLER]
ORGANISATION = "organisation: tinydesk\n"
SIGNED = GUIDE.replace(ORGANISATION, f"{ORGANISATION}      signed: true\n", 2)  # plan and apply
CHANGE = {"manifests/x.yaml": "y"}
OTHERS = {"of-a-push": ("push", WORKFLOW), "of-another-workflow": ("pull_request", "other.yml")}


def steps(forge: Forge, name: str) -> list[str]:
    """What the steps of a name printed in the last run."""
    return [step.log for step in forge.runs[-1].steps if step.name == name]


def test_a_plan_of_another_pull_request_with_the_same_head_is_not_reviewed(parroted: Forge) -> None:
    number = parroted.propose("change", CHANGE)
    reviewed(parroted, number, "of another", claims=number + 1)
    parroted.merge(number)
    run = parroted.on_push()
    assert "nobody saw a plan of pull request 1" in said(run, "Fetch the plans that were reviewed")
    assert "reviewed:" not in said(run, "Apply")


@pytest.mark.parametrize("other", OTHERS)
def test_a_plan_that_another_run_left_does_not_hide_the_reviewed_one(other: str, parroted: Forge) -> None:
    number = parroted.propose("change", CHANGE)
    reviewed(parroted, number, "true")
    reviewed(parroted, number, "forged", *OTHERS[other])
    parroted.merge(number)
    told = said(parroted.on_push(), "Apply")
    assert "reviewed: true" in told and "forged" not in told


def test_a_run_of_an_older_commit_is_red_and_writes_nothing(parroted: Forge) -> None:
    numbers = [parroted.propose(name, {f"manifests/{name}.yaml": name}) for name in ("one", "two")]
    for number in numbers:
        reviewed(parroted, number, f"plan {number}")
        parroted.merge(number)
    early = parroted.on_push("main~1")
    assert not early.well and "main has moved on" in "".join(step.log for step in early.steps)
    assert not steps(parroted, "Apply")
    told = said(parroted.on_push(), "Apply")
    assert all(f"reviewed: plan {number}" in told for number in numbers)


@pytest.mark.full
def test_what_was_approved_does_not_come_back_when_history_is_rewritten(parroted: Forge) -> None:
    number = parroted.propose("change", CHANGE)
    reviewed(parroted, number, "used up")
    merged = parroted.merge(number)
    assert parroted.on_push().well
    git(parroted.clone, "checkout", "-q", "--detach", merged)
    git(parroted.clone, "commit", "-q", "--amend", "-m", "as if it were new")
    git(parroted.clone, "push", "-q", "-f", "origin", "HEAD:refs/heads/main")
    run = parroted.on_push()
    assert not run.well and not steps(parroted, "Apply")
    assert "rewritten" in said(run, "Find what was merged since")
    assert parroted.on_dispatch(approved="sha256:0").well and parroted.on_push().well


def test_access_is_not_taken_back_by_an_old_commit(parroted: Forge) -> None:
    number = parroted.propose("change", CHANGE)
    parroted.merge(number)
    early = parroted.on_schedule("main~1")
    assert early.well and not steps(parroted, "Take access back")
    assert "main has moved on" in "".join(step.log for step in early.steps)
    assert "given: apply --revoke-only" in said(parroted.on_schedule(), "Take access back")


def test_who_starts_it_by_hand_may_release_limits_and_no_more(parroted: Forge) -> None:
    number = parroted.propose("change", CHANGE)
    reviewed(parroted, number, "true")
    parroted.merge(number)
    parroted.on_dispatch(allow="gains=4 removals=3 --auto-approve *")
    (told,) = steps(parroted, "Apply")
    assert "--allow=gains=4 --allow=removals=3 --allow=--auto-approve --allow=* --record" in told
    assert "reviewed: true" in told


@pytest.mark.full
def test_a_signature_that_is_demanded_needs_a_key(parroted: Forge) -> None:
    number = parroted.propose("signed", {CALLER: SIGNED})
    run = parroted.on_pull_request(number)
    assert not run.well and "RECONCILER_SIGNING_KEY is empty" in said(run, "Plan")
    assert "given:" not in said(run, "Plan")
    parroted.merge(number)
    run = parroted.on_push()
    assert not run.well and "RECONCILER_SIGNING_KEY is empty" in said(run, "Apply")
    assert "given:" not in said(run, "Apply")


@pytest.mark.full
def test_each_value_that_sinks_need_is_masked_before_anything_can_print_it(parroted: Forge) -> None:
    lines = "SINK_TOKEN=100%=s3cret\n\nDEBUG=1\n"
    caller = "      RECONCILER_ENVIRONMENT: ${{ secrets.RECONCILER_ENVIRONMENT }}\n"
    head, mark, rest = GUIDE.partition("approved: ${{ inputs.approved }}\n")
    rest = rest.replace("    secrets:\n", f"    secrets:\n{caller}", 1)
    secrets = {"reconciler-apply": {"RECONCILER_ENVIRONMENT": lines}}
    forge = replace(parroted, machine=replace(parroted.machine, environments=secrets))
    forge.merge(forge.propose("sinks", {CALLER: head + mark + rest}))
    told = said(forge.on_push(), "Apply")
    assert "with 100%=s3cret" in told and "::add-mask::1\n" not in told
    assert told.index("::add-mask::100%25=s3cret\n") < told.index("::stop-commands::") < told.index("given:")
