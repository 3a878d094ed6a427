"""Scheduling: each operation starts when all it waits for has ended well; what is independent goes on."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog
from structlog.contextvars import bound_contextvars

from reconciler.engine.context import Context, Ended
from reconciler.engine.halt import Halted
from reconciler.engine.perform import perform
from reconciler.engine.tally import outcome
from reconciler.engine.words import failure
from reconciler.errors import LeaseError, ReconcilerError
from reconciler.model.address import Address
from reconciler.model.outcome import Outcome
from reconciler.model.plan import Change, Edge, Operation

_log = structlog.get_logger()
_INTERRUPTED = Ended("skipped", "interrupted", root="interrupted")

Earlier = Sequence[tuple[Edge, "asyncio.Task[Ended]"]]


@dataclass(slots=True)
class Run:
    """One run over a plan's operations. `outcomes` fills as changes come to their end."""

    context: Context
    outcomes: dict[Address, Outcome] = field(default_factory=dict)
    _changes: dict[Address, Change] = field(init=False)
    _open: dict[Address, list[str]] = field(init=False)
    _ends: dict[str, Ended] = field(default_factory=dict)

    def __post_init__(self) -> None:
        plan = self.context.plan
        self._changes = {change.address: change for change in plan.running}
        self._open = defaultdict(list)
        for operation in plan.operations:
            if operation.does != "wait":
                self._open[operation.address].append(operation.id)

    async def all(self) -> None:
        """Carry out every operation; being cancelled means: nothing new, but what is in flight ends."""
        for address in self._changes:
            if not self._open[address]:
                self._close(address)
        tasks: dict[str, asyncio.Task[Ended]] = {}
        for operation in self.context.plan.operations:
            earlier = [(edge, tasks[edge.id]) for edge in operation.after]
            tasks[operation.id] = asyncio.create_task(self._operate(operation, earlier))
        everything = asyncio.gather(*tasks.values())
        try:
            await asyncio.shield(everything)
        except asyncio.CancelledError:
            self.context.halt.now()
            await everything
            raise

    async def _operate(self, operation: Operation, earlier: Earlier) -> Ended:
        address = operation.address
        with bound_contextvars(operation=operation.id, tenant=address.owner, address=str(address)):
            return await self._to_its_end(operation, earlier)

    async def _to_its_end(self, operation: Operation, earlier: Earlier) -> Ended:
        if earlier:
            await asyncio.wait([task for _, task in earlier])
        ended = _hindrance(earlier) or await self._attempt(operation)
        if ended.result == "skipped" and not ended.root:
            ended = _hindrance(earlier, forgiving=False) or ended
        if operation.id in self.context.outline.last_uses:
            self.context.memory.secrets.pop(operation.address, None)
        self._note(operation, ended)
        return ended

    async def _attempt(self, operation: Operation) -> Ended:
        context = self.context
        context.memory.started.setdefault(operation.address, context.clock.monotonic())
        try:
            return await perform(operation, context)
        except Halted:
            return _INTERRUPTED
        except LeaseError as lost:
            context.halt.on_fault(lost)
            return Ended("failed", lost.message, root="the lease was lost")
        except ReconcilerError as error:
            words = failure(operation, error, context.org)
            return Ended("failed", words, root=f"{operation.address} failed")
        except (
            Exception
        ) as fault:  # a bug: nothing new starts, secrets in hand are delivered, then it is raised
            context.halt.on_fault(fault)
            return Ended("failed", f"internal error: {type(fault).__name__}", root="internal error")

    def _note(self, operation: Operation, ended: Ended) -> None:
        """Remember the end of an operation; with the last one of its change, tell the outcome."""
        self._ends[operation.id] = ended
        _log.info("operation ended", does=operation.does, result=ended.result, error=ended.error)
        address = operation.address
        if operation.does != "wait" and all(identity in self._ends for identity in self._open[address]):
            self._close(address)

    def _close(self, address: Address) -> None:
        change, context = self._changes.get(address), self.context
        if change is None:
            return
        ends = [self._ends[identity] for identity in self._open[address]]
        now = context.clock.monotonic()
        seconds = now - context.memory.started.get(address, now)
        self.outcomes[address] = outcome(change, ends, context.memory.requests[address], seconds)
        with context.halt.guarded():
            context.progress.finished(self.outcomes[address])


def _hindrance(earlier: Earlier, *, forgiving: bool = True) -> Ended | None:
    """Why an operation cannot start: the first of what it waits for that did not end well."""
    for edge, task in earlier:
        end = task.result()
        if end.result != "done" and not (forgiving and edge.whatever):
            if end.root == _INTERRUPTED.root:
                return _INTERRUPTED
            return Ended("skipped", f"{end.root} ({edge.reason})", root=end.root)
    return None
