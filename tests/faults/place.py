"""The place of one case: the organisation, the disk, the faults still to come, and what was said and seen."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import partial

import httpx

from reconciler.model.plan import Withheld
from reconciler.simulator.exchange import Request
from reconciler.simulator.faults import Outcome
from reconciler.simulator.org import Written
from tests.faults.administrator import administrate
from tests.faults.case import Case, Fault, Where
from tests.faults.clockwork import Life
from tests.faults.disk import Disk
from tests.faults.edits import Told
from tests.faults.organisation import Replica
from tests.faults.scenario import Scenario
from tests.faults.survey import Survey
from tests.faults.watch import Watch
from tests.faults.wire import LoginServer, target

LOOK = "look"
UNHEARD = 0
"""Instead of a status: no answer reached the run, or none that can be read."""
_PATHS = {"clients": "oauth/clients", "roles": "authorization/roles", "divisions": "authorization/divisions"}


@dataclass
class Place:
    """Everything that outlives a process. `now` is in virtual seconds; counts go on across restarts."""

    case: Case
    scenario: Scenario
    sim: Replica
    disk: Disk
    watch: Watch
    now: float
    struck: list[Fault] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    life: Life | None = None
    generation: int = 0
    login: LoginServer = field(default_factory=LoginServer)
    trace: list[str] = field(default_factory=list)
    trails: dict[Where, list[Hashable]] = field(default_factory=lambda: defaultdict(list))
    """What happened each time: a request's line, or what was written where; at a pause and a turn it is the
    request that left last, as (its line, the how manieth)."""
    log: list[tuple[str, str, int]] = field(default_factory=list)
    """Requests in the order in which they were carried out, each with the status that reached the run, and
    what became of objects of ours: CREATED, WRITTEN, DELETED."""
    secrets: set[str] = field(default_factory=set)
    """Every secret that there ever was."""
    approved: str = ""
    """The digest of the plan that people approved; `LOOK`: they look at it now, and nothing is run."""
    reviewed: str = ""
    told: list[Told] = field(default_factory=list)
    """What the plans of the present run say, the one that is carried out last."""
    withheld: tuple[Withheld, ...] = ()
    """What the plan that was made last holds back."""
    lacking: str = ""
    """The list that was last shown to this run without one of its entities, and not read again since."""
    survey: Survey | None = None
    """Learns which faults could do anything; only where a way is gone without any."""

    def __post_init__(self) -> None:
        self._nonces = 0
        self._left = ("", 0)
        self._due = {(fault.where, fault.at): fault for fault in self.case.faults}
        self.attend()

    def attend(self) -> None:
        """Whatever the organisation commits from now on is judged as of this place."""
        self.sim.on_commit = self._committed

    @property
    def time(self) -> float:
        """Now, in a life or between two."""
        return self.life.loop.time() if self.life is not None and self.life.alive else self.now

    def nonce(self) -> str:
        """One that no life used before."""
        self._nonces += 1
        return f"{self.generation:04d}{self._nonces:04d}"

    def request(self, request: httpx.Request) -> tuple[int, str]:
        """Count a request; its number and the kind of the fault that strikes it."""
        self._lose_power_if_doomed()
        line = f"{request.method} {request.url.path}"
        self.trace.append(line)
        self._left = (line, self.trace.count(line))
        self.watch.asked(request, self.time)
        at, kind = self._strike("request", line)
        if self.survey is not None:
            self.survey.leaves(at)
        return at, kind

    def answered(self, at: int, request: Request, outcome: Outcome) -> Callable[[], None]:
        """A request was carried out; gives what is to be called if its answer reaches the run.

        What an answer shows is as old as its place in the log, however late it is heard.
        """
        self.log.append((request.method, request.path, UNHEARD))
        if self.survey is not None:
            self.survey.answered(at, request, outcome.answer)
        return partial(self._heard, len(self.log) - 1, self.time, request, outcome)

    def _heard(self, number: int, then: float, request: Request, outcome: Outcome) -> None:
        answer = outcome.answer
        if (outcome.cut and answer.body) or answer.media_type != "application/json":
            return
        self.log[number] = (request.method, request.path, answer.status)
        if (request.method, answer.status, target(request)) == ("GET", 200, self.lacking):
            self.lacking = ""
        asked_wait = answer.headers.get("Retry-After", "")
        if answer.status == 429 and asked_wait.isdigit():
            bucket = "login" if request.path == "/oauth/token" else "api"
            self.watch.quiet_until[bucket] = then + int(asked_wait)

    def lacks(self, target: str) -> None:
        """The run was shown a list without one of its entities."""
        self.lacking = target

    def write(self, what: str) -> str:
        """Count a local write; the kind of the fault that strikes it."""
        self._lose_power_if_doomed()
        return self._strike("disk", what)[1]

    async def pause(self) -> None:
        """Count a pause of our clock."""
        life = self.life
        if life is None or not life.alive:
            return
        kind = self._strike("pause", self._left)[1]
        if kind == "crash":
            await life.hang()
        if kind == "cancel":
            life.cancel()
        if kind == "stop":
            life.stop.set()

    def turn(self) -> None:
        """Count a turn of the loop: between two of them everything that we do stands at an await."""
        if self.life is None or not self.life.alive:
            return
        at, kind = self._strike("turn", self._left)
        if kind == "cancel":
            self.life.cancel()
        if kind == "cancel-all":
            self.life.interrupt(oldest_first=bool(at % 2))

    def _strike(self, where: Where, what: Hashable) -> tuple[int, str]:
        self.trails[where].append(what)
        at = len(self.trails[where])
        fault = self._due.pop((where, at), None)
        if fault is None:
            return at, ""
        self.struck.append(fault)
        return at, fault.kind

    @property
    def counts(self) -> Counter[str]:
        """How often each sort of thing happened."""
        return Counter({where: len(trail) for where, trail in self.trails.items()})

    @property
    def waiting(self) -> bool:
        """Whether a fault is still to come."""
        return bool(self._due)

    def due(self, fault: Fault) -> None:
        """One more fault is to come."""
        self._due[fault.where, fault.at] = fault

    def give_up(self) -> None:
        """No run reaches the faults that are left."""
        self._due.clear()

    def administrate(self, at: int) -> None:
        """Somebody edits; from now on the organisation may rest elsewhere than it would have.

        Where there is nothing of ours to lay hands on, no fault has struck.
        """
        before, self.watch.administrator = self.watch.administrator, "at work"
        deed = administrate(self.sim, at)
        if not deed:
            self.struck = [each for each in self.struck if each != ("request", at, "administrator")]
        self.watch.administrator = deed or before
        self.watch.deeds |= {deed} - {""}

    def _lose_power_if_doomed(self) -> None:
        if self.disk.doomed and self.life is not None:
            self.disk.lose_power()
            self.life.die()

    def _committed(self, request: Request | None, written: list[Written]) -> None:
        self.secrets.update(self.sim.org.secrets.values())
        for each in written:
            if request is not None and each.table in _PATHS:
                self._log_commit(request, each)
        self.watch.committed(self, request, written)

    def _log_commit(self, request: Request, each: Written) -> None:
        path = f"/api/v2/{_PATHS[each.table]}/{each.key}"
        if each.before is None:
            self.log.append(("CREATED", path, UNHEARD))
        elif request.path == path:
            self.log.append(("DELETED" if request.method == "DELETE" else "WRITTEN", path, UNHEARD))
