"""Three pull requests merged in a row, each in another way, all but one run lost: the approved is applied."""

from __future__ import annotations

from tests.pipeline.tale import Tale
from tests.pipeline.world import ORGANISATION, TENANT, World, beginning

WAYS = {"globex": "merge", "initech": "squash", "vega": "rebase"}


def tenant(name: str) -> dict[str, str]:
    """The manifests of a tenant like the first one."""
    text = TENANT.replace("acme", name).replace("ACME", name.upper()).replace("Acme", name.title())
    return {f"manifests/{name}.yaml": text}


def play(world: World, tale: Tale) -> None:
    """The whole story."""
    _in_a_row(world, tale)
    _unreviewed(world, tale)
    _forged(world, tale)


def clients(world: World) -> set[str]:
    """Clients of tenants."""
    return {name for name in world.console.names("clients") if name.endswith("-metrics")}


def _in_a_row(world: World, tale: Tale) -> None:
    tale.happens("The workflows and the first tenant are on main, and applied")
    first = world.forge.propose("first", beginning())
    world.forge.on_pull_request(first)
    world.forge.merge(first)
    run = world.forge.on_push()
    tale.holds("the run is green", run.well, run.steps)

    tale.happens("Three pull requests, of two commits each, are planned beside each other")
    pulls = {name: world.forge.propose(name, tenant(name), {f"notes/{name}.md": name}) for name in WAYS}
    for number in pulls.values():
        tale.ran(world.forge.on_pull_request(number))
    for name, how in WAYS.items():
        tale.happens(f"The one about {name} is merged ({how}); its run is dropped while it waits")
        world.forge.merge(pulls[name], how)
    tale.holds("so nothing of them is in the organisation", clients(world) == {"acme-metrics"})

    tale.happens("The last run starts")
    run = world.forge.on_push()
    tale.ran(run)
    tale.holds("the run is green", run.well, run.steps)
    tale.holds(
        "all three are there", clients(world) == {"acme-metrics", *(f"{name}-metrics" for name in WAYS)}
    )
    tale.holds(
        "each with what was approved",
        all(
            world.console.grants(f"{name}-metrics") == {(f"{name.title()} Queues", name.upper())}
            for name in WAYS
        ),
    )
    early = world.forge.on_push("main~1")
    tale.holds(
        "the run of an earlier commit, come late, does nothing and is red",
        not early.well and "Apply" not in {step.name for step in early.steps},
    )


def _unreviewed(world: World, tale: Tale) -> None:
    tale.happens(
        "A pull request about hooli is planned; somebody pushes umbra past all review; hooli is merged"
    )
    number = world.forge.propose("hooli", tenant("hooli"))
    world.forge.on_pull_request(number)
    pushed = world.forge.propose("umbra", tenant("umbra"))
    world.forge.merge(pushed, "rebase")  # as a push: nobody saw a plan of it
    world.forge.merge(number, "squash")
    world.forge.on_pull_request(pushed)  # a plan at last, but too late for anybody to have approved it
    run = world.forge.on_push()
    tale.ran(run)
    (apply,) = [step for step in run.steps if step.name == "Apply"]
    tale.holds("the run is red with exit 4", apply.code == 4, apply.log)
    tale.holds("what was approved is there", "hooli-metrics" in clients(world), apply.log)
    tale.holds("what nobody approved is withheld", "umbra-metrics" not in clients(world))

    tale.happens(
        "Somebody reads what was withheld, and starts the run by hand with the digest of a plan of it"
    )
    digest = _planned(world)
    run = world.forge.on_dispatch(approved=f"sha256:{'0' * 64}")
    tale.holds("any other digest is refused", not run.well and "umbra-metrics" not in clients(world))
    run = world.forge.on_dispatch(approved=digest)
    tale.ran(run)
    tale.holds("now it is there", run.well and "umbra-metrics" in clients(world), run.steps)
    log = "".join(step.log for step in world.forge.on_push().steps)
    tale.holds("and what was approved before is used up", "reviewed: pull request" not in log, log)


def _forged(world: World, tale: Tale) -> None:
    tale.happens(
        "Somebody uploads a plan that the pipeline did not make, in a run of the repository, and merges"
    )
    number = world.forge.propose("pied", tenant("pied"))
    head = world.pull(number)["head"]["sha"]
    run = world.hub.start_run("pull_request", head, "pied", "reconciler.yml")
    world.hub.keep(run, f"reconciler-plan-{ORGANISATION}-{number}-{head}", world.plan_by_hand("pied", {}))
    world.forge.merge(number)
    ran = world.forge.on_push()
    (apply,) = [step for step in ran.steps if step.name == "Apply"]
    tale.holds("it is not signed: exit 6, nothing is applied", apply.code == 6, apply.log)
    tale.holds("and nothing of it is there", "pied-metrics" not in clients(world))


def _planned(world: World) -> str:
    """The digest that a pull request of nothing is told: what main would still change."""
    number = world.forge.propose("look", {"notes/look.md": "what is left?"})
    world.forge.on_pull_request(number)
    (comment,) = world.comments(number)
    return f"sha256:{comment['body'].partition('sha256:')[2][:64]}"
