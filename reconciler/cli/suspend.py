"""`suspend`: takes every grant of a tenant's clients away, now."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from reconciler.cli.apply import Run
from reconciler.cli.approving import Approval
from reconciler.cli.leasing import wait_option
from reconciler.cli.main import Global
from reconciler.cli.manifests import Judged, format_option, root_argument
from reconciler.cli.planning import SIGNING_IN, options
from reconciler.cli.recording import KEEPING, record_option
from reconciler.cli.telling import told
from reconciler.model.address import Selector, is_name


class TenantType(click.ParamType[str]):
    """A tenant's name."""

    name = "tenant"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read it; a usage error says what a name is."""
        if not is_name(value):
            self.fail(f"`{value}` is not a tenant's name: a-z, 0-9 and -, at most 40", param, ctx)
        return value


@click.command("suspend", epilog=f"{SIGNING_IN}{KEEPING}")
@click.argument("tenant", type=TenantType(), metavar="TENANT")
@root_argument
@click.option("--auto-approve", is_flag=True, help="Do not ask (default: ask on a terminal).")
@record_option
@wait_option
@format_option("text", "json")
@click.pass_obj
@told(writes=True)
def command(
    given: Global,
    tenant: str,
    root: Path,
    auto_approve: bool,
    record: Path | None,
    wait: int | None,
    output: str,
) -> int:
    """Take every grant of TENANT's clients away, now; nothing else of it is touched.

    No limit counts it, and no later run undoes it: each client is marked as suspended, and what its
    manifest would give it is withheld. `state: suspended` in the manifest confirms the suspension,
    `apply --allow gains=N` ends it. Needs the operator's own credentials.
    """
    judged = Judged(root)
    instead = f"reconciler suspend {tenant} {root} --auto-approve".replace("{", "{{").replace("}", "}}")
    approval = Approval(automatic=auto_approve, instead=instead)
    run = Run(given, judged, judged.manifests(), approval, output, wait)
    chosen = replace(options((Selector(tenant),)), suspend=tenant)
    return run.recorded(chosen, f"suspend {tenant}", record)
