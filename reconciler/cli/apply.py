"""`apply`: carries out what was reviewed, or a fresh plan after asking."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Collection, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import click

from reconciler import wiring
from reconciler.cli import planfiles
from reconciler.cli.approving import Approval, agreed
from reconciler.cli.console import say, show, width
from reconciler.cli.exits import Facts, exit_code
from reconciler.cli.leasing import one_writer, wait_option
from reconciler.cli.main import Global
from reconciler.cli.manifests import Judged, format_option, root_argument
from reconciler.cli.muting import unshown
from reconciler.cli.planning import SIGNING_IN, based_plan, facts, options, plan_options
from reconciler.cli.prelude import Prelude, as_given
from reconciler.cli.recording import KEEPING, Recording, record_option, recording
from reconciler.cli.running import Stopping, interruptible, progress
from reconciler.cli.telling import tell, told
from reconciler.engine.apply import apply
from reconciler.engine.context import Basis
from reconciler.errors import JournalError, LeaseError, Unfinished, UsageError
from reconciler.model.address import Address, Selector
from reconciler.model.manifest import Manifests
from reconciler.model.outcome import ApplyReport
from reconciler.model.outcome import document as report_document
from reconciler.model.plan import Plan
from reconciler.planning.approve import require_contained, require_digest, reviewed_in
from reconciler.planning.contested import put_right
from reconciler.planning.lease import is_good_still
from reconciler.planning.options import PlanOptions
from reconciler.planning.suspend import is_partial
from reconciler.ports import Progress
from reconciler.reports.apply_text import closing
from reconciler.reports.documents import dumps
from reconciler.reports.lines import Line
from reconciler.reports.plan_text import last_line, plan_text
from reconciler.wiring import Session


@click.command(
    "apply",
    epilog=f"{SIGNING_IN}  RECONCILER_SECRETS               where file sinks write (default: ./secrets)\n"
    f"{KEEPING}",
)
@root_argument
@plan_options
@click.option(
    "--plan",
    "plans",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    multiple=True,
    metavar="FILE",
    help="Run only what this reviewed plan contains; may be repeated. Exit 6 when none of it would run.",
)
@click.option(
    "--approved",
    default="",
    metavar="DIGEST",
    help="Run only a plan of exactly this digest (the last line of `plan`), else exit 6.",
)
@click.option("--auto-approve", is_flag=True, help="Do not ask; limits and guards hold all the same.")
@record_option
@wait_option
@format_option("text", "json")
@click.pass_obj
@told(writes=True)
def command(
    given: Global,
    root: Path,
    only: tuple[Selector, ...],
    allow: tuple[tuple[str, int], ...],
    plans: tuple[Path, ...],
    approved: str,
    auto_approve: bool,
    deep: bool,
    revoke_only: bool,
    record: Path | None,
    wait: int | None,
    output: str,
) -> int:
    """Make the organisation what the manifests below ROOT say.

    Needs the operator's own credentials. Ctrl-C finishes the operation in flight. Exit 5 when a
    write was sent and something failed or stayed unconfirmed; run it again, it goes on where it was.
    """
    if bool(plans) + bool(approved) + auto_approve > 1:
        raise click.UsageError("--plan, --approved and --auto-approve exclude each other")
    judged = Judged(root)
    manifests = judged.manifests()
    reviewed = reviewed_in(planfiles.read(plans), manifests.org.organization_id) if plans else None
    run = Run(given, judged, manifests, Approval(approved, reviewed, auto_approve), output, wait)
    chosen = options(only, allow, reviewed, deep=deep, revoke_only=revoke_only)
    return run.recorded(chosen, "apply", record)


@dataclass(frozen=True, slots=True)
class Run:
    """One apply of the command line."""

    given: Global
    judged: Judged
    manifests: Manifests
    approval: Approval
    output: str
    wait: float | None = None
    prelude: Prelude = as_given

    def recorded(self, chosen: PlanOptions, called: str, directory: Path | None) -> int:
        """Plan, have it approved, apply, report, on record as the run `called` so; the exit code."""
        with recording(self.manifests.org, called, directory) as record:
            record.code = asyncio.run(self.carry_out(chosen, record))
        return record.code

    async def carry_out(self, chosen: PlanOptions, record: Recording) -> int:
        """The same within a loop that is running already; what it raises is on record by then."""
        org, given = self.manifests.org, self.given
        async with wiring.session(org, given.endpoint, read_only=False, keys=given.keys) as session:
            tell(api=session.api)
            plan, basis = await self._planned(chosen, session, record)
            if not plan.running:
                return self._nothing(plan, session, record)
            record.open()
            if self.approval.asks or plan.withheld or is_partial(plan):
                self._show_plan(plan)
            else:
                self._show([Line(last_line(plan), "total")])
            if self.approval.asks and not agreed(plan, self.approval.instead):
                say("nothing was applied")
                return exit_code(facts(plan))
            record.begin()
            with self._stoppable() as stopping:
                async with one_writer(session, record.claim, self.wait) as taken:
                    if not is_good_still(taken.quiet, session.clock.monotonic() - basis.since):
                        plan, basis = await self._again(plan, chosen, session, record)
                    if not plan.running:
                        return self._nothing(plan, session, record)
                    report = await self._finished(plan, basis, session, record, stopping)
        self._show_what_came(report, record, put_right(plan, report))
        return exit_code(_facts(plan, report))

    async def _planned(self, asked: PlanOptions, session: Session, record: Recording) -> tuple[Plan, Basis]:
        began = session.clock.monotonic()
        chosen = await self.prelude(session, asked)
        plan, basis = await based_plan(session, self.manifests, chosen)
        if chosen is not asked:  # the plan is as old as what it was chosen by
            basis = basis._replace(since=began)
        self._check(plan, session)
        record.planned(plan.digest)
        tell(plan=plan)
        return plan, basis

    async def _again(
        self, plan: Plan, chosen: PlanOptions, session: Session, record: Recording
    ) -> tuple[Plan, Basis]:
        """The plan anew: another run may have written since the organisation was read for it."""
        say("another run wrote meanwhile, or may have: planning again")
        fresh, basis = await self._planned(chosen, session, record)
        if self.approval.asks:
            require_digest(fresh, plan.digest)
        if fresh.digest != plan.digest:
            self._show([Line(last_line(fresh), "total")])
        return fresh, basis

    def _check(self, plan: Plan, session: Session) -> None:
        if self.approval.digest:
            require_digest(plan, self.approval.digest)
        if self.approval.reviewed is not None:
            require_contained(self.approval.reviewed, plan)
        self._require_sinks(plan)

    def _require_sinks(self, plan: Plan) -> None:
        """Before the first write: what is born later must have somewhere to put its secret."""
        needed = {item.body["sink"] for item in plan.operations if item.does == "deliver"}
        for name, lack in wiring.unready_sinks(self.manifests.org).items():
            if name in needed:
                remedy = f"{lack.remedy}; or leave its clients out by --only"
                raise UsageError(lack.message, remedy=remedy)

    def _nothing(self, plan: Plan, session: Session, record: Recording) -> int:
        """Quiet where nothing is wrong; what is withheld is shown."""
        if plan.withheld:
            self._show_plan(plan)
        now = f"{session.clock.now():%Y-%m-%dT%H:%M:%SZ}"
        report = ApplyReport(
            record.run.id,
            (),
            plan.summary.unchanged,
            plan.summary.withheld,
            session.api.requests,
            now,
            plan.digest,
        )
        self._show_report(report, record)
        return exit_code(facts(plan))

    def _show_plan(self, plan: Plan) -> None:
        self._show(plan_text(plan, width(), self.judged.locate))

    def _show(self, lines: Iterable[Line]) -> None:
        """On stdout for people; JSON keeps stdout for the report alone."""
        show(lines, err=self.output == "json")

    def _show_report(
        self, report: ApplyReport, record: Recording, repaired: Collection[Address] = ()
    ) -> None:
        tell(applied=report)
        document = report_document(report)
        record.done(document["summary"], repaired)
        if self.output == "json":
            click.echo(dumps(document))
        else:
            show(closing(report, self.manifests.org.name, width()))

    def _show_what_came(self, report: ApplyReport, record: Recording, repaired: Collection[Address]) -> None:
        """The report of a run that wrote; whoever cannot be shown it is told that by the exit code."""
        try:
            self._show_report(report, record, repaired)
        except OSError as error:
            if not report.requests.write:
                raise
            raise unshown(error, sys.stdout, interrupted=report.interrupted) from error

    async def _finished(
        self, plan: Plan, basis: Basis, session: Session, record: Recording, stopping: Stopping
    ) -> ApplyReport:
        """The report; a bug is told as what it left behind: something, once a write was sent."""
        try:
            return await self._apply(plan, basis, session, record, stopping)
        except Exception as error:
            if not session.api.requests.write:
                raise
            if isinstance(error, OSError):
                raise unshown(error, sys.stdout, interrupted=stopping.stop.is_set()) from error
            if isinstance(error, JournalError | LeaseError):
                raise Unfinished(
                    f"{error.message}; what was in flight ended, nothing new was sent", remedy=error.remedy
                ) from error
            raise Unfinished(
                f"a bug ({type(error).__name__}) ended the run after a write was sent",
                remedy="run it again: it looks first and goes on; report what -vv before the command prints",
            ) from error

    async def _apply(
        self, plan: Plan, basis: Basis, session: Session, record: Recording, stopping: Stopping
    ) -> ApplyReport:
        stopping.begun = True
        with self._watched(plan) as watching:
            return await apply(
                plan,
                api=session.api,
                sinks=session.sinks,
                registry=session.registry,
                clock=session.clock,
                journal=record.journal,
                progress=watching,
                org=self.manifests.org,
                nonces=wiring.new_nonce,
                run_id=record.run.id,
                hosts=(session.api_host, session.login_host),
                stop=stopping.stop,
                basis=basis,
                fence=session.lease,
            )

    def _stoppable(self) -> AbstractContextManager[Stopping]:
        """How the run is ended from outside, for as long as it holds the lease."""
        return interruptible()

    def _watched(self, plan: Plan) -> AbstractContextManager[Progress]:
        """Who is shown how far it is."""
        return progress(plan, err=self.output == "json")


def _facts(plan: Plan, report: ApplyReport) -> Facts:
    planned = facts(plan)
    failed = any(report.results(result) for result in ("failed", "skipped", "unconfirmed"))
    return Facts(
        interrupted=report.interrupted,
        leak=planned.leak,
        incomplete=(failed and not report.stale) or is_partial(plan),
        stale=report.stale,
        withheld=planned.withheld,
    )
