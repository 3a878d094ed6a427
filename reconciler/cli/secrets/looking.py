"""What commands about secrets share: how each secret stands now, and how making new ones is approved."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from reconciler.cli.approving import Approval
from reconciler.cli.leasing import wait_option
from reconciler.cli.manifests import format_option
from reconciler.cli.recording import record_option
from reconciler.engine import rotate as engine
from reconciler.model.address import Selector
from reconciler.model.manifest import Manifests
from reconciler.model.rotation import Standing
from reconciler.planning.options import PlanOptions
from reconciler.wiring import Session

SINKS = """\
  RECONCILER_SECRETS               where file sinks write (default: ./secrets)
"""
"""What these commands take from the environment beside, as a line of their help."""


def making_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """How a run that makes secrets is approved, kept and told."""
    for option in (
        format_option("text", "json"),
        wait_option,
        record_option,
        click.option("--auto-approve", is_flag=True, help="Do not ask (default: ask on a terminal)."),
        click.option(
            "--approved",
            default="",
            metavar="DIGEST",
            help="Run only a plan of exactly this digest, else exit 6.",
        ),
    ):
        command = option(command)
    return command


def approval(
    approved: str, auto_approve: bool, root: Path, only: Iterable[Selector], *words: str
) -> Approval:
    """By a digest, in advance, or by asking. `words`: the command below `secrets`, and its own flags.

    Raises `UsageError` for both at once.
    """
    if approved and auto_approve:
        raise click.UsageError("--approved and --auto-approve exclude each other")
    chosen = [word for selector in only for word in ("--only", str(selector))]
    typed = shlex.join(["reconciler", "secrets", *words[:1], str(root), *words[1:], *chosen])
    escaped = typed.replace("{", "{{").replace("}", "}}")
    instead = f"review it, then: {escaped} --approved sha256:{{digest}}"
    return Approval(approved, automatic=auto_approve, instead=instead)


async def standings(session: Session, manifests: Manifests, chosen: PlanOptions) -> tuple[Standing, ...]:
    """One for each entry that `chosen` selects."""
    return await engine.standings(
        session.api, session.sinks, session.clock, manifests, chosen, session.registry
    )
