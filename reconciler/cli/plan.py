"""`plan`: what apply would do. Never writes: the HTTP layer lets through only reads."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import click

from reconciler import wiring
from reconciler.cli import planfiles
from reconciler.cli.clothing import PIPELINE, Clothes, wear
from reconciler.cli.console import save, width
from reconciler.cli.exits import exit_code
from reconciler.cli.main import Global
from reconciler.cli.manifests import Judged, format_option, root_argument
from reconciler.cli.planning import SIGNING_IN, facts, make_plan, options, plan_options
from reconciler.cli.policing import Base, base_of, under_both
from reconciler.cli.proposing import propose
from reconciler.cli.telling import tell, told
from reconciler.model.address import Selector
from reconciler.model.manifest import Manifests
from reconciler.model.plan import Plan, document
from reconciler.planning.options import PlanOptions
from reconciler.reports.check_words import of_plan
from reconciler.reports.documents import dumps
from reconciler.reports.plan_markdown import plan_markdown
from reconciler.reports.plan_text import plan_text

_URL = re.compile(r"https?://[\w.~:/?#@&=+%-]+", re.ASCII)
"""Nothing in it ends a link of Markdown, or begins something else."""


def _plain_url(context: click.Context, option: click.Parameter, value: str) -> str:
    if value and not _URL.fullmatch(value):
        raise click.BadParameter("expected http://… or https://…, and nothing in it that is markup")
    return value


@click.command(
    "plan", epilog=f"{SIGNING_IN}  GENESYSCLOUD_ACCESS_TOKEN        an administrator's token, instead of both"
)
@root_argument
@plan_options
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Also write the plan document (JSON, no secret) for review and `apply --plan FILE`.",
)
@click.option(
    "--page",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Also write the plan as a page (what -o html prints), beside a comment that links it.",
)
@click.option(
    "--against",
    metavar="REVISION",
    help="Ask no organisation: what the manifests would give and take compared with a branch, tag or commit. "
    "Needs no credentials.",
)
@click.option(
    "--base",
    metavar="REVISION",
    help="Compare with the manifests of a branch, tag or commit: where the Org document differs, the plan is "
    "also judged under that one; where a secret is to go elsewhere, it says so (default: no comparison).",
)
@click.option(
    "--detailed-exitcode", is_flag=True, help="Exit 2 when changes are planned (default: 0 either way)."
)
@click.option(
    "--details",
    default="",
    metavar="URL",
    callback=_plain_url,
    help="Where all of it is to be seen, for -o markdown: linked at its end (default: no link).",
)
@format_option("text", "json", "markdown", "html", *PIPELINE)
@click.pass_obj
@told()
def command(
    given: Global,
    root: Path,
    only: tuple[Selector, ...],
    allow: tuple[tuple[str, int], ...],
    out: Path | None,
    page: Path | None,
    against: str | None,
    base: str | None,
    detailed_exitcode: bool,
    details: str,
    deep: bool,
    revoke_only: bool,
    output: str,
) -> int:
    """Compare the manifests below ROOT with the organisation and show what apply would do.

    Access gained and lost comes first. View-only credentials are enough; any reader with enough
    rights gets the same digest. Markdown is made for a comment on a proposed change: the consent it
    asks for first. Exit 4 when a guard withholds something, 8 when it is a leak.
    """
    if against is not None:
        if only or allow or deep or revoke_only or out or page or base or detailed_exitcode:
            raise click.UsageError("--against goes with ROOT and -o alone: no plan is made")
        return propose(root, against, output, details)
    judged = Judged(root)
    chosen = options(only, allow, deep=deep, revoke_only=revoke_only, root=root)
    policy = base_of(root, base) if base else None
    plan = asyncio.run(_plan(judged.manifests(), given, chosen, policy))
    if out is not None:
        planfiles.write(plan, out)
    if page is not None:
        save(page, _page(plan, judged), "page", "--page")
    _show(plan, judged, output, details)
    return exit_code(facts(plan, detailed=detailed_exitcode))


def _show(plan: Plan, judged: Judged, output: str, details: str) -> None:
    clothes: Clothes = {
        "text": lambda: plan_text(plan, width(), judged.locate),
        "json": lambda: dumps(document(plan)),
        "markdown": lambda: plan_markdown(plan, judged.locate, details=details),
        "html": lambda: _page(plan, judged),
    }
    wear(output, clothes, lambda: of_plan(plan, judged.owners, judged.where))


def _page(plan: Plan, judged: Judged) -> str:
    from reconciler.reports.plan_page import plan_page  # templates, which the others need not wait for

    return plan_page(plan, judged.locate)


async def _plan(manifests: Manifests, given: Global, chosen: PlanOptions, base: Base | None) -> Plan:
    async with wiring.session(manifests.org, given.endpoint, read_only=True) as session:
        tell(api=session.api)
        plan = await make_plan(session, manifests, chosen)
        if base is not None:
            plan = await under_both(plan, base, manifests, session, chosen)
    tell(plan=plan)
    return plan
