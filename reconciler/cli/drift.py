"""`drift`: what somebody changed in the organisation behind our back. Never writes."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from reconciler import wiring
from reconciler.cli.accepting import accepting
from reconciler.cli.clothing import PIPELINE, Clothes, wear
from reconciler.cli.console import width
from reconciler.cli.exits import Facts, exit_code
from reconciler.cli.main import Global
from reconciler.cli.manifests import Judged, format_option, root_argument
from reconciler.cli.planning import SIGNING_IN, only_option, options
from reconciler.cli.shelves import shelf
from reconciler.cli.telling import tell, told
from reconciler.engine import cycle
from reconciler.engine.cycle import Drifting
from reconciler.engine.hands import whose_hands
from reconciler.model.address import Selector
from reconciler.model.drift import document
from reconciler.model.manifest import Manifests
from reconciler.planning.options import PlanOptions
from reconciler.reports.check_words import of_drift
from reconciler.reports.documents import dumps
from reconciler.reports.drift_markdown import drift_issues, drift_markdown
from reconciler.reports.drift_text import drift_text


@click.command(
    "drift",
    epilog=f"{SIGNING_IN}  GENESYSCLOUD_ACCESS_TOKEN        an administrator's token, instead of both",
)
@root_argument
@only_option
@click.option(
    "--issues",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Also write DIR/OWNER.md for each owner of whom something drifted, to be kept as an issue; DIR must "
    "not be there yet, or empty (no default).",
)
@click.option(
    "--propose",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Also write the manifests to DIR with what was changed by hand declared, as far as it may be; DIR "
    "must not be there yet, or empty (no default).",
)
@format_option("text", "json", "markdown", *PIPELINE)
@click.pass_obj
@told()
def command(
    given: Global,
    root: Path,
    only: tuple[Selector, ...],
    issues: Path | None,
    propose: Path | None,
    output: str,
) -> int:
    """Show what somebody changed in the organisation, and what it lets people do now.

    Reads each client's access in both views. What only the manifests changed is pending and no drift.
    Exit 2 when something drifted, 8 when it lets somebody cross a tenant's walls.
    """
    judged = Judged(root)
    chosen = options(only)
    with shelf(issues, "--issues") as put, accepting(root, propose) as accept:
        found = asyncio.run(_drift(judged.manifests(), given, chosen))
        report = found.report
        accept(judged, found, chosen)
        put(lambda: {f"{owner}.md": text for owner, text in drift_issues(report).items()})
    code = exit_code(Facts(leak=report.leaks > 0, changes=bool(report.objects)))
    clothes: Clothes = {
        "text": lambda: drift_text(report, code, width()),
        "json": lambda: dumps(document(report)),
        "markdown": lambda: drift_markdown(report, code),
    }
    wear(output, clothes, lambda: of_drift(report, code, judged.owners, judged.where))
    return code


async def _drift(manifests: Manifests, given: Global, chosen: PlanOptions) -> Drifting:
    async with wiring.session(manifests.org, given.endpoint, read_only=True) as session:
        tell(api=session.api)
        found = await cycle.look_for_drift(session.api, manifests, chosen, session.registry)
        report = await whose_hands(session.api, found.report, session.clock.now())
    tell(drift=report)
    return Drifting(report, found.live)
