"""`secrets status`: where each client's secret lies, since when, and when it is due. Never writes."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from reconciler import wiring
from reconciler.cli.console import show, width
from reconciler.cli.exits import Facts, exit_code
from reconciler.cli.main import Global
from reconciler.cli.manifests import Judged, format_option, root_argument
from reconciler.cli.planning import SIGNING_IN, only_option, options
from reconciler.cli.secrets.looking import SINKS, standings
from reconciler.cli.telling import tell, told
from reconciler.model.address import Selector
from reconciler.model.manifest import Manifests
from reconciler.model.rotation import TENDED, Standing
from reconciler.planning.options import PlanOptions
from reconciler.reports.documents import dumps
from reconciler.reports.secrets_json import secrets_document
from reconciler.reports.secrets_text import status_text


@click.command("status", epilog=f"{SIGNING_IN}{SINKS}")
@root_argument
@only_option
@format_option("text", "json")
@click.pass_obj
@told()
def status(given: Global, root: Path, only: tuple[Selector, ...], output: str) -> int:
    """Say where the secret of each client below ROOT lies, since when, and when it is due.

    Sinks are asked what they hold, never for a secret. Exit 2 when one never arrived, is missing, is
    another client's or is due; 7 when a sink did not say.
    """
    manifests = Judged(root).manifests()
    chosen = options(only)
    found = asyncio.run(_look(given, manifests, chosen))
    tell(secrets=found)
    if output == "json":
        click.echo(dumps(secrets_document(found, manifests.org, chosen.created_at)), nl=False)
    else:
        show(status_text(found, chosen.created_at, width()))
    states = {item.state for item in found}
    return exit_code(Facts(refused="unknown" in states, changes=not states.isdisjoint(TENDED)))


async def _look(given: Global, manifests: Manifests, chosen: PlanOptions) -> tuple[Standing, ...]:
    async with wiring.session(manifests.org, given.endpoint, read_only=True) as session:
        tell(api=session.api)
        return await standings(session, manifests, chosen)
