"""`secrets recover`: makes and delivers anew what never arrived, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from reconciler.cli.apply import Run
from reconciler.cli.main import Global
from reconciler.cli.manifests import Judged, root_argument
from reconciler.cli.planning import SIGNING_IN, only_option, options
from reconciler.cli.recording import KEEPING
from reconciler.cli.secrets.looking import SINKS, approval, making_options
from reconciler.cli.telling import told
from reconciler.model.address import Selector


@click.command("recover", epilog=f"{SIGNING_IN}{SINKS}{KEEPING}")
@root_argument
@only_option
@making_options
@click.pass_obj
@told(writes=True)
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
    agreed = approval(approved, auto_approve, root, only, "recover")
    judged = Judged(root)
    run = Run(given, judged, judged.manifests(), agreed, output, wait)
    return run.recorded(replace(options(only), recover=True), "secrets recover", record)
