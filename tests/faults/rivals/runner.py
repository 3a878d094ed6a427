"""One process among several: what befalls it, and its ports, which stand still when it does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, cast

import httpx
import psycopg

from reconciler.model.history import Step
from reconciler.model.secret import Credential, Destination, Held, Receipt
from reconciler.planning.lease import BEAT_SECONDS, LEASE_SECONDS
from reconciler.simulator.exchange import Request
from reconciler.simulator.faults import Outcome
from reconciler.simulator.org import Written
from tests.faults.clockwork import Clock, Life
from tests.faults.command import AUTOMATIC
from tests.faults.disk import STEPS, Disk, DiskSink, steps_of
from tests.faults.place import Place
from tests.faults.rivals.endings import UNDISTURBED
from tests.faults.rivals.schedule import Accident
from tests.faults.wire import Wire

if TYPE_CHECKING:
    from tests.faults.rivals.arena import Arena

current: ContextVar[Runner] = ContextVar("runner")
"""In whose name the product acts."""


class ServedDisk(Disk):
    """Sinks as ever; what the journal holds is asked of the server."""

    url: str = ""

    @classmethod
    def of(cls, disk: Disk, url: str) -> ServedDisk:
        """The same files, seen by another process."""
        made = cls(disk.files)
        made.url = url
        return made

    @property
    def steps(self) -> dict[str, Step]:
        with psycopg.connect(self.url) as connection:
            try:
                return steps_of(connection.execute(STEPS))
            except psycopg.errors.UndefinedTable:  # nobody has written anything yet
                return {}


class Runner:
    """One process: its life, its place, and what befalls it. `epoch` is that of the lease it took last."""

    def __init__(self, name: str, arena: Arena, place: Place, wait: float | None) -> None:
        self.name, self.arena, self.place, self.wait = name, arena, place, wait
        self.run_id = name
        self.url = f"{arena.url}&application_name={name}"
        self.epoch = 0
        self.accident: Accident = ""
        self.endings = UNDISTURBED
        """How it may end."""
        self.approval = AUTOMATIC
        self.carried = ""
        """The digest of the plan that it carried out last."""
        self.struck = False
        self.in_hand = 0
        """Secrets that it was shown and has not yet delivered."""
        self._counted = 0
        self._frozen_until = 0.0
        self.stores: list[Any] = []

    @property
    def life(self) -> Life:
        """The present one."""
        assert self.place.life is not None
        return self.place.life

    async def awake(self) -> None:
        """A frozen process does nothing; a dead one never again."""
        while self.life.alive and (left := self._frozen_until - self.life.loop.time()) > 0:
            await asyncio.sleep(left)
        if not self.life.alive:
            await self.life.hang()

    async def sending(self, request: httpx.Request) -> None:
        """Its gate is passed, nothing has left yet: the worst moment for whatever befalls it."""
        path = request.url.path
        writes = request.method != "GET" and path != "/oauth/token" and not path.endswith("/search")
        if writes and self.accident not in _ELSEWHERE:
            self._strike()
        await self.awake()

    def waiting(self) -> None:
        """It is about to wait for a while, and for nobody."""
        if self.accident == "doze":
            self._strike()

    async def looked(self) -> None:
        """It has seen what the place of a secret holds, and puts another one there next, if it has one."""
        if self.accident == "in-hand" and self.in_hand:
            self._strike()
        await self.awake()

    def _strike(self) -> None:
        self._counted += 1
        if self.accident and self._counted == self.arena.schedule.at:
            self.struck = True
            _ACCIDENTS[self.accident](self)

    def freeze(self) -> None:
        """Stand still; the server ends a session in which nothing is said for a lease's time."""
        seconds = self.arena.schedule.seconds
        self._frozen_until = self.life.loop.time() + seconds
        if seconds >= LEASE_SECONDS:
            self.arena.later(LEASE_SECONDS - BEAT_SECONDS, self.end_lease)

    def kill(self) -> None:
        """The process dies, and with it its connections."""
        self.life.end()
        self.end_sessions()

    def lose_machine(self) -> None:
        """The machine is gone, and nobody tells the server."""
        self.life.end()
        self.arena.later(LEASE_SECONDS, self.end_sessions)

    def end_lease(self) -> None:
        """The server ends the session that holds the lease."""
        self.end_sessions(" and l.locktype = 'advisory'")

    def end_sessions(self, which: str = "") -> None:
        """The server ends its sessions, all or some."""
        query = (
            "select pg_terminate_backend(a.pid, 5000) from (select distinct a.pid from pg_stat_activity a "
            f"left join pg_locks l on l.pid = a.pid where a.application_name = %s{which}) a"
        )
        with psycopg.connect(self.arena.url) as connection:
            connection.execute(query.encode(), (self.name,))


_ACCIDENTS: dict[str, Callable[[Runner], None]] = {
    "freeze": Runner.freeze,
    "doze": Runner.freeze,
    "in-hand": Runner.freeze,
    "kill": Runner.kill,
    "lose-machine": Runner.lose_machine,
    "end-session": Runner.end_lease,
}


_ELSEWHERE = ("doze", "in-hand")
"""What does not befall it at a write."""


_SHOWN = ("/clients", "/secret")


class Shelf(DiskSink):
    """The sink of a process that may stand still after a look at it, with a secret in hand."""

    def __init__(self, runner: Runner) -> None:
        super().__init__(runner.place.disk, runner.life, runner.place.write)
        self._runner = runner

    async def status(self, destination: Destination) -> Held | None:
        held = await super().status(destination)
        await self._runner.looked()
        return held

    async def deliver(self, destination: Destination, credential: Credential) -> Receipt:
        self._runner.in_hand -= 1
        return await super().deliver(destination, credential)


class Socket(Wire):
    """The wire of a process that may stand still on either side of it."""

    def __init__(self, runner: Runner) -> None:
        place = runner.place
        sim = cast(Any, Signed(runner))
        super().__init__(
            sim, runner.life, place.request, place.administrate, place.login, place.answered, place.lacks
        )
        self._runner = runner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """What has passed the gate leaves on waking, even where its sender has given it up by then."""
        return await asyncio.shield(asyncio.ensure_future(self._sent(request)))

    async def _sent(self, request: httpx.Request) -> httpx.Response:
        await self._runner.sending(request)
        try:
            return await super().handle_async_request(request)
        finally:
            await self._runner.awake()


class Signed:
    """The organisation, which knows from whom a request comes."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self.faults = runner.place.sim.faults

    def respond(self, request: Request) -> Outcome:
        """Judge what it commits as this runner's."""
        sim = self._runner.place.sim
        sim.on_commit = self._committed
        return sim.respond(request)

    def _committed(self, request: Request | None, written: list[Written]) -> None:
        self._runner.arena.wrote(self._runner, request)
        self._runner.in_hand += bool(request and _makes_secret(request))
        self._runner.place._committed(request, written)


def _makes_secret(request: Request) -> bool:
    path = request.path
    return request.method == "POST" and path.startswith("/api/v2/oauth/clients") and path.endswith(_SHOWN)


class RunnerClock(Clock):
    """Its time goes on while it stands still."""

    def __init__(self, runner: Runner) -> None:
        super().__init__(runner.life, runner.place.pause)
        self._runner = runner

    async def sleep(self, seconds: float) -> None:
        self._runner.waiting()
        await super().sleep(seconds)
        await self._runner.awake()
