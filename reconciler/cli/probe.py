"""`probe`: what each tenant's clients are really shown, with their own tokens. Never writes."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from reconciler import wiring
from reconciler.cli.console import say, show, width
from reconciler.cli.exits import Facts, exit_code
from reconciler.cli.main import Global
from reconciler.cli.manifests import Judged, format_option, root_argument
from reconciler.cli.planning import SIGNING_IN, only_option, options
from reconciler.engine import probe as asking
from reconciler.engine.survey import survey
from reconciler.engine.view import look
from reconciler.errors import UsageError
from reconciler.model.address import Selector
from reconciler.model.manifest import Manifests
from reconciler.model.probe import Probe
from reconciler.model.sight import PATHS
from reconciler.model.view import View
from reconciler.model.words import counted
from reconciler.planning import probe as judging
from reconciler.planning.options import PlanOptions
from reconciler.planning.proof import ground
from reconciler.reports.documents import dumps
from reconciler.reports.probe_json import probe_document
from reconciler.reports.probe_text import probe_text
from reconciler.reports.view_text import view_text


@click.command(
    "probe",
    epilog=f"{SIGNING_IN}  GENESYSCLOUD_ACCESS_TOKEN        an administrator's token, instead of both\n"
    "  RECONCILER_SECRETS               where the clients' secrets lie (default ./secrets)",
)
@root_argument
@click.option(
    "--self",
    "own",
    is_flag=True,
    help="Say what the credentials in the environment can see; needs no manifests.",
)
@click.option(
    "--region",
    default="",
    metavar="REGION",
    help="With --self: the vendor's region, such as eu-central-1 (default: env GENESYSCLOUD_REGION).",
)
@only_option
@format_option("text", "json")
@click.pass_obj
def command(
    given: Global, root: Path, own: bool, region: str, only: tuple[Selector, ...], output: str
) -> int:
    """Try with each tenant's clients' own tokens what they are shown, and compare it with the proof.

    Each client's secret is read from the file it was delivered to, and its token given back at the end.
    A client is asked at a tenth of its rate: about two seconds a question. Exit 8 when a client sees what
    it should not, 7 when something stayed unknown or is not as the proof says.
    """
    if own:
        return _self(given, region, only, output)
    if region:
        raise UsageError("--region goes with --self", remedy="the Org document says the region")
    probe = asyncio.run(_probe(Judged(root).manifests(), given, options(()), only))
    code = exit_code(Facts(leak=probe.leaks > 0, refused=probe.unknown))
    if output == "json":
        click.echo(dumps(probe_document(probe)))
    else:
        show(probe_text(probe, code, width()))
    return code


def _self(given: Global, region: str, only: tuple[Selector, ...], output: str) -> int:
    if only or output != "text":
        raise UsageError("--self looks at one token and prints text", remedy="leave --only and -o out")
    show(view_text(asyncio.run(_look(given, region)), width()))
    return exit_code(Facts())


async def _look(given: Global, region: str) -> View:
    async with wiring.knock(None, region, given.endpoint, PATHS) as door:
        return await look(door.api, door.registry)


async def _probe(
    manifests: Manifests, given: Global, chosen: PlanOptions, only: tuple[Selector, ...]
) -> Probe:
    async with wiring.session(manifests.org, given.endpoint, read_only=True, besides=PATHS) as session:
        seen = await survey(session.api, manifests, chosen, session.registry, session.clock)
        footing = ground(manifests, seen.live, seen.survey, chosen, session.registry)
        found = judging.candidates(footing, manifests, only)
        expected = judging.expectations(footing, found)
        parties = [asking.Party(each, expected[each.id]) for each in found if each.id in expected]
        least = judging.seconds(expected.values(), asking.AT_ONCE)
        say(f"asking {counted(len(parties), 'client')} at a tenth of its rate each, {least} s at least")
        doors = wiring.doors(manifests.org, given.endpoint)
        probed = await asking.probe(session.api, parties, doors, session.registry, session.clock)
        return Probe(
            tool=chosen.tool,
            org_name=manifests.org.name,
            organization_id=seen.live.organization_id,
            began=chosen.created_at,
            ended=f"{session.clock.now():%Y-%m-%dT%H:%M:%SZ}",
            clients=judging.conclusions(found, expected, probed.records, probed.known),
            notes=(*probed.notes, *judging.without_clients(found, manifests, only)),
            gaps=footing.people.gaps,
        )
