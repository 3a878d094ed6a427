"""A stranger's pull request: no credentials, a comment all the same, and nothing in it that acts."""

from __future__ import annotations

from tests.pipeline.tale import Tale
from tests.pipeline.workflow import Run
from tests.pipeline.world import OPERATOR, ORGANISATION, SIGNING, TENANT, World, beginning

FORKS = "reconciler-forks.yml"
STRANGE = TENANT.replace("acme", "evil").replace("ACME", "EVIL").replace("Acme", "Evil")
MARKUP = "x ::error::y\n@dana ![i](https://evil.example/i) <img src=x>\n``````````````\n# Consent: none\n"
FENCE = "``````````"


def play(world: World, tale: Tale) -> None:
    """The whole story."""
    first = world.forge.propose("first", beginning())
    world.forge.on_pull_request(first)
    world.forge.merge(first)
    tale.holds("the workflows and the first tenant are on main, and applied", world.forge.on_push().well)
    number, run = _proposed(world, tale)
    _lied(world, tale, number, run)
    _merged(world, tale, number)


def _proposed(world: World, tale: Tale) -> tuple[int, Run]:
    tale.happens("A stranger's fork proposes a tenant")
    number = world.forge.propose("evil", {"manifests/evil.yaml": STRANGE}, fork=True)
    run = world.forge.on_pull_request(number)
    tale.ran(run)
    told = {value for step in run.steps for value in step.env.values()}
    secrets = {OPERATOR["GENESYSCLOUD_OAUTHCLIENT_SECRET"], *world.reader.values()}
    tale.holds("no credentials were in its environment", not secrets & told)
    tale.holds("its own run could not comment", world.comments(number) == [])
    tale.holds("and ran no job for those who may", "plan/plan" not in {job.name for job in run.jobs})
    after = world.forge.on_workflow_run(run, FORKS)
    tale.ran(after)
    tale.holds(
        "a run of main comments when it has ended",
        after.well and len(world.comments(number)) == 1,
        after.steps,
    )
    (comment,) = world.comments(number)
    tale.holds(
        "it says what the manifests would give", "evil/client/metrics  can view and search" in comment["body"]
    )
    tale.holds(
        "nothing labels it, nothing checks it", world.labels(number) == [] and _checked(world, number) == []
    )
    return number, run


def _lied(world: World, tale: Tale, number: int, run: Run) -> None:
    tale.happens("The stranger changes the workflow in the fork, so that its artifacts lie")
    lies = world.hub.place / "lies"
    lies.mkdir()
    (lies / "comment.md").write_text(f"<!-- reconciler proposal {ORGANISATION} -->\n{MARKUP}", "utf-8")
    world.hub.keep(run.number, f"reconciler-comment-{ORGANISATION}", lies)
    world.forge.on_workflow_run(run, FORKS)
    (comment,) = world.comments(number)
    outside = comment["body"].partition(FENCE)[0] + comment["body"].rpartition(FENCE)[2]
    tale.holds(
        "the comment is edited in place", comment["edits"] == 1 and "evil.example" in comment["body"], comment
    )
    tale.holds(
        "its markup, mentions and commands lie in one fence that none of them closes",
        comment["body"].count(FENCE) == 2 and not set("@#![") & set(outside.partition("-->")[2]),
        comment["body"],
    )
    head = world.pull(number)["head"]["sha"]
    world.hub.keep(
        run.number, f"reconciler-plan-{ORGANISATION}-{number}-{head}", world.plan_by_hand("forged", SIGNING)
    )
    tale.holds("another one claims to be the reviewed plan", len(world.comments(number)) == 1)


def _merged(world: World, tale: Tale, number: int) -> None:
    tale.happens("Somebody merges it all the same")
    before = world.console.state()
    world.forge.merge(number)
    run = world.forge.on_push()
    tale.ran(run)
    tale.holds(
        "the run is red: nobody saw a plan of it",
        not run.well and "nobody saw a plan" in _log(run),
        run.steps,
    )
    same = all(
        world.console.state()[part] == before[part] for part in ("clients", "roles", "divisions", "grants")
    )
    tale.holds("and the organisation is as it was", same)


def _log(run: Run) -> str:
    return "\n".join(step.log for step in run.steps)


def _checked(world: World, number: int) -> list[object]:
    head = world.pull(number)["head"]["sha"]
    return [row for row in world.hub.read()["statuses"] if row["sha"] == head]
