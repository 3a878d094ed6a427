"""`statement`: what one tenant may be told about who reaches its data. Names no other; never writes."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from reconciler.cli.console import show, width
from reconciler.cli.exits import Facts, exit_code
from reconciler.cli.main import Global
from reconciler.cli.manifests import Judged, format_option, root_argument
from reconciler.cli.planning import SIGNING_IN, options
from reconciler.cli.prove import look
from reconciler.model.proof import Verdict
from reconciler.planning.outputs import require
from reconciler.reports.statement import Statement, statement
from reconciler.reports.statement_text import statement_markdown, statement_text


@click.command(
    "statement",
    epilog=f"{SIGNING_IN}  GENESYSCLOUD_ACCESS_TOKEN        an administrator's token, instead of both",
)
@click.argument("tenant", metavar="TENANT")
@root_argument
@format_option("text", "markdown", "html")
@click.pass_obj
def command(given: Global, tenant: str, root: Path, output: str) -> int:
    """Print what TENANT may be told: who could reach its data, when, and what that leaves out.

    It names no other tenant, and nothing of theirs. Reads what `prove` reads. Exit 8 when TENANT leaks or
    is reached by somebody who should not, 7 when something that its verdict needs was not seen.
    """
    manifests = Judged(root).manifests()
    require(manifests, tenant)
    said = statement(asyncio.run(look(manifests, given, options(()))).proof, tenant)
    _print(said, output)
    return exit_code(Facts(leak=said.verdict is Verdict.LEAK, refused=said.verdict is Verdict.UNKNOWN))


def _print(said: Statement, output: str) -> None:
    if output == "markdown":
        click.echo(statement_markdown(said), nl=False)
    elif output == "html":
        from reconciler.reports.statement_page import statement_page  # templates: the others need none

        click.echo(statement_page(said), nl=False)
    else:
        show(statement_text(said, width()))
