"""`outputs`: the ids and endpoints that a tenant's application needs. Never writes, never a secret."""

from __future__ import annotations

import asyncio
import difflib
from pathlib import Path

import click

from reconciler import wiring
from reconciler.cli.console import say, show
from reconciler.cli.exits import Facts, exit_code
from reconciler.cli.main import Global
from reconciler.cli.manifests import Judged, format_option, root_argument
from reconciler.cli.planning import SIGNING_IN
from reconciler.engine import cycle
from reconciler.errors import UsageError
from reconciler.model.manifest import Manifests
from reconciler.model.outputs import Outputs
from reconciler.planning.outputs import require
from reconciler.reports.documents import dumps
from reconciler.reports.lines import Line
from reconciler.reports.outputs_json import outputs_document
from reconciler.reports.outputs_text import env_text, tfvars_text


@click.command(
    "outputs",
    epilog=f"{SIGNING_IN}  GENESYSCLOUD_ACCESS_TOKEN        an administrator's token, instead of both",
)
@click.argument("tenant", metavar="TENANT")
@root_argument
@format_option("env", "json", "yaml", "tfvars")
@click.option(
    "--check",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Compare with what FILE holds, in the format of -o: print the lines that differ and exit 2, or "
    "print nothing (default: print the outputs).",
)
@click.pass_obj
def command(given: Global, tenant: str, root: Path, output: str, check: Path | None) -> int:
    """Print the ids and endpoints that TENANT's application needs, so that it has none in its code.

    Organisation, region, hosts, the id of each client and division by its key, and where each
    client's secret lies; never a secret. All or nothing: exit 1 where something is not applied yet,
    7 where it was not seen, 2 where --check finds FILE out of date.
    """
    manifests = Judged(root).manifests()
    require(manifests, tenant)
    kept = _kept(check) if check else None
    found = asyncio.run(_outputs(manifests, given, tenant))
    text = _text(found, output)
    if kept is not None:
        return _compared(kept, text)
    click.echo(text, nl=False)
    for key, client in found.clients.items():
        if client.awaited:
            say(f"{tenant}/client/{key}: its secret has not arrived; `reconciler apply` delivers it")
    return 0


def _kept(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        remedy = "give a file that `outputs` has written"
        raise UsageError(f"cannot read {path}", remedy=remedy) from error


def _compared(kept: str, text: str) -> int:
    """2 where a file is out of date: `-` what it says, `+` what is so."""
    said = difflib.unified_diff(kept.splitlines(), text.splitlines(), n=0, lineterm="")
    differing = [line for line in said if not line.startswith(("---", "+++", "@@"))]
    show(Line(line, "add" if line.startswith("+") else "remove") for line in differing)
    return exit_code(Facts(changes=bool(differing)))


async def _outputs(manifests: Manifests, given: Global, tenant: str) -> Outputs:
    async with wiring.session(manifests.org, given.endpoint, read_only=True) as session:
        hosts, today = (session.api_host, session.login_host), wiring.today().date()
        return await cycle.outputs(session.api, manifests, tenant, hosts, today, session.registry)


def _text(found: Outputs, output: str) -> str:
    if output == "env":
        return env_text(found)
    if output == "tfvars":
        return tfvars_text(found)
    document = outputs_document(found)
    if output == "json":
        return dumps(document)
    from reconciler.authoring.render import yaml_text

    return yaml_text(document)
