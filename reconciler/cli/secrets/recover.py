"""`secrets recover`: makes and delivers anew what never arrived, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from reconciler.cli.apply import Approval, Run
from reconciler.cli.leasing import wait_option
from reconciler.cli.main import Global
from reconciler.cli.manifests import Judged, format_option, root_argument
from reconciler.cli.planning import SIGNING_IN, only_option, options
from reconciler.cli.recording import KEEPING, record_option
from reconciler.cli.secrets.looking import SINKS, instead
from reconciler.model.address import Selector


@click.command("recover", epilog=f"{SIGNING_IN}{SINKS}{KEEPING}")
@root_argument
@only_option
@click.option(
    "--approved", default="", metavar="DIGEST", help="Run only a plan of exactly this digest, else exit 6."
)
@click.option("--auto-approve", is_flag=True, help="Do not ask (default: ask on a terminal).")
@record_option
@wait_option
@format_option("text", "json")
@click.pass_obj
def recover(
    given: Global,
    root: Path,
    only: tuple[Selector, ...],
    approved: str,
    auto_approve: bool,
    record: Path | None,
    wait: int | None,
    output: str,
) -> int:
    """Finish births and rotations whose secret never arrived, and nothing else.

    The nonce in a client's marker tells of it. Another secret is made and delivered; a client that is
    being born gets its grants as `apply` would give them. `apply` does the same on its way.
    """
    if approved and auto_approve:
        raise click.UsageError("--approved and --auto-approve exclude each other")
    judged = Judged(root)
    approval = Approval(approved, automatic=auto_approve, instead=instead(root, only, "recover"))
    run = Run(given, judged, judged.manifests(), approval, output, wait)
    return run.recorded(replace(options(only), recover=True), "secrets recover", record)
