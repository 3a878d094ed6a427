"""Keeping the lease: taken before the first write, alive while the run goes on, given back at its end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from math import inf
from typing import TypeVar

from reconciler.engine.aside import Aside
from reconciler.errors import JournalError, LeaseError, LeaseHeld, LeaseLost
from reconciler.model.lease import Claim, Held, Taken
from reconciler.planning import lease as rules
from reconciler.ports import Clock, LeaseStore

T = TypeVar("T")


class Keeper:
    """Implements `ports.Lease` for one run. `connect` opens the store when the lease is first wanted."""

    def __init__(self, connect: Callable[[], LeaseStore], clock: Clock) -> None:
        self._connect, self._clock = connect, clock
        self._store: LeaseStore | None = None
        self._deadline = -inf
        self._tokens_end = -inf
        self._lost: LeaseLost | None = None
        self._taken_away: LeaseLost | None = None
        self._turn = asyncio.Lock()
        self._aside = Aside()

    @property
    def enforced(self) -> bool:
        """Whether it keeps other runs off."""
        return self._store is not None and self._store.enforced

    @property
    def fenced(self) -> bool:
        """Whether the life of our tokens is what others wait for."""
        return self._store is not None and self._store.fenced

    def check(self) -> None:
        """Raises `LeaseError` when a write must not leave now."""
        _raise(self._lost)
        self.require_ours()

    def require_ours(self) -> None:
        """Raises `LeaseError` where it may be another's: one heartbeat that failed does not make it so."""
        _raise(self._taken_away)
        if self._store is None:
            raise LeaseLost("no write without a lease", remedy="this is a mistake of the program: report it")
        self._store.check()
        if not rules.may_write(self._clock.monotonic(), self._deadline):
            raise LeaseLost(
                "the lease may have ended: no heartbeat got through in time",
                remedy="run again: it looks first and goes on",
            )

    async def renewing(self) -> None:
        """A token gives another life to whoever was fenced off: only who surely holds the lease gets one."""
        if self._lost or self._store:
            await self._beat()

    async def renewed(self, ends: float) -> None:
        """The end of the new token is on record before anything is sent with it."""
        self._tokens_end = max(self._tokens_end, ends)
        if self._lost or self._store:
            await self._beat()

    @asynccontextmanager
    async def held(
        self, claim: Claim, patience: float | None, tell: Callable[[str], None]
    ) -> AsyncIterator[Taken]:
        """Hold it while the context is open; raises `LeaseHeld` and `JournalError`."""
        store = self._connect()
        try:
            taken = await self._taken(store, claim, patience, tell)
            self._store = store
            async with self._beating():
                yield taken
        finally:
            self._store = None
            await self._give_back(store, claim, tell)

    async def _taken(
        self, store: LeaseStore, claim: Claim, patience: float | None, tell: Callable[[str], None]
    ) -> Taken:
        """Ask until it is ours or waiting is of no use."""
        began, told = self._clock.monotonic(), ""
        while True:
            asked = self._clock.monotonic()
            answer = await self._off_the_loop(store, partial(store.take, claim, self._token_seconds()))
            if isinstance(answer, Taken):
                self._deadline = asked + rules.LEASE_SECONDS if store.fenced else inf
                return answer._replace(quiet=0.0) if told else answer  # whom it waited for may have written
            seconds = rules.next_look(answer, self._clock.monotonic() - began, patience)
            if seconds is None:
                raise held_by_another(claim, answer, self._clock.now().timestamp())
            if (why := waiting_for(claim, answer)) != told:
                tell(f"{why}{'' if answer.alive else f'; it may be taken over in {answer.seconds:.0f} s'}")
                told = why
            await self._clock.sleep(seconds)

    def _token_seconds(self) -> float:
        """How long the last of our tokens may still open anything."""
        return max(0.0, self._tokens_end - self._clock.monotonic())

    @asynccontextmanager
    async def _beating(self) -> AsyncIterator[None]:
        """Heartbeats until the context is left; the one under way is let end."""
        enough = asyncio.Event()
        beats = asyncio.create_task(self._keep_beating(enough)) if self.fenced else None
        try:
            yield
        finally:
            enough.set()
            if beats:
                await beats

    async def _keep_beating(self, enough: asyncio.Event) -> None:
        over = asyncio.ensure_future(enough.wait())
        while not self._lost:
            pause = asyncio.ensure_future(self._clock.sleep(rules.BEAT_SECONDS))
            await asyncio.wait((over, pause), return_when=asyncio.FIRST_COMPLETED)
            pause.cancel()
            if enough.is_set():
                return
            try:
                await self._beat()
            except LeaseError:
                return  # the gate is closed: whoever writes next is told

    async def _beat(self) -> None:
        """One heartbeat; raises `LeaseLost`, and the gate stays closed from then on."""
        async with self._turn:
            store, asked = self._store, self._clock.monotonic()
            if self._lost or store is None:
                self.check()
                return
            try:
                await self._off_the_loop(store, partial(store.beat, self._token_seconds()))
            except LeaseLost as lost:
                self._lost = self._taken_away = lost
                raise
            except JournalError as trouble:
                self._lost = LeaseLost(f"no heartbeat gets through: {trouble.message}", remedy=trouble.remedy)
                raise self._lost from None
            self._deadline = asked + rules.LEASE_SECONDS if store.fenced else inf

    async def _give_back(self, store: LeaseStore, claim: Claim, tell: Callable[[str], None]) -> None:
        try:
            await self._off_the_loop(store, store.release)
        except JournalError as trouble:
            tell(
                f"the lease of {claim.org_name} was not given back: {trouble.message}; "
                "the next run takes it over once it has ended"
            )
        finally:
            await self._off_the_loop(store, store.close)

    async def _off_the_loop(self, store: LeaseStore, deed: Callable[[], T]) -> T:
        """What asks a server waits beside everything else, and behind what was asked before.

        So a heartbeat waits for no sink, and what was taken while its run was cancelled is given back.
        """
        return await self._aside.do(deed) if store.fenced else deed()


def _raise(lost: LeaseLost | None) -> None:
    if lost is not None:
        raise LeaseLost(lost.message, remedy=lost.remedy)


def waiting_for(claim: Claim, held: Held) -> str:
    """Why a run waits, for people."""
    how = "is held by" if held.alive else "was left behind by"
    return f"waiting: the lease of {claim.org_name} {how} {rules.described(held.lease)}"


def held_by_another(claim: Claim, held: Held, now: float) -> LeaseHeld:
    """Who holds it, and what to do."""
    when = rules.moment(now + held.seconds)
    if not held.alive:
        return LeaseHeld(
            f"the lease of {claim.org_name} was left behind by {rules.described(held.lease)}",
            remedy=f"it may be taken over from {when} on: run again then, or wait by --wait SECONDS",
        )
    dead = f"; should it die, it may be taken over from {when} on" if held.seconds else ""
    return LeaseHeld(
        f"the lease of {claim.org_name} is held by {rules.described(held.lease)}",
        remedy=f"run again once that run has ended, or wait for it by --wait SECONDS{dead}",
    )
