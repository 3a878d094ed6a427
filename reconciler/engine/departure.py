"""One write on its way: when it leaves, its target is known and the journal has heard of it.

Hundreds may be ready at once, and leave five a second; what is answered late leaves again minutes later. So
what has to be judged and told before a write is judged and told where it leaves, for each of its attempts.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from reconciler.engine import target
from reconciler.engine.context import Context
from reconciler.engine.halt import Halted
from reconciler.engine.words import words
from reconciler.errors import JournalError, ReconcilerError, Unavailable
from reconciler.model.history import Intent
from reconciler.model.plan import Operation
from reconciler.model.value import Json
from reconciler.planning.settle import SECOND_LOOK
from reconciler.ports import Answer

_MOST = 10
"""How often a write is begun whose target is looked at and then held up too long: as often as after a 429."""


class Departure:
    """One write to `path`, until it is answered. `left` is when its last attempt left (monotonic seconds)."""

    def __init__(self, operation: Operation, path: str, body: Json, context: Context) -> None:
        self._operation, self._path, self._body, self._context = operation, path, body, context
        self._began: float | None = None
        self._unheard = self._late = self._over = False
        self.left = 0.0

    @property
    def waited(self) -> float:
        """Seconds since its first attempt left; 0 before that."""
        return 0.0 if self._began is None else self._context.clock.monotonic() - self._began

    @contextmanager
    def recorded(self) -> Iterator[None]:
        """The journal is told how it ended, if it ever left.

        A journal that fails by then halts the run, but does not undo what has happened.
        """
        try:
            yield
        except Halted:
            self._conclude("interrupted before it was sent again")
            raise
        except ReconcilerError as error:
            self._unheard |= isinstance(error, Unavailable) and error.sent
            self._conclude(words(error))
            raise
        self._unheard = False
        self._conclude("")

    async def answer(self) -> Answer:
        """What it is answered, in a turn in which its target is looked at where that is due.

        Raises `StalePlan` when somebody changed the target, `Halted` when it may not leave any more, and
        what the API and the lease raise.
        """
        differs, rounds = "", 0
        while True:
            async with self._context.turn(self._operation):
                differed, differs = differs, await self._difference()
                rounds += not differs
                answer = None if differs else await self._sent(last=rounds == _MOST)
            if answer is not None:
                return answer
            if differs and differed:  # a cache may lag behind: what is seen twice is believed
                raise target.stale(self._operation.address, differs, self._context)
            if differs:
                await self._context.pause(self._operation, SECOND_LOOK)

    async def _difference(self) -> str:
        """What somebody changed, as far as a look is due; "" for nothing."""
        if not self._is_due_a_look():
            return ""
        return await target.look(self._operation, self._context)

    def _is_due_a_look(self) -> bool:
        return target.is_due_a_look(self._operation, self._path, self._context)

    async def _sent(self, *, last: bool) -> Answer | None:
        """The answer; None where its target has to be looked at once more before it leaves."""
        operation, self._late = self._operation, False
        self._context.count(operation.address)
        try:
            return await self._context.api.write(operation.method, self._path, self._body, self._leaves)
        except JournalError as fault:
            raise Halted from fault
        except Unavailable as error:
            if self._over and not error.sent:
                raise Halted from None
            if last or not self._late:
                raise
            if error.sent:
                self._unheard = True
                target.note_sent(operation, self._path, self._body, self._context)
            return None

    def _leaves(self) -> None:
        """Right before each attempt leaves; raises `Unavailable` or `JournalError` where it must not."""
        self._over = self._context.is_over(self._operation)
        self._late = not self._over and self._is_due_a_look()
        if self._over or self._late:
            again = "was not sent again, as the run was interrupted"
            why = again if self._over else "was held up too long after the look at its target"
            raise Unavailable(
                f"{self._operation.method} {self._path} {why}",
                sent=False,
                remedy="run again: it looks first and goes on",
            )
        self._announce()
        self.left = self._context.clock.monotonic()
        self._began = self.left if self._began is None else self._began

    def _announce(self) -> None:
        """What the journal cannot be told does not leave, and nothing new starts."""
        operation, context = self._operation, self._context
        nonce = context.memory.nonces.get(operation.address, "")
        intent = Intent(operation.id, operation.address, operation.method, self._path, nonce)
        try:
            context.journal.intend(context.run_id, intent)
        except JournalError as fault:
            context.halt.on_fault(fault)
            raise

    def _conclude(self, error: str) -> None:
        if self._began is None:
            return
        context = self._context
        with context.halt.guarded():
            context.journal.conclude(context.run_id, self._operation.id, error, heard=not self._unheard)
