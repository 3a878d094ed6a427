"""One look of the controller: what `drift` does, and what `apply --revoke-only` does where policy lets it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from itertools import chain, count
from pathlib import Path

import structlog

from reconciler import wiring
from reconciler.cli.apply import Run
from reconciler.cli.approving import Approval
from reconciler.cli.ending import bug, ending
from reconciler.cli.exits import Facts, exit_code
from reconciler.cli.main import Global
from reconciler.cli.manifests import Judged
from reconciler.cli.planning import options
from reconciler.cli.recording import Recording, recording
from reconciler.cli.running import Stopping
from reconciler.cli.telling import Tale, begin, tell
from reconciler.engine import cycle
from reconciler.engine.watching import PausedByName
from reconciler.errors import ManifestError, UsageError
from reconciler.model.address import Address, Selector
from reconciler.model.drift import DriftReport
from reconciler.model.finding import errors
from reconciler.model.manifest import Manifests
from reconciler.model.outcome import ApplyReport, Outcome
from reconciler.model.outcome import document as report_document
from reconciler.model.plan import Plan
from reconciler.model.ran import Ran
from reconciler.model.watched import Ending, Look
from reconciler.model.words import counted
from reconciler.planning import endings
from reconciler.planning.drift_policy import require_foreseen
from reconciler.ports import Progress
from reconciler.reports.lines import Line
from reconciler.telemetry.logs import bound
from reconciler.telemetry.measuring import Before, samples
from reconciler.telemetry.metrics import Sample
from reconciler.telemetry.notifying import notify
from reconciler.telemetry.tracebacks import where
from reconciler.wiring import Session

COMMAND = "controller"
_log = structlog.get_logger()


class _Silent:
    """The log tells of every operation; nobody looks at a bar."""

    def planned(self, writes: int, seconds: int) -> None:
        """Nothing is shown."""

    def waiting(self, address: Address, seconds: float, reason: str) -> None:
        """Nothing is shown."""

    def finished(self, outcome: Outcome) -> None:
        """Nothing is shown."""


@dataclass(frozen=True, slots=True)
class _Unattended(Run):
    """An apply that nobody watches, stopped together with the controller."""

    stop: asyncio.Event = field(default_factory=asyncio.Event)
    writing: set[str] = field(default_factory=set)
    seen: DriftReport | None = None
    done: set[Address] = field(default_factory=set)

    def _check(self, plan: Plan, session: Session) -> None:
        """Nothing but the drift that was seen: unasked, nobody's manifests are applied."""
        if self.seen is not None:
            require_foreseen(plan, self.seen)
        Run._check(self, plan, session)  # a dataclass with slots is another class than `super()` knows

    def _stoppable(self) -> AbstractContextManager[Stopping]:
        return nullcontext(Stopping(self.stop))

    def _watched(self, plan: Plan) -> AbstractContextManager[Progress]:
        self.writing.add(self.manifests.org.name)
        return nullcontext(_Silent())

    def _show(self, lines: Iterable[Line]) -> None:
        """The history and the log have it."""

    def _show_report(
        self, report: ApplyReport, record: Recording, repaired: Collection[Address] = ()
    ) -> None:
        tell(applied=report)
        self.done.update(item.address for item in report.results("done"))
        record.done(report_document(report)["summary"], repaired)


class Looker:
    """Looks at organisations, one call a look. `samples` are what the last looks measured, by root."""

    def __init__(self, given: Global, stop: asyncio.Event, paused: Callable[[str], str]) -> None:
        """`paused` says why nobody is to look at the organisation of a name, "" for nothing."""
        self._given, self._stop, self._paused = given, stop, paused
        self._writing: set[str] = set()
        self._claims: dict[str, str] = {}
        self._labels: dict[str, str] = {}
        self.samples: dict[str, list[Sample]] = {}

    def label(self, root: str, name: str = "") -> str:
        """What a root's organisation is called where no two may be called the same.

        `name`, or what it was called before where that is not known; with a number if another is called so.
        """
        known = (each for each, whose in self._labels.items() if whose == root)
        name = name or next(known, Path(root).resolve().name)
        self._labels = {each: whose for each, whose in self._labels.items() if whose != root}
        free = (
            each for each in chain([name], (f"{name} ({n})" for n in count(2))) if each not in self._labels
        )
        self._labels[found := next(free)] = root
        return found

    async def __call__(self, root: str) -> Look:
        """Look, tell who watches, and say how it ended; implements `engine.watching.Looking`."""
        run, began, tale = wiring.run_id(), wiring.today(), begin()
        with bound(run=run, command=COMMAND):
            ended, code, error = await self._ended(root, run, tale)
            ran = tale.ended(Ran(run, COMMAND, False, "", "", (), began, wiring.today(), code, error))
            try:
                called = replace(ran, org_name=self.label(root, ran.org_name))
                self.samples[root] = samples(called, self._before(root, called.org_name))
                await self._notify(ran)
            except Exception as trouble:  # whoever watches must not be what ends the watching
                _log.warning("nobody was told", said=ending(trouble)[1])
            told = {"ending": ended, "code": code, "error": error}
            _log.info("look ended", root=root, organisation=ran.org_name, **told)
        return Look(replace(ran, org_name=self.label(root, ran.org_name)), ended)

    def _before(self, root: str, name: str) -> Before:
        """What was measured of the organisation of this name; the root may have been about another."""
        measured = (each for each in self.samples.get(root, ()) if each.labels[0] == name)
        return {(each.metric, each.labels): each.value for each in measured}

    async def _ended(self, root: str, run: str, tale: Tale) -> tuple[Ending, int, str]:
        """The look as a task of its own; when the controller stops it ends at once unless it writes."""
        looking = asyncio.create_task(self._look(root, run))
        stopped = asyncio.create_task(self._stop.wait())
        await asyncio.wait((looking, stopped), return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if tale.manifests is None or tale.manifests.org.name not in self._writing:
            looking.cancel()
        try:
            return (*await looking, "")
        except PausedByName:
            raise
        except asyncio.CancelledError as error:
            return ("failed", *ending(error))
        except Exception as error:
            if unforeseen := bug(error):
                _log.debug("a bug ended the look", kind=type(unforeseen).__name__, where=where(unforeseen))
            return (endings.of_error(error), *ending(error))

    async def _look(self, root: str, run: str) -> tuple[Ending, int]:
        judged, manifests = self._manifests(root)
        org, given = manifests.org, self._given
        if self._paused(org.name):
            raise PausedByName(org.name)
        async with wiring.session(org, given.endpoint, read_only=True, keys=given.keys) as session:
            tell(api=session.api)
            report = await cycle.drift(session.api, manifests, options(()), session.registry)
        tell(drift=report)
        if report.correction.now and not self._paused(org.name):
            return await self._correct(judged, manifests, report, run)
        code = exit_code(Facts(leak=report.leaks > 0, changes=bool(report.objects)))
        return endings.of_report(report), code

    def _manifests(self, root: str) -> tuple[Judged, Manifests]:
        judged = Judged(Path(root))
        if mistakes := errors(judged.findings):
            raise ManifestError(
                f"{counted(len(mistakes), 'mistake')} in the manifests; the first: {mistakes[0].message}",
                remedy=f"reconciler validate {root}",
            )
        manifests = judged.manifests()
        others = {each: who for each, who in self._claims.items() if who != root}
        self._claims = others  # what this root was about before may be another's now
        for claim, same in (
            (manifests.org.organization_id, "is about"),
            (manifests.org.name, "gives its name to"),
        ):
            if (claimed := self._claims.setdefault(claim, root)) != root:
                raise UsageError(
                    f"{claimed} {same} the same organisation",
                    remedy="give one directory for each organisation",
                )
        return judged, manifests

    async def _correct(
        self, judged: Judged, manifests: Manifests, report: DriftReport, run: str
    ) -> tuple[Ending, int]:
        """Take back what policy says may be taken back unasked, and nothing else."""
        given = self._given
        deed = _Unattended(given, judged, manifests, Approval(automatic=True), "json",
                           stop=self._stop, writing=self._writing, seen=report)  # fmt: skip
        chosen = options(tuple(Selector(*each) for each in report.correction.now), revoke_only=True)
        try:
            with recording(manifests.org, COMMAND, None, run) as record:
                record.code = await deed.carry_out(chosen, record)
        finally:  # token and lease are given back, and what was done is on record
            self._writing.discard(manifests.org.name)
        return endings.of_correction(record.code, report, deed.done)

    async def _notify(self, ran: Ran) -> None:
        if (webhook := wiring.webhook()) is not None:
            told = replace(ran, writes=True)  # what a correction could not do is told as well
            for trouble in await asyncio.to_thread(
                lambda: list(notify(told, webhook, lambda: wiring.state().notices()))
            ):
                _log.warning("nobody was told", said=trouble)
