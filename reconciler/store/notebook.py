"""What a run has told its journal, kept until it ends: for records that go elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from reconciler.model.address import Address
from reconciler.model.history import Intent, Run, Step, moment
from reconciler.ports import RunJournal


class Notebook:
    """Implements `ports.RunJournal`: tells another journal first, and remembers what that one took."""

    def __init__(self, journal: RunJournal, now: Callable[[], datetime]) -> None:
        self._journal, self._now = journal, now
        self._steps: dict[str, Step] = {}

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every intent so far, in order."""
        return tuple(self._steps.values())

    def begin(self, run: Run) -> None:
        """Passed on."""
        self._journal.begin(run)

    def intend(self, run: str, intent: Intent) -> None:
        """Passed on, and remembered."""
        self._journal.intend(run, intent)
        self._steps[intent.operation] = Step(intent, moment(self._now()))

    def conclude(self, run: str, operation: str, error: str, *, heard: bool = True) -> None:
        """Remembered, and passed on: what was answered is known whatever the journal does."""
        told = self._steps[operation]._replace(concluded=moment(self._now()) if heard else "", error=error)
        self._steps[operation] = told
        self._journal.conclude(run, operation, error, heard=heard)

    def repaired(self, run: str, addresses: Collection[Address]) -> None:
        """Passed on."""
        self._journal.repaired(run, addresses)

    def end(self, run: Run) -> None:
        """Passed on."""
        self._journal.end(run)

    def close(self) -> None:
        """Passed on."""
        self._journal.close()
