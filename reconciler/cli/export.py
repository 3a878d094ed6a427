"""`export`: an organisation as it is becomes manifests, split by tenant. Never writes to it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from reconciler import authoring, wiring
from reconciler.authoring.tree import Tree, growing, refuse_taken
from reconciler.cli.console import say, show, width
from reconciler.cli.exits import Facts, exit_code
from reconciler.cli.main import Global
from reconciler.cli.manifests import Judged, format_option
from reconciler.cli.planning import SIGNING_IN, options
from reconciler.engine.export import Asked, Unclean, export
from reconciler.engine.survey import survey
from reconciler.errors import UsageError
from reconciler.loading.text import TOO_BIG
from reconciler.model.address import is_name
from reconciler.model.finding import Finding, Severity
from reconciler.model.manifest import Manifests
from reconciler.model.origin import Origin
from reconciler.model.words import counted
from reconciler.planning.export.baseline import Baseline, with_baseline
from reconciler.planning.export.check import INVALID
from reconciler.planning.export.entries import UNSAID
from reconciler.planning.export.values import SHARE_DAYS, Obstacle, Proposal
from reconciler.planning.plan import REQUESTS_PER_SECOND
from reconciler.planning.resolve import manifest_digest, resolve
from reconciler.reports.documents import dumps
from reconciler.reports.export_json import document
from reconciler.reports.export_text import Written, export_text
from reconciler.wiring import Knock

SIMULATED_REGION = "us-east-1"
"""What is written down where an endpoint was read and nobody named a region."""


class NameType(click.ParamType[str]):
    """An installation's name."""

    name = "name"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read it; a usage error says what a name is."""
        if not is_name(str(value)):
            self.fail(f"`{value}` is not a name: a-z, 0-9 and inner -, at most 40", param, ctx)
        return str(value)


@click.command(
    "export",
    epilog=f"{SIGNING_IN}  GENESYSCLOUD_ACCESS_TOKEN        an administrator's token, instead of both",
)
@click.argument("root", required=False, type=click.Path(path_type=Path, file_okay=False), metavar="[ROOT]")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where to write; must not be there yet, or be empty (no default).",
)
@click.option(
    "--name",
    type=NameType(),
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
@click.option(
    "--region",
    default="",
    envvar="GENESYSCLOUD_REGION",
    metavar="REGION",
    help="The vendor's region, such as eu-central-1 (default: env GENESYSCLOUD_REGION).",
)
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


def check(proposal: Proposal, tree: Tree) -> Mapping[str, Obstacle]:
    """Write the proposal, read it as `validate` does, and say which objects it was about."""
    tree.fill(authoring.files(proposal, wiring.registry()))
    judged = Judged(tree.root)
    found: dict[str, Obstacle] = {}
    for finding in judged.findings:
        if finding.severity is not Severity.WARNING:
            reason = f"{finding.message} [{finding.rule}]"
            found[_about(finding, proposal, judged)] = Obstacle(INVALID, reason, UNSAID)
    if not found and _meaning(judged.manifests()) != _meaning(proposal.manifests):
        raise Unclean("the files do not say what was planned")
    return found


def _meaning(manifests: Manifests) -> str:
    """The digest of what manifests mean today."""
    desired, _ = resolve(manifests, wiring.registry(), wiring.today().date())
    return manifest_digest(desired)


def _about(finding: Finding, proposal: Proposal, judged: Judged) -> str:
    """The live id of the entry that a finding is about.

    Raises:
        Unclean: it is about none, so that leaving something out would not mend it.
    """
    place = finding.location
    if place is not None and place.document < 0 and finding.rule != TOO_BIG:
        place = _entry_at(place, proposal, judged)
    path = place.path if place is not None else ()
    if place is None or len(path) < 3 or (place.file, path[1], path[2]) not in proposal.at:
        raise Unclean(f"{finding.address}: {finding.message} [{finding.rule}]")
    return proposal.at[place.file, str(path[1]), int(path[2])]


def _entry_at(place: Origin, proposal: Proposal, judged: Judged) -> Origin | None:
    """The last entry that begins before a line of the text, or the first of all: its name names the file."""
    line = int(place.path[0])
    origins = (Origin(file, 0, ("spec", section, index)) for file, section, index in proposal.at)
    found = [(judged.locate(origin), origin) for origin in origins if origin.file == place.file]
    lines = sorted((position.line, origin) for position, origin in found if position)
    before = [origin for start, origin in lines if start <= line]
    return before[-1] if before else next((origin for _, origin in lines), None)
