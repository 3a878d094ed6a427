"""What `plan` and `apply` share: their options, and a plan made for the organisation as it is now."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from reconciler import __version__, wiring
from reconciler.cli.console import say
from reconciler.cli.exits import Facts
from reconciler.cli.remembered import Remembered
from reconciler.engine import cycle
from reconciler.engine.context import Basis
from reconciler.engine.delivered import delivered
from reconciler.loading.revision import standing
from reconciler.model.address import Selector
from reconciler.model.manifest import Manifests
from reconciler.model.plan import Plan, is_loan
from reconciler.planning.approve import Reviewed
from reconciler.planning.guard_access import LEAK
from reconciler.planning.options import PlanOptions
from reconciler.planning.recover import Pause, bears, patience
from reconciler.wiring import Session

CLASSES = ("removals", "gains")

SIGNING_IN = """\b
Environment:
  GENESYSCLOUD_OAUTHCLIENT_ID      the client to sign in with
  GENESYSCLOUD_OAUTHCLIENT_SECRET  its secret
                                   (each also as …_FILE: a file that holds it)
  GENESYSCLOUD_REGION              must agree with the Org document, if set
  RECONCILER_ENDPOINT              see reconciler --help
"""
"""What commands that talk to an organisation take from the environment, as a paragraph of their help."""


class SelectorType(click.ParamType[Selector]):
    """`owner[/kind[/key]]`."""

    name = "selector"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Selector:
        """Read it; a usage error names the expected form."""
        try:
            return Selector.parse(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class AllowType(click.ParamType[tuple[str, int]]):
    """`removals=N` or `gains=N`."""

    name = "allow"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, int]:
        """Read it; a usage error names the expected form."""
        name, _, number = str(value).partition("=")
        if name not in CLASSES or not number.isascii() or not number.isdigit():
            self.fail(f"`{value}` is not `removals=N` or `gains=N`", param, ctx)
        return name, int(number)


only_option = click.option(
    "--only",
    type=SelectorType(),
    multiple=True,
    metavar="SELECTOR",
    help="Look only at what lies below owner[/kind[/key]]; may be repeated (default: everything).",
)
"""What a command is narrowed to."""


def plan_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that decide what is planned."""
    for option in (
        click.option(
            "--revoke-only",
            is_flag=True,
            help="Only take access away that nobody declared: nothing is created, gained, renamed or "
            "deleted. Looks as --deep does.",
        ),
        click.option(
            "--deep",
            is_flag=True,
            help="Read each client's access in both views: one request more per client (default: of those "
            "that change).",
        ),
        click.option(
            "--allow",
            type=AllowType(),
            multiple=True,
            metavar="CLASS=N",
            help="Release a limit for exactly the planned number: removals=N or gains=N (no default).",
        ),
        only_option,
    ):
        command = option(command)
    return command


def options(
    only: tuple[Selector, ...],
    allow: tuple[tuple[str, int], ...] = (),
    reviewed: Reviewed | None = None,
    *,
    deep: bool = False,
    revoke_only: bool = False,
    root: Path | None = None,
) -> PlanOptions:
    """The options as planning wants them; `today` and the revision below `root` enter here."""
    now = wiring.today()
    return PlanOptions(
        today=now.date(),
        created_at=f"{now:%Y-%m-%dT%H:%M:%SZ}",
        tool=f"reconciler {__version__}",
        only=only,
        allow=dict(allow),
        reviewed=reviewed,
        deep=deep,
        revoke_only=revoke_only,
        revision=standing(root) if root else None,
    )


async def make_plan(session: Session, manifests: Manifests, chosen: PlanOptions) -> Plan:
    """Read the organisation and plan; as `based_plan`."""
    return (await based_plan(session, manifests, chosen))[0]


async def based_plan(session: Session, manifests: Manifests, chosen: PlanOptions) -> tuple[Plan, Basis]:
    """Read the organisation and plan; a writer waits for what may not be seen yet, and looks again.

    Also what the plan was made of.
    """
    past = Remembered(manifests.org.organization_id, session.clock.now)
    plan, basis = await _planned(session, manifests, chosen, past)
    pause = await _pause(plan, session, past) if session.writer and bears(plan) else None
    if pause is None:
        return plan, basis
    say(f"waiting {pause.seconds:.0f} s: {pause.why}")
    await session.clock.sleep(pause.seconds)
    return await _planned(session, manifests, chosen, past)


async def _pause(plan: Plan, session: Session, past: Remembered) -> Pause | None:
    return patience(plan, past.recent(), await delivered(plan, session.sinks))


async def _planned(
    session: Session, manifests: Manifests, chosen: PlanOptions, past: Remembered
) -> tuple[Plan, Basis]:
    since = session.clock.monotonic()
    plan, live = await cycle.look_and_plan(
        session.api, manifests, chosen, session.registry, writer=session.writer, repairs=past.repairs
    )
    return plan, Basis(live, since)


def facts(plan: Plan, *, detailed: bool = False) -> Facts:
    """What a plan alone means for the exit code."""
    guards = {change.withheld.guard for change in plan.withheld if change.withheld}
    return Facts(
        leak=LEAK in guards,
        withheld=bool(guards),
        changes=detailed and any(not is_loan(change.address, change.action) for change in plan.running),
    )
