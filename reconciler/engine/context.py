"""What all operations of one apply share: the ports, the plan, and what was learnt on the way."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from reconciler.engine.halt import Halt, Halted
from reconciler.engine.outline import Outline
from reconciler.engine.pairs import Pair
from reconciler.model.address import Address
from reconciler.model.kind import AnyKind, Registry
from reconciler.model.manifest import Org
from reconciler.model.marker import Marker
from reconciler.model.outcome import Result
from reconciler.model.plan import Operation, Plan
from reconciler.model.secret import Held, Secret
from reconciler.model.state import Live, LiveState
from reconciler.model.value import Fields
from reconciler.ports import Clock, Fence, Journal, OrgApi, Progress, SecretSink


class Ended(NamedTuple):
    """How one operation ended. `root` names, in words, the first cause that dependants are told."""

    result: Result
    error: str = ""
    root: str = ""
    note: str = ""


DONE = Ended("done")


class Promise(NamedTuple):
    """What was last written to an object, to be seen there: None fields mean that it is gone."""

    path: str
    fields: Fields | None
    marker: Marker | None = None


class Basis(NamedTuple):
    """What a plan was made of: the organisation as it was read, from `since` on (monotonic seconds)."""

    live: LiveState
    since: float


@dataclass(slots=True)
class Known:
    """What an object was in this run, read or written; `at` is when last (monotonic seconds)."""

    at: float
    states: list[Live]


@dataclass(slots=True)
class Memory:
    """What one apply learns. `secrets` holds a secret from its birth to its last use, nowhere else.

    `issued` says when each was made; `pairs` are those given (True) or taken one by one, as they shall be
    seen in the end; `known` are objects that are there, `moved` those that somebody changed meanwhile;
    `seen` is what their places held before their secrets were made.
    """

    ids: dict[Address, str]
    born: set[Address] = field(default_factory=set)
    secrets: dict[Address, Secret] = field(default_factory=dict, repr=False)
    issued: dict[Address, datetime] = field(default_factory=dict)
    nonces: dict[Address, str] = field(default_factory=dict)
    promises: dict[Address, Promise] = field(default_factory=dict)
    pairs: dict[Address, dict[Pair, bool]] = field(default_factory=dict)
    requests: Counter[Address] = field(default_factory=Counter)
    started: dict[Address, float] = field(default_factory=dict)
    known: dict[Address, Known] = field(default_factory=dict)
    moved: set[Address] = field(default_factory=set)
    seen: dict[Address, Held | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Context:
    """One apply. `hosts` are the API's and the login's, without a scheme; `nonces` makes a fresh nonce.

    Without a `fence` nobody is asked whether another run may be at work.
    """

    plan: Plan
    outline: Outline
    api: OrgApi
    sinks: Mapping[str, SecretSink]
    registry: Registry
    clock: Clock
    journal: Journal
    progress: Progress
    org: Org
    nonces: Callable[[], str]
    run_id: str
    hosts: tuple[str, str]
    halt: Halt
    slots: asyncio.Semaphore
    memory: Memory
    fence: Fence | None = None

    def kind_of(self, address: Address) -> AnyKind | None:
        """The kind of an address; None for addresses without an object of their own."""
        return self.registry[address.kind] if address.kind in self.registry.names else None

    def is_over(self, operation: Operation) -> bool:
        """Whether this operation must not go on: a secret in hand is delivered all the same."""
        return self.halt.is_set and not self._in_hand(operation)

    def check(self, operation: Operation) -> None:
        """Raises `Halted` when this operation must not go on."""
        if self.is_over(operation):
            raise Halted

    def _in_hand(self, operation: Operation) -> bool:
        return operation.address in self.memory.secrets and operation.id in self.outline.until_delivery

    async def pause(self, operation: Operation, seconds: float) -> None:
        """Let time pass; a halt ends it, unless a secret in hand depends on what follows."""
        if self._in_hand(operation):
            await self.clock.sleep(seconds)
        else:
            await self.halt.pause(self.clock, seconds)

    def require_ours(self) -> None:
        """Raises `LeaseError` where what is put somewhere now may lie over what another run put there."""
        if self.fence is not None:
            self.fence.require_ours()

    @asynccontextmanager
    async def turn(self, operation: Operation) -> AsyncIterator[None]:
        """A slot for what `operation` has to ask of anybody; raises `Halted` when it may not any more."""
        async with self.slots:
            self.check(operation)
            yield

    @asynccontextmanager
    async def asking(self, address: Address) -> AsyncIterator[None]:
        """A slot for one look at `address`."""
        async with self.slots:
            self.count(address)
            yield

    def count(self, address: Address) -> None:
        """One request more is about `address`."""
        self.memory.requests[address] += 1
