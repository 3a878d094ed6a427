"""From an empty repository to a corrected drift: a pull request, its apply, a hand, the hour's run."""

from __future__ import annotations

from tests.pipeline.tale import Tale
from tests.pipeline.world import OPERATOR, ORG, ORGANISATION, TENANT, World, beginning

MARKER = f"<!-- reconciler plan {ORGANISATION} -->"
RENAMED = TENANT.replace("name: Acme Queues", "name: Acme Queue Metrics")
DOWNWARDS = ORG + "  drift: {correct: downwards}\n"


def play(world: World, tale: Tale) -> None:
    """The whole story."""
    number = _proposed(world, tale)
    _applied(world, tale, number)
    _leaking(world, tale)
    _drifted(world, tale)
    _corrected(world, tale)


def _proposed(world: World, tale: Tale) -> int:
    tale.happens("A pull request adds the workflows of the guide, an Org document and a tenant")
    number = world.forge.propose("first", beginning())
    run = world.forge.on_pull_request(number)
    tale.ran(run)
    tale.holds("the run is green", run.well, run.steps)
    (comment,) = world.comments(number)
    tale.holds("one comment begins with its marker", comment["body"].startswith(MARKER), comment)
    tale.holds("and says whose consent it asks for", "consent to **policy**" in comment["body"])
    tale.holds("and who gains what", "| **increase** | acme/client/metrics |" in comment["body"], comment)
    tale.holds("one label says so too", world.labels(number) == ["reconciler/policy"], world.labels(number))
    (status,) = world.hub.read()["statuses"]
    tale.holds("and a check", status["description"] == "asks for consent to: policy", status)
    told = {value for step in run.steps for value in step.env.values()}
    tale.holds(
        "the operator's secret was in no step of it", OPERATOR["GENESYSCLOUD_OAUTHCLIENT_SECRET"] not in told
    )
    tale.holds("the organisation has nothing of it", "acme-metrics" not in world.console.names("clients"))

    tale.happens("Its author renames the role")
    world.forge.commit("rename", {"manifests/acme.yaml": RENAMED})
    world.forge.push(number)
    tale.ran(world.forge.on_pull_request(number))
    (comment,) = world.comments(number)
    head = world.pull(number)["head"]["sha"]
    tale.holds(
        "the comment was edited in place", comment["edits"] == 1 and "Acme Queue Metrics" in comment["body"]
    )
    tale.holds("and says which commit it is about", f"planned for commit {head}" in comment["body"])
    return number


def _applied(world: World, tale: Tale, number: int) -> None:
    tale.happens("It is approved and merged")
    (comment,) = world.comments(number)
    digest = comment["body"].partition("sha256:")[2][:64]
    world.forge.merge(number)
    run = world.forge.on_push()
    tale.ran(run)
    tale.holds("the run is green", run.well, run.steps)
    tale.holds(
        "the operator applied the digest that the view-only client told",
        f"sha256:{digest}" in run.jobs[-1].summary,
    )
    grants = world.console.grants("acme-metrics")
    tale.holds("the client holds what was approved", grants == {("Acme Queue Metrics", "ACME")}, grants)
    again = world.forge.on_push()
    tale.holds(
        "the same run again has nothing to do", again.well and "nothing to do" in again.jobs[-1].summary
    )


def _leaking(world: World, tale: Tale) -> None:
    tale.happens("A pull request would give the client a permission that no division confines")
    wider = RENAMED.replace("routing:queue:search", "routing:queue:search, authorization:division:edit")
    number = world.forge.propose("wider", {"manifests/acme.yaml": wider})
    run = world.forge.on_pull_request(number)
    tale.ran(run)
    log = "".join(step.log for step in run.steps if step.name == "Annotate")
    tale.holds("the line is annotated", "::error file=manifests/acme.yaml,line=" in log, log)
    tale.holds("the run is red", run.results["plan/plan"] == "failure", run.results)
    (comment,) = world.comments(number)
    tale.holds(
        "and the comment says why all the same", "[isolation/escalation]" in comment["body"], comment["body"]
    )
    status = world.hub.read()["statuses"][-1]
    tale.holds("no label calls it harmless", world.labels(number) == [], world.labels(number))
    tale.holds(
        "and the check fails", status["state"] == "failure" and "nobody can consent" in status["description"]
    )


def _drifted(world: World, tale: Tale) -> None:
    tale.happens("An hour passes")
    run = world.forge.on_schedule()
    tale.ran(run)
    tale.holds("nothing drifted, no issue", run.well and not world.hub.read()["issues"], run.steps)

    tale.happens("Somebody grants the client's role in every division, in the console")
    world.console.give("acme-metrics", "Acme Queue Metrics", "*")
    run = world.forge.on_schedule()
    tale.ran(run)
    tale.holds("the run is red: it reaches other tenants", run.results["drift/look"] == "failure", run.steps)
    (issue,) = world.issues("open")
    tale.holds(
        "one issue for the tenant", issue["body"].startswith(f"<!-- reconciler drift {ORGANISATION}/acme -->")
    )
    world.forge.on_schedule()
    (issue,) = world.issues("open")
    tale.holds("an hour later it was edited, not opened again", issue["edits"] == 1, issue)
    tale.holds(
        "nothing was corrected, for nobody said so",
        ("Acme Queue Metrics", "*") in world.console.grants("acme-metrics"),
    )


def _corrected(world: World, tale: Tale) -> None:
    tale.happens("A pull request lets the hour's run take access back: `drift: {correct: downwards}`")
    number = world.forge.propose("downwards", {"manifests/org.yaml": DOWNWARDS})
    tale.ran(world.forge.on_pull_request(number))
    (comment,) = world.comments(number)
    tale.holds("it is asked who sets the policy", "**policy**" in comment["body"], comment)
    world.forge.merge(number)

    tale.happens("An hour passes")
    run = world.forge.on_schedule()
    tale.ran(run)
    grants = world.console.grants("acme-metrics")
    tale.holds(
        "the access was taken back, and nothing else", grants == {("Acme Queue Metrics", "ACME")}, run.steps
    )
    run = world.forge.on_schedule()
    tale.ran(run)
    tale.holds("the next one is green and closes the issue", run.well and not world.issues("open"), run.steps)
