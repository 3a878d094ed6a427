"""Running a case: one life after the other, until everything is at rest or it is clear that it never is."""

from __future__ import annotations

import asyncio
import io
import json
import random
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from datetime import date
from functools import partial
from typing import Any, NamedTuple
from unittest.mock import patch

from reconciler.cli import planning
from reconciler.cli.secrets.rotate import _Prelude as Prelude
from reconciler.engine import apply as applying
from reconciler.engine.context import Basis
from reconciler.engine.keeper import Keeper
from reconciler.genesys import ClientCredentials, GenesysApi, endpoint
from reconciler.kinds import REGISTRY
from reconciler.model.outcome import document
from reconciler.model.plan import Plan
from reconciler.model.plan import document as plan_document
from reconciler.model.secret import Secret
from reconciler.planning.contested import put_right
from reconciler.planning.options import PlanOptions
from reconciler.planning.rotation.choose import Asked
from reconciler.ports import RunJournal
from reconciler.store.null import NullJournal, NullLease
from reconciler.wiring import Session
from tests.faults.case import Violation
from tests.faults.clockwork import Clock, Killed, Life, live
from tests.faults.command import bug_in
from tests.faults.disk import DiskJournal, DiskPast, DiskSink
from tests.faults.edits import Told
from tests.faults.monitors import ENDS
from tests.faults.monitors.births import handed_over
from tests.faults.monitors.ends import returned, unseen
from tests.faults.organisation import LAG
from tests.faults.place import LOOK, Place
from tests.faults.reviewed import apply_reviewed
from tests.faults.wire import Wire

MOST_RUNS = 4
"""Runs after the last fault within which everything is at rest."""
SETTLED = LAG + 2.0
"""Seconds after which caches agree again."""
HOSTS = ("api.example", "login.example")
_TODAY = date(2026, 11, 20)


class Ran(NamedTuple):
    """How one run ended: in a word, and whether it wrote, or tried to."""

    how: str
    wrote: bool


def run_once(place: Place) -> Ran:
    """One run of the program, from its start to its end or death."""
    place.generation += 1
    place.watch.begin(place)
    place.disk.reserved.clear()
    place.told.clear()
    place.lacking = ""
    began, struck = len(place.log), len(place.struck)
    before = len(place.sim.writes())
    (end,), place.now = live(place.now, partial(_work, place))
    place.life = None
    if place.disk.doomed:
        place.disk.lose_power()
    ran = Ran(_told(place, end), len(place.sim.writes()) > before)
    place.watch.edits.ended(place.now, whole=ran.how == "done")
    if ran.how == "done":
        place.watch.violations += [Violation("S seen", words) for words in unseen(place.log[began:])]
        if place.case.weather == "calm":  # in haze a run may not see what one before it left; the next will
            place.watch.violations += [Violation("S returned", words) for words in returned(place)]
    if place.case.weather == "calm" and len(place.struck) == struck:
        place.watch.violations += [Violation("S handed over", words) for words in handed_over(place.watch)]
    return ran


def look(place: Place) -> str:
    """A person is shown a plan now, and nothing is run; its digest."""
    place.approved = LOOK
    with seeded():
        run_once(place)
    place.approved = ""
    return place.reviewed


async def _work(place: Place, life: Life) -> str:
    place.life = life
    life.loop.turned = place.turn
    clock = Clock(life, place.pause)
    wire = Wire(place.sim, life, place.request, place.administrate, place.login, place.answered, place.lacks)
    known = ClientCredentials("operator", Secret("operator-secret"))
    async with GenesysApi(endpoint("http://127.0.0.1"), known, clock, transport=wire) as api:
        sinks = {"local": DiskSink(place.disk, life, place.write)}
        session = Session(api, REGISTRY, clock, sinks, Keeper(NullLease, clock), *HOSTS, writer="operator")
        run = Run(place, life, session, f"run-{place.generation}")
        told = await run.command(run.options)
        asked = place.scenario.rotates
        if asked is None or told == "unfinished":
            return told
        again = run._replace(name=f"rotation-{place.generation}")
        rotated = await again.command(await again.rotating(asked))
        return rotated if rotated != "nothing" else told


class Run(NamedTuple):
    """One command in one life, on record by its name."""

    place: Place
    life: Life
    session: Session
    name: str

    @property
    def options(self) -> PlanOptions:
        """Those of an apply."""
        return PlanOptions(_TODAY, "2026-11-20T12:00:00Z", "0.0.0", allow=self.place.scenario.allow)

    async def rotating(self, asked: Asked) -> PlanOptions:
        """Those of a rotation, which looks first who uses what."""
        said = io.StringIO()
        with redirect_stdout(said):
            chosen = await Prelude(self.place.scenario.after, asked, "text")(self.session, self.options)
        self.place.said.append(said.getvalue())
        return chosen

    async def command(self, options: PlanOptions) -> str:
        """Plan and apply; how it ended."""
        place = self.place
        if place.approved not in ("", LOOK):
            return await apply_reviewed(self, options)
        plan, basis = await self._planned(options)
        place.told.append(Told.of(plan, basis.since, remembers=place.case.store == "kept"))
        place.withheld = tuple(each.withheld for each in plan.changes if each.withheld)
        if place.approved == LOOK:
            place.reviewed = plan.digest
            return "nothing"
        return await self._applied(plan, basis) if plan.running else "nothing"

    async def _planned(self, options: PlanOptions) -> tuple[Plan, Basis]:
        with self.remembering():
            return await planning.based_plan(self.session, self.place.scenario.after, options)

    @contextmanager
    def remembering(self) -> Iterator[None]:
        """What a plan asks of earlier runs is asked of this disk."""
        place = self.place
        with (
            patch.object(planning, "Remembered", partial(DiskPast, place.disk, place.case.store)),
            patch.object(planning, "say", place.said.append),
        ):
            yield

    @property
    def journal(self) -> RunJournal:
        """Where this life writes its intents."""
        if self.place.case.store == "off":
            return NullJournal()
        return DiskJournal(self.place.disk, self.life, self.place.write, self.session.clock.now)

    async def _applied(self, plan: Plan, basis: Basis) -> str:
        place, session = self.place, self.session
        report = await applying.apply(
            plan, api=session.api, sinks=session.sinks, registry=REGISTRY,
            clock=session.clock, journal=self.journal, progress=_Silent(), org=place.scenario.after.org,
            nonces=place.nonce, run_id=self.name,
            hosts=HOSTS, stop=self.life.stop, basis=basis,
        )  # fmt: skip
        self.journal.repaired(self.name, put_right(plan, report))
        place.said += [json.dumps(document(report)), json.dumps(plan_document(plan))]
        return "done" if all(item.result == "done" for item in report.outcomes) else "unfinished"


def _told(place: Place, end: Any) -> str:
    if isinstance(end, str):
        return end
    if isinstance(end, Killed):
        return "killed"
    if isinstance(end, asyncio.CancelledError):
        return "cancelled"
    place.said.append(str(end))
    if bug := bug_in(end):
        place.watch.violations.append(Violation("a bug", bug))
        return "bug"
    return f"refused: {end.message}"


class _Silent:
    """Progress that nobody watches."""

    def planned(self, writes: int, seconds: int) -> None: ...

    def waiting(self, address: Any, seconds: float, reason: str) -> None: ...

    def finished(self, outcome: Any) -> None: ...


class Outcome(NamedTuple):
    """What came of a case. `runs` tells how each run ended, `after` how many wrote after the last fault."""

    violations: tuple[Violation, ...]
    runs: tuple[str, ...]
    after: int
    reached: int


def run_case(place: Place) -> Outcome:
    """Let the faults strike, then let everything come to rest; judge it all."""
    with seeded():
        told = [*_while_faults_last(place)]
        writing = come_to_rest(place, told)
    if not place.watch.violations:
        for name, monitor in ENDS.items():
            place.watch.violations += [Violation(name, words) for words in monitor(place)]
    if not place.case.faults:
        short = [how for how in told if how not in ("done", "nothing")]
        place.watch.violations += [Violation("S done", f"undisturbed, a run ended: {how}") for how in short]
    return Outcome(tuple(place.watch.violations), tuple(told), writing, len(place.struck))


def _while_faults_last(place: Place) -> Iterator[str]:
    """Runs at the case's gap until every fault has struck, or a run asks for so little that none will."""
    while True:
        ran = run_once(place)
        yield ran.how
        if not place.waiting:
            return
        if not ran.wrote and ran.how == "nothing":
            place.give_up()
            return
        place.now += place.case.gap


def come_to_rest(place: Place, told: list[str]) -> int:
    """Runs until one that starts when all has settled writes nothing; how many wrote before that."""
    place.now += place.case.gap
    quiet, writing, last = place.case.gap >= SETTLED, 0, len(place.sim.writes())
    for _ in range(MOST_RUNS + 2):
        ran = run_once(place)
        told.append(ran.how)
        if not ran.wrote and quiet and not ran.how.startswith("refused"):
            return writing
        writing += ran.wrote
        if writing > MOST_RUNS:
            break
        quiet = True
        place.now += SETTLED
    lines = [f"{each.method} {each.path}" for each in place.sim.writes()[last:]]
    place.watch.violations.append(Violation("I1 comes to rest", f"runs: {told}; writes: {lines[-4:]}"))
    return writing


@contextmanager
def seeded() -> Iterator[None]:
    """The same jitter in every run of a case, and everybody else's lots as they were."""
    kept = random.getstate()
    random.seed(20_250_101)
    try:
        yield
    finally:
        random.setstate(kept)
