"""`export`: an organisation as it is becomes manifests, split by tenant. Never writes to it."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import click

from reconciler import wiring
from reconciler.authoring.tree import Tree, growing, refuse_taken
from reconciler.cli.authored import out_option, region_option, standing_argument
from reconciler.cli.console import say, show, width
from reconciler.cli.drafting import NAME, check
from reconciler.cli.exits import Facts, exit_code
from reconciler.cli.main import Global
from reconciler.cli.manifests import Judged, format_option
from reconciler.cli.planning import SIGNING_IN, options
from reconciler.engine.export import Asked, export
from reconciler.engine.survey import survey
from reconciler.errors import UsageError
from reconciler.model.words import counted
from reconciler.planning.export.baseline import Baseline, with_baseline
from reconciler.planning.export.trial import Unclean
from reconciler.planning.export.values import SHARE_DAYS, Proposal
from reconciler.planning.plan import REQUESTS_PER_SECOND
from reconciler.reports.documents import dumps
from reconciler.reports.export_json import document
from reconciler.reports.export_text import Written, export_text
from reconciler.wiring import Knock

SIMULATED_REGION = "us-east-1"
"""What is written down where an endpoint was read and nobody named a region."""


@click.command(
    "export",
    epilog=f"{SIGNING_IN}  GENESYSCLOUD_ACCESS_TOKEN        an administrator's token, instead of both",
)
@standing_argument
@out_option
@click.option(
    "--name",
    type=NAME,
    default=None,
    metavar="NAME",
    help="The installation, as it will stand in every marker (default: what markers say, else the "
    "organisation's name).",
)
@click.option(
    "--operator",
    default="",
    metavar="CLIENT",
    help="Name or id of the client that will apply (default: the one that signs in now).",
)
@region_option
@click.option(
    "--baseline",
    is_flag=True,
    help="Also except, under `reachedBy`, whoever reaches tenants today without being declared; needs "
    "--baseline-owner, and asks what `prove` asks.",
)
@click.option("--baseline-owner", default="", metavar="WHO", help="Who answers for them (no default).")
@click.option(
    "--baseline-until",
    type=click.DateTime(["%Y-%m-%d"]),
    default=None,
    metavar="DAY",
    help="YYYY-MM-DD, UTC: the last day of these exceptions (default: 90 days from today).",
)
@format_option("text", "json")
@click.pass_obj
def command(
    given: Global,
    root: Path | None,
    out: Path,
    name: str | None,
    operator: str,
    region: str,
    baseline: bool,
    baseline_owner: str,
    baseline_until: datetime | None,
    output: str,
) -> int:
    """Write an organisation as it is down as manifests, split by tenant. Reads only.

    Applying them adopts: it changes descriptions and nothing else. What manifests cannot say stays
    as it is, with a comment where it would have stood. With ROOT, the manifests of an organisation that
    is managed already, its Org document is taken over. Exit 7 when not everything could be read.
    """
    if root is not None and (name or operator):
        raise UsageError(
            "--name and --operator are for an organisation without manifests",
            remedy="leave ROOT out, or take both from its Org document",
        )
    exceptions = _baseline(baseline, baseline_owner, baseline_until)
    refuse_taken(out)
    org = Judged(root).manifests().org if root is not None else None
    where = region or (SIMULATED_REGION if given.endpoint else "")
    asked = Asked(name or "", where, operator, org, wiring.today().date(), wiring.public_evidence())
    with growing(out) as tree:
        proposal, requests = asyncio.run(_export(given, region, asked, tree, exceptions))
        tree.publish()
    written = Written(str(out), requests)
    if output == "json":
        click.echo(dumps(document(proposal, written, wiring.registry())), nl=False)
    else:
        show(export_text(proposal, written, wiring.registry(), width()))
    return exit_code(Facts())


def _baseline(wanted: bool, owner: str, until: datetime | None) -> Baseline | None:
    """What was asked about exceptions. Raises UsageError where it cannot be meant."""
    if wanted != bool(owner) or (until and not wanted):
        raise UsageError(
            "--baseline, --baseline-owner and --baseline-until belong together",
            remedy="name who answers for the exceptions: --baseline --baseline-owner WHO",
        )
    if not wanted:
        return None
    today = wiring.today().date()
    last = until.date() if until else today + timedelta(days=SHARE_DAYS)
    if last < today:
        raise UsageError(f"--baseline-until {last} is over", remedy="give a day to come")
    return Baseline(owner, last.isoformat())


async def _export(
    given: Global, region: str, asked: Asked, tree: Tree, exceptions: Baseline | None
) -> tuple[Proposal, int]:
    say("reading: a request per hundred divisions and roles, then one per client, per role and per holder")
    async with wiring.knock(asked.org, region, given.endpoint) as door:
        proposal = await export(
            door.api, door.registry, asked, lambda proposal: check(proposal, tree), _expecting
        )
        if exceptions:
            proposal = await _excepting(door, proposal, exceptions, tree)
        return proposal, door.api.requests.read


async def _excepting(door: Knock, proposal: Proposal, asked: Baseline, tree: Tree) -> Proposal:
    """The proposal with its exceptions, written and read again."""
    say("baseline: reading who holds each role")
    chosen = options(())
    seen = await survey(door.api, proposal.manifests, chosen, door.registry, door.clock)
    found = with_baseline(proposal, seen.live, seen.survey, asked, chosen, door.registry)
    if wrong := check(found, tree):
        raise Unclean("; ".join(each.reason for each in wrong.values()))
    number = len(found.manifests.org.reached_by) - len(proposal.manifests.org.reached_by)
    say(f"baseline: {counted(number, 'exception')} until {asked.until}, for {asked.owner} to answer for")
    return found


def _expecting(requests: int) -> None:
    if requests:
        seconds = round(requests / REQUESTS_PER_SECOND)
        say(f"  {counted(requests, 'more request')}, about {seconds} s at the usual rate")
