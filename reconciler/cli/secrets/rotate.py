"""`secrets rotate`: replaces secrets, one client at a time, after showing who uses them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import click

from reconciler.cli.apply import Run
from reconciler.cli.console import show, width
from reconciler.cli.main import Global
from reconciler.cli.manifests import Judged, root_argument
from reconciler.cli.planning import SIGNING_IN, only_option, options
from reconciler.cli.recording import KEEPING
from reconciler.cli.secrets.looking import SINKS, approval, making_options, standings
from reconciler.cli.telling import told
from reconciler.engine import rotate as engine
from reconciler.model.address import Selector
from reconciler.model.manifest import Manifests
from reconciler.planning.options import PlanOptions
from reconciler.planning.rotation.choose import Asked, chosen, concerned
from reconciler.planning.rotation.standings import programs
from reconciler.reports.secrets_text import rotation_text
from reconciler.wiring import Session


@click.command("rotate", epilog=f"{SIGNING_IN}{SINKS}{KEEPING}")
@root_argument
@only_option
@click.option(
    "--due",
    is_flag=True,
    help="Only what its age asks for (`rotate.afterDays`), and what was begun and is not finished.",
)
@click.option(
    "--retire",
    is_flag=True,
    help="Only end overlaps: each client whose successor's secret is in its sink retires, used or not.",
)
@making_options
@click.pass_obj
@told(writes=True)
def rotate(
    given: Global,
    root: Path,
    only: tuple[Selector, ...],
    due: bool,
    retire: bool,
    approved: str,
    auto_approve: bool,
    record: Path | None,
    wait: int | None,
    output: str,
) -> int:
    """Give clients new secrets: all, or those that --due or --only pick.

    In place, the client keeps its id, and the old secret may end the moment the new one is made.
    With `mode: overlap` a second client is made beside it and both work; a later run retires the first
    one, once nobody has used it for a week. Where its sink does not hold the second one's secret, that
    one gets another. What a crash leaves, the next apply finishes, or `secrets recover`.
    """
    if due and retire:
        raise click.UsageError("--due and --retire exclude each other")
    asked = Asked(due, retire)
    flags = [f"--{name}" for name, said in asked._asdict().items() if said]
    agreed = approval(approved, auto_approve, root, only, "rotate", *flags)
    judged = Judged(root)
    manifests = judged.manifests()
    run = Run(given, judged, manifests, agreed, output, wait, _Prelude(manifests, asked, output))
    return run.recorded(options(only), "secrets rotate", record)


@dataclass(frozen=True, slots=True)
class _Prelude:
    """Before the plan: looks which secrets are meant, and shows them with who uses them."""

    manifests: Manifests
    asked: Asked
    output: str

    async def __call__(self, session: Session, given: PlanOptions) -> PlanOptions:
        found = concerned(await standings(session, self.manifests, given), self.asked, given.only)
        uses = await engine.uses(session.api, session.clock, programs(found.meant), session.writer)
        now = session.clock.now()
        moves = chosen(found.meant, self.asked, uses, now)
        show(rotation_text(found, moves, uses, now, width()), err=self.output == "json")
        return replace(given, rotate=moves, held=found.held)
