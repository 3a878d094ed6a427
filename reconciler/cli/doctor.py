"""`doctor`: why it would not work, what is missing, and the smallest roles that would do."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import click

from reconciler import __version__, wiring
from reconciler.cli.console import show, width
from reconciler.cli.exits import Facts, exit_code
from reconciler.cli.main import Global
from reconciler.cli.manifests import Judged, format_option
from reconciler.cli.planning import SIGNING_IN
from reconciler.engine.examine import examine
from reconciler.model.checkup import Checkup, Trouble, document
from reconciler.model.manifest import Manifests
from reconciler.planning import bootstrap as smallest
from reconciler.planning.checks import checks
from reconciler.planning.rights import COMMANDS, permissions
from reconciler.reports.bootstrap_text import bootstrap_text
from reconciler.reports.doctor_text import doctor_text
from reconciler.reports.documents import dumps

USUAL_ROOT = Path("manifests")
ALL = "all"


@click.command(
    "doctor",
    epilog=f"{SIGNING_IN}  GENESYSCLOUD_ACCESS_TOKEN        an administrator's token, instead of both",
)
@click.argument("root", required=False, type=click.Path(path_type=Path, file_okay=False), metavar="[ROOT]")
@click.option(
    "--bootstrap",
    is_flag=False,
    flag_value=ALL,
    default=None,
    type=click.Choice([*smallest.PARTS, ALL]),
    metavar="[reader|writer|deleter]",
    help="Print the smallest role for it (default: all three), with clicks and bodies to paste. Offline.",
)
@click.option(
    "--region",
    default="",
    metavar="REGION",
    help="Without manifests: the vendor's region, such as eu-central-1 (default: env GENESYSCLOUD_REGION).",
)
@format_option("text", "json")
@click.pass_obj
def command(given: Global, root: Path | None, bootstrap: str | None, region: str, output: str) -> int:
    """Look at everything a run depends on, and say what is missing and what to do. Never writes.

    ROOT defaults to `manifests` where that is a directory; without manifests only credentials and
    connection are looked at. Exit 7 when something would stop plan or apply; 0 with warnings.
    """
    if bootstrap is not None:
        return _print_roles(bootstrap, output)
    judged = _judged(root)
    checkup = asyncio.run(_examine(judged, given.endpoint, region))
    if output == "json":
        click.echo(dumps(document(checkup)), nl=False)
    else:
        show(doctor_text(checkup, width()))
    return exit_code(Facts(refused=checkup.fails))


def _print_roles(wanted: str, output: str) -> int:
    parts = tuple(smallest.bootstrap(part) for part in smallest.PARTS if wanted in (part, ALL))
    if output == "json":
        click.echo(dumps(smallest.document(parts)), nl=False)
    else:
        show(bootstrap_text(parts, width()))
    return exit_code(Facts())


def _judged(root: Path | None) -> Judged | None:
    """Nobody has to have manifests yet; who names a directory means it."""
    if root is None and not USUAL_ROOT.is_dir():
        return None
    return Judged(root or USUAL_ROOT)


async def _examine(judged: Judged | None, endpoint: str, region: str) -> Checkup:
    manifests: Manifests | None = judged.manifests() if judged else None
    org = manifests.org if manifests else None
    async with wiring.knock(org, region, endpoint) as door:
        needed = permissions(need for needs in COMMANDS.values() for need in needs)
        observed = await examine(door.api, org, door.registry, door.hosts, needed)
        observed = replace(observed, one_writer=wiring.state().one_writer())
        now = door.clock.now()
    if org is not None:
        lacks = wiring.unready_sinks(org).items()
        observed = replace(observed, unready={name: Trouble(it.message, it.remedy) for name, it in lacks})
    found, unseen = checks(observed, manifests, judged.files if judged else 0, door.registry, now.date())
    return Checkup(
        tool=f"reconciler {__version__}",
        checked_at=f"{now:%Y-%m-%dT%H:%M:%SZ}",
        org_name=org.name if org else "",
        organization_id=observed.organisation[0],
        endpoint=door.hosts[0],
        checks=found,
        unseen=unseen,
        requests=observed.requests,
    )
