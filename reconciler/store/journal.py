"""The journal in a database: each call is one transaction, on the disk when it returns."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from datetime import datetime
from itertools import count

from sqlalchemy import insert, update

from reconciler.errors import JournalError
from reconciler.model.address import Address
from reconciler.model.history import Intent, Run
from reconciler.store import clocks, files, opening
from reconciler.store.place import File, Server
from reconciler.store.tables import OPERATIONS, REPAIRS, RUNS
from reconciler.store.text import storable
from reconciler.store.trouble import Damaged, told


class SqlJournal:
    """Implements `ports.RunJournal` for one run.

    `tell` is told when a damaged file was set aside, which happens before the first intent or never.
    """

    def __init__(
        self, place: File | Server, now: Callable[[], datetime], tell: Callable[[str], None]
    ) -> None:
        self._place, self._now, self._tell = place, now, tell
        self._numbers = count(1)
        try:
            self._engine = opening.open_to_write(place)
        except Damaged as damage:
            self._mend(damage, lambda: None)

    def begin(self, run: Run) -> None:
        """Write the run record; raises `JournalError`."""
        try:
            self._begin(run)
        except Damaged as damage:
            self._engine.dispose()
            self._mend(damage, lambda: self._begin(run))

    def _begin(self, run: Run) -> None:
        with told(self._place), self._engine.begin() as connection:
            connection.execute(
                insert(RUNS).values(
                    id=run.id,
                    org_name=run.org_name,
                    organization_id=run.organization_id,
                    command=run.command,
                    tool=run.tool,
                    actor=storable(run.actor),
                    started=run.started,
                    **_ending(run),
                )
            )

    def intend(self, run: str, intent: Intent) -> None:
        """Write an intent, or that it leaves once more; raises `JournalError`."""
        table = OPERATIONS.c
        left = {"intended": clocks.present(self._place, self._now), "concluded": "", "error": ""}
        with told(self._place), self._engine.begin() as connection:
            again = update(OPERATIONS).where(table.run == run, table.operation == intent.operation)
            if not connection.execute(again.values(**left)).rowcount:
                connection.execute(
                    insert(OPERATIONS).values(**_row(run, next(self._numbers), intent), **left)
                )

    def conclude(self, run: str, operation: str, error: str, *, heard: bool = True) -> None:
        """Write what was heard; raises `JournalError`."""
        table = OPERATIONS.c
        concluded = clocks.present(self._place, self._now) if heard else ""
        with told(self._place), self._engine.begin() as connection:
            connection.execute(
                update(OPERATIONS)
                .where(table.run == run, table.operation == operation)
                .values(concluded=concluded, error=storable(error))
            )

    def repaired(self, run: str, addresses: Collection[Address]) -> None:
        """Write down what was put right; raises `JournalError`."""
        rows = [{"run": run, "address": str(address)} for address in addresses]
        with told(self._place), self._engine.begin() as connection:
            connection.execute(insert(REPAIRS), rows)

    def end(self, run: Run) -> None:
        """Write how the run ended; raises `JournalError`."""
        with told(self._place), self._engine.begin() as connection:
            connection.execute(update(RUNS).where(RUNS.c.id == run.id).values(**_ending(run)))

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def _mend(self, damage: Damaged, deed: Callable[[], None]) -> None:
        """The deed on a new file beside the old one; on that of another run where one did so just now."""
        if not isinstance(self._place, File):
            raise damage
        with files.alone(self._place.itself):
            try:
                self._reopen(deed)
            except Damaged:
                aside = files.set_aside(self._place.itself, self._now())
                self._tell(
                    f"the journal {self._place.shown} was damaged: it is now {aside}, and a new one has begun"
                )
                self._reopen(deed)

    def _reopen(self, deed: Callable[[], None]) -> None:
        self._engine = opening.open_to_write(self._place)
        try:
            deed()
        except JournalError:
            self._engine.dispose()
            raise


def _row(run: str, number: int, intent: Intent) -> dict[str, str | int]:
    return {
        "run": run,
        "operation": intent.operation,
        "number": number,
        "address": str(intent.address),
        "method": intent.method,
        "path": storable(intent.path),
        "nonce": intent.nonce,
    }


def _ending(run: Run) -> dict[str, str | int | None]:
    return {
        "digest": run.digest,
        "ended": run.ended,
        "code": run.code,
        "summary": json.dumps(dict(run.summary)),
        "error": storable(run.error),
    }
