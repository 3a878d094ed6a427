"""Two runs at once of the true `apply` and `secrets rotate`, on one organisation and one PostgreSQL server.

In virtual time. Server, rows, locks and sessions are real. Its clock is the schedule's, and so are the
moments at which it learns that somebody is gone: at once of a process that was killed, after a lease's time
of a lost machine and of a session in which nothing was said.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from typing import Any, NamedTuple

from reconciler.cli.approving import Approval
from reconciler.cli.exits import of_error
from reconciler.cli.planning import options
from reconciler.cli.prelude import Prelude, as_given
from reconciler.cli.recording import recording
from reconciler.cli.secrets.rotate import _Prelude as Rotation
from reconciler.errors import ReconcilerError
from reconciler.simulator.exchange import Request
from tests.faults.case import Case, Violation
from tests.faults.clockwork import Killed, Life, live
from tests.faults.command import AUTOMATIC, applying, bug_in
from tests.faults.monitors import ENDS
from tests.faults.place import Place
from tests.faults.rehearsal import new_place
from tests.faults.rivals.endings import HELD_BACK, STALE, endings
from tests.faults.rivals.runner import Runner, ServedDisk, current
from tests.faults.rivals.schedule import Schedule
from tests.faults.rivals.world import world_of
from tests.faults.runs import MOST_RUNS, SETTLED, look, seeded

_MOST_LOOKS = 15
"""Runs that may be turned away: tokens of 900 s and the lease, looked at each minute."""
_OURS_ALONE = ("/oauth/token", "/api/v2/tokens/me")


class Ended(NamedTuple):
    """What came of a schedule: the violations, how each run ended, the epochs that wrote.

    `struck`: what was to befall the first one did.
    """

    violations: tuple[Violation, ...]
    ends: tuple[str, ...]
    epochs: tuple[int, ...]
    struck: bool


class Arena:
    """One organisation and all who write to it; the server's database is at `url`, nobody else uses it."""

    def __init__(self, schedule: Schedule, url: str, place: Place, *, held_back: bool = False) -> None:
        """`held_back`: something may be, as in a history."""
        self.schedule, self.url, self.place = schedule, url, place
        self._always = HELD_BACK if held_back or place.scenario.rotates else frozenset[str]()
        self.place.disk = ServedDisk.of(self.place.disk, url)
        self.place.sim.clock._source = self.time
        operator = self.place.sim.org.live.clients.rows["operator"]
        operator["accessTokenValiditySeconds"] = schedule.token_seconds
        self._numbers = count(place.generation + 1)
        self._runners: list[Runner] = []
        self._due: list[tuple[float, Callable[[], None]]] = []
        self.epochs: list[int] = []

    def runner(self, wait: float | None = None) -> Runner:
        """One more process; organisation, sinks and what is known are everybody's."""
        first, number = self.place, next(self._numbers)
        disk = ServedDisk.of(first.disk, self.url)
        place = Place(first.case, first.scenario, first.sim, disk, first.watch, first.now)
        place.generation = number
        first.watch.begin(place)
        self._runners.append(Runner(f"run-{number}", self, place, wait))
        return self._runners[-1]

    def time(self) -> float:
        """Everybody's, in seconds."""
        lives = [runner.place.life for runner in self._runners if runner.place.life is not None]
        return lives[-1].loop.time() if lives else self.place.now

    def later(self, seconds: float, deed: Callable[[], None]) -> None:
        """Something that happens so many seconds from now, whoever lives then."""
        self._due.append((self.time() + seconds, deed))
        self._arm()

    def _arm(self) -> None:
        loop = asyncio.get_running_loop()
        for due in self._due:
            loop.call_at(due[0], self._happen, due)

    def _happen(self, due: tuple[float, Callable[[], None]]) -> None:
        if due in self._due:
            self._due.remove(due)
            due[1]()

    def wrote(self, runner: Runner, request: Request | None) -> None:
        """Who took the lease later has the word from its first write on."""
        if request is None or request.path in _OURS_ALONE:
            return
        if runner.epoch == 0 or (self.epochs and runner.epoch < self.epochs[-1]):
            words = f"{request.method} {request.path} by epoch {runner.epoch} of {runner.name}"
            self._violate("I17 one writer", f"{words}; before it wrote epochs {self.epochs}")
        if runner.approval.digest not in ("", runner.carried):
            self._violate("I19 stale plan", f"{request.method} {request.path} was approved by nobody")
        if runner.epoch not in self.epochs:
            self.epochs.append(runner.epoch)

    @contextmanager
    def open(self) -> Iterator[None]:
        """The world is this one's until all have left."""
        with seeded(), world_of(self.time, self.place.nonce) as said:
            try:
                yield
            finally:
                self.leave()
        self.place.said.append(said.getvalue())

    def duel(self, approved: str = "") -> tuple[Runner, list[str]]:
        """The two of the schedule, the second with this digest: the first, and how both ended."""
        first, second = self.runner(), self.runner(self.schedule.wait)
        first.accident, first.endings = self.schedule.accident, endings(self.schedule.accident)
        if approved:
            second.approval, second.endings = Approval(approved), second.endings | STALE
        return first, self.play((first, 0.0), (second, self.schedule.delay))

    def play(self, *runners: tuple[Runner, float]) -> list[str]:
        """All of them, each from so many seconds on; how each ended, as an exit code or in a word."""
        works = [partial(self._work, runner, delay) for runner, delay in runners]
        ends, now = live(self.place.now, *works)
        for each in self._runners:
            each.place.life, each.place.now = None, now
        self.place.now = now
        return [self._told(runner, end) for (runner, _), end in zip(runners, ends, strict=True)]

    async def _work(self, runner: Runner, delay: float, life: Life) -> int:
        runner.place.life = life
        current.set(runner)
        self._arm()
        await asyncio.sleep(delay)
        code = await self._command(runner, "apply", as_given)
        asked, manifests = runner.place.scenario.rotates, runner.place.scenario.after
        if asked is None or code:
            return code
        runner.run_id, runner.approval = f"rotation-{runner.place.generation}", AUTOMATIC
        return await self._command(runner, "secrets rotate", Rotation(manifests, asked, "text"))

    async def _command(self, runner: Runner, called: str, prelude: Prelude) -> int:
        scenario = runner.place.scenario
        run = applying(scenario, runner.approval, runner.wait, prelude)
        chosen = options((), tuple(scenario.allow.items()))
        with recording(scenario.after.org, called, None) as record:
            record.code = await run.carry_out(chosen, record)
        return record.code

    def _told(self, runner: Runner, end: Any) -> str:
        if isinstance(end, Killed):
            how = "killed"
        elif bug := bug_in(end):
            self._violate("a bug", bug)
            return "bug"
        else:
            how = f"exit {of_error(end) if isinstance(end, ReconcilerError) else end}"
        if how not in runner.endings | self._always:
            why = f"; {end}" if isinstance(end, ReconcilerError) else ""
            self._violate("S done", f"{runner.accident or 'nothing'} befell a run, and it ended: {how}{why}")
        return how

    def come_to_rest(self) -> Iterator[str]:
        """Runs, one after the other, until one that starts when all has settled writes nothing.

        Who is turned away looks again a minute later.
        """
        lost, turned_away = 0, 0
        while lost <= MOST_RUNS and turned_away <= _MOST_LOOKS:
            self.place.now += SETTLED
            before = len(self.place.sim.writes())
            (how,) = self.play((self.runner(), 0.0))
            yield how
            if how == "exit 0" and len(self.place.sim.writes()) == before:
                return
            if how == "exit 9":
                turned_away += 1
                self.place.now += 60.0
            else:
                lost += 1
        self._violate("I1 comes to rest", f"not after {lost} runs; {turned_away} were turned away")

    def _violate(self, monitor: str, words: str) -> None:
        self.place.watch.violations.append(Violation(monitor, words))

    def gather(self) -> None:
        """What each of them said and saw is everybody's from now on."""
        for runner in self._runners:
            self.place.said += runner.place.said
            self.place.log += runner.place.log
            self.place.trace += runner.place.trace
            self.place.secrets |= runner.place.secrets
            self.place.generation = max(self.place.generation, runner.place.generation)

    def judged(self) -> list[Violation]:
        """What was seen on the way; where that is nothing, what is wrong at the end."""
        self.gather()
        if self.place.watch.violations:
            return self.place.watch.violations
        skipped = "S settled" if self.schedule.accident else ""
        return [
            Violation(name, words)
            for name, monitor in ENDS.items()
            if name != skipped
            for words in monitor(self.place)
        ]

    def leave(self) -> None:
        """End what the dead left open, on either side of their connections, while nobody hears them."""
        for runner in self._runners:
            runner.end_sessions()
            for store in runner.stores:
                with contextlib.suppress(ReconcilerError):
                    store.close()
        gc.collect()


def play(schedule: Schedule, url: str) -> Ended:
    """Two runs as the schedule says, then others until all is at rest; judged at every commit and then."""
    case = Case(schedule.scenario, weather=schedule.weather)
    approved = look(new_place(case)) if schedule.reviewed else ""
    arena = Arena(schedule, url, new_place(case))
    with arena.open():
        first, ends = arena.duel(approved)
        ends += arena.come_to_rest()
    return Ended(tuple(arena.judged()), tuple(ends), tuple(arena.epochs), first.struck)


def play_on(place: Place, schedule: Schedule, url: str) -> list[str]:
    """Two runs where others ran before and will again, who then know what these wrote; how each ended."""
    disk = place.disk
    arena = Arena(schedule, url, place, held_back=True)
    with arena.open():
        _, ends = arena.duel()
    arena.gather()
    disk.files.update({f"journal:{name}": step for name, step in place.disk.steps.items()})
    place.disk = disk
    place.attend()
    place.sim.clock._source = lambda: place.time
    return ends
