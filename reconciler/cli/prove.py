"""`prove`: that each tenant's clients reach its own divisions and nothing else. Never writes."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from reconciler import wiring
from reconciler.cli.console import show, width
from reconciler.cli.exits import Facts, exit_code
from reconciler.cli.main import Global
from reconciler.cli.manifests import Judged, format_option, root_argument
from reconciler.cli.planning import SIGNING_IN, options
from reconciler.engine.survey import survey
from reconciler.model.manifest import Manifests
from reconciler.model.proof import Proof
from reconciler.planning.options import PlanOptions
from reconciler.planning.proof import prove
from reconciler.reports.documents import dumps
from reconciler.reports.proof_json import proof_document
from reconciler.reports.proof_text import proof_text


@click.command(
    "prove",
    epilog=f"{SIGNING_IN}  GENESYSCLOUD_ACCESS_TOKEN        an administrator's token, instead of both",
)
@root_argument
@format_option("text", "json")
@click.pass_obj
def command(given: Global, root: Path, output: str) -> int:
    """Prove that each tenant's clients reach its own divisions and nothing else, and tell who reaches it.

    Reads each client's access in both views, who holds each role, and every group's members. Exit 8
    when anything leaks, 7 when something that a verdict needs was not seen.
    """
    manifests = Judged(root).manifests()
    proof = asyncio.run(_prove(manifests, given, options(())))
    code = exit_code(Facts(leak=proof.leaks > 0, refused=proof.unknown))
    if output == "json":
        click.echo(dumps(proof_document(proof)))
    else:
        show(proof_text(proof, code, width()))
    return code


async def _prove(manifests: Manifests, given: Global, chosen: PlanOptions) -> Proof:
    async with wiring.session(manifests.org, given.endpoint, read_only=True) as session:
        seen = await survey(session.api, manifests, chosen, session.registry, session.clock)
        return prove(manifests, seen.live, seen.survey, chosen, session.registry)
